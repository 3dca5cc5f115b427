import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { hashBytes } from '#core/base/hash'
import { below } from '#core/base/random'
import { resolveConfig } from '#core/env/config'
import type { Env } from '#core/env/env'
import { play } from '#core/play/play'
import { Conversation, type Policy } from '#core/play/policy'
import { readRecord, writeLine } from '#core/record/jsonl'
import type { RecordEvent, StepEvent } from '#core/record/record'
import { Replay } from '#core/record/replay'
import { verifyEvents, verifyRecord } from '#core/record/verify'
import { toy } from '../../toy.ts'

const env: Env = toy
const envs = [env]

const walker: Policy = {
  id: 'walker',
  act: async (requests) =>
    requests.map(({ random, limit }) => ({
      valid: below(random, 4) > 0,
      actions: Array.from({ length: limit }, () => below(random, 3)),
      text: 'because',
      thought: 'well',
      value: 0.5,
    })),
}

async function record(count: number, config: Record<string, unknown>, talk = {}): Promise<RecordEvent[]> {
  const events: RecordEvent[] = []
  const resolved = resolveConfig(env, config)
  const policies = Array.from({ length: env.seats(resolved) }, () => walker)
  const conversation = Conversation.parse({ actionsPerTurn: 3, maxTurns: 30, ...talk })
  const matches = Array.from({ length: count }, (_, i) => ({
    episode: `e${i}`,
    env,
    config: resolved,
    seed: `${i}`,
    policies,
    conversation,
  }))
  await play(matches, { onEvent: (event) => events.push(event) })
  return events
}

const text = (events: readonly RecordEvent[]) => events.map(writeLine).join('')
const icy = { preset: 'pair', slip: 0.4, maxSteps: 60 }
let events: RecordEvent[] = []
let many: RecordEvent[] = []
beforeAll(async () => {
  events = await record(1, icy)
  many = await record(5, icy, { modality: 'both' })
})

const stepAt = (list: readonly RecordEvent[], t: number) =>
  list.findIndex((event) => event.type === 'step' && event.t === t)
/** The same events with the step number `t` changed. */
function alter(t: number, change: (step: StepEvent) => Partial<StepEvent>): RecordEvent[] {
  const at = stepAt(events, t)
  return events.map((event, i) =>
    i === at ? ({ ...event, ...change(event as StepEvent) } as RecordEvent) : event,
  )
}

describe('a true record', () => {
  test('is verified, interleaved episodes and all', () => {
    const { episodes, bad, torn } = verifyRecord(text(many), envs)
    expect([bad, torn]).toEqual([[], false])
    expect(episodes.map(({ episode, status, complete }) => [episode, status, complete])).toEqual(
      many.flatMap((event) => (event.type === 'start' ? [[event.episode, 'agrees', true]] : [])),
    )
    const steps = many.filter((event) => event.type === 'step').length
    expect(episodes.reduce((sum, episode) => sum + episode.steps, 0)).toBe(steps)
    expect(episodes[0].unchecked).toEqual(['responses', 'thoughts', 'values', 'agents'])
  })

  test('in every mode', async () => {
    for (const talk of [{ mode: 'global' }, { macro: 'run' }, { actionsPerTurn: 1, modality: 'frame' }]) {
      const { episodes } = verifyRecord(text(await record(4, icy, talk)), envs)
      expect(episodes.map((episode) => episode.difference)).toEqual([
        undefined,
        undefined,
        undefined,
        undefined,
      ])
    }
  })

  test('without turns, as a hand writes it, is verified by its steps', () => {
    const bare = events.filter((event) => event.type !== 'turn')
    expect(verifyEvents(bare, envs)).toMatchObject({ status: 'agrees', complete: true })
  })

  test('that was cut off agrees as far as it goes', () => {
    const cut = text(events).slice(0, -20)
    const { episodes, torn } = verifyRecord(cut, envs)
    expect(torn).toBe(true)
    expect(episodes[0]).toMatchObject({ status: 'agrees', complete: false })
    expect(episodes[0].steps).toBe(events.filter((event) => event.type === 'step').length)
  })

  test('keeps fields it does not know', () => {
    const line = JSON.stringify({ ...events[0], colour: 'red' })
    expect(readRecord(line).events[0].event).toHaveProperty('colour', 'red')
  })
})

describe('an altered record is refused at the step that was altered', () => {
  const runs = { numRuns: 40 }
  const last = () => events.filter((event) => event.type === 'step').length
  const anyStep = () => fc.integer({ min: 1, max: last() })
  const refused = (list: readonly RecordEvent[], t: number, what?: string) => {
    const { status, difference } = verifyEvents(list, envs)
    expect(status).toBe('differs')
    expect(difference?.t).toBe(t)
    if (what) expect(difference?.what).toBe(what)
    expect(difference?.line).toBe(stepAt(list, t) + 1)
  }

  test('action', () => {
    fc.assert(
      fc.property(anyStep(), fc.nat(1), fc.integer({ min: 1, max: 2 }), (t, seat, by) => {
        refused(
          alter(t, ({ actions }) => ({ actions: actions.map((a, i) => (i === seat ? (a + by) % 3 : a)) })),
          t,
          'actions',
        )
      }),
      runs,
    )
  })
  test('reward', () => {
    fc.assert(
      fc.property(anyStep(), fc.nat(1), (t, seat) => {
        refused(
          alter(t, ({ rewards }) => ({ rewards: rewards.map((r, i) => (i === seat ? r + 0.1 : r)) })),
          t,
          'rewards',
        )
      }),
      runs,
    )
  })
  test('term', () => {
    fc.assert(
      fc.property(anyStep(), (t) =>
        refused(
          alter(t, ({ terms }) => ({ terms: [{}, terms[1]] })),
          t,
          'terms',
        ),
      ),
      runs,
    )
  })
  test('hash', () => {
    fc.assert(
      fc.property(anyStep(), fc.nat(15), (t, digit) => {
        const other = (hash: string) =>
          hash.slice(0, digit) + (hash[digit] === '0' ? '1' : '0') + hash.slice(digit + 1)
        refused(
          alter(t, ({ hash }) => ({ hash: other(hash) })),
          t,
          'hash',
        )
      }),
      runs,
    )
  })
  test('flag', () => {
    refused(
      alter(3, () => ({ truncated: true })),
      3,
      'truncated',
    )
  })
  test('any byte of a step', () => {
    const lines = text(events).split('\n')
    fc.assert(
      fc.property(anyStep(), fc.nat(), fc.integer({ min: 32, max: 126 }), (t, place, code) => {
        const at = stepAt(events, t)
        const line = lines[at]
        const i = place % line.length
        const other = line.slice(0, i) + String.fromCharCode(code) + line.slice(i + 1)
        fc.pre(other !== line)
        const { episodes } = verifyRecord(lines.with(at, other).join('\n'), envs)
        expect(episodes[0]).toMatchObject({ status: 'differs', difference: { t } })
      }),
      { numRuns: 120 },
    )
  })
  test('missing, doubled and late steps', () => {
    const at = stepAt(events, 4)
    const without = events.filter((_, i) => i !== at)
    expect(verifyEvents(without, envs).difference).toMatchObject({
      t: 4,
      what: 't',
      recorded: 5,
      simulated: 4,
    })
    const twice = events.flatMap((event, i) => (i === at ? [event, event] : [event]))
    expect(verifyEvents(twice, envs).difference).toMatchObject({ t: 5, what: 't', recorded: 4 })
    const after = [...events, events[at]]
    expect(verifyEvents(after, envs).difference).toMatchObject({ what: 'type', line: after.length })
  })
  test('observation, seed, config, end', () => {
    const edit = (type: RecordEvent['type'], change: object) => {
      const at = events.findIndex((event) => event.type === type)
      const list = events.map((event, i) => (i === at ? ({ ...event, ...change } as RecordEvent) : event))
      return verifyEvents(list, envs).difference
    }
    const hash = hashBytes(new Uint8Array(1))
    expect(edit('turn', { observation: { modality: 'text', hash } })).toMatchObject({
      t: 0,
      what: 'observation',
    })
    expect(edit('start', { seed: 'other' })).toMatchObject({ t: 0, what: 'hash' })
    expect(edit('start', { config: { cells: 99 } })).toMatchObject({ t: 0, what: 'config' })
    expect(edit('end', { outcome: 'bliss' })).toMatchObject({
      what: 'outcome',
      simulated: expect.any(String),
    })
    expect(edit('end', { return: [9, 9] })).toMatchObject({ what: 'return' })
    expect(edit('end', { score: [1, 2] })).toMatchObject({ what: 'score' })
  })
})

describe('reading', () => {
  test('a corrupt line costs that line and is named', () => {
    const lines = text(events).split('\n')
    lines[2] = '{"type":"step"'
    lines[4] = '{"type":"dance"}'
    const { bad, events: kept } = readRecord(lines.join('\n'))
    expect(bad).toEqual([
      { line: 3, problem: 'is not JSON' },
      { line: 5, problem: expect.stringContaining('type') },
    ])
    expect(kept).toHaveLength(events.length - 2)
    expect(kept[2].line).toBe(4)
  })
  test('an unknown format is refused', () => {
    expect(() => readRecord(JSON.stringify({ ...events[0], format: 2 }))).toThrow('format 2 is unknown')
  })
  test('a whole last line without its end counts', () => {
    expect(readRecord(text(events).trimEnd())).toEqual(readRecord(text(events)))
  })
  test('any byte cut off the end costs at most a line', () => {
    const whole = text(events)
    fc.assert(
      fc.property(fc.nat(whole.length), (length) => {
        const { events: kept, bad } = readRecord(whole.slice(0, length))
        expect(bad).toEqual([])
        expect(kept.map(({ event }) => event)).toEqual(events.slice(0, kept.length))
      }),
    )
  })
})

test('another version is listed with what it needs, not simulated', () => {
  const newer = [{ ...env, version: 2 }]
  expect(verifyEvents(events, newer)).toMatchObject({
    status: 'other version',
    steps: 0,
    needs: { env: 'beacon', version: 1 },
  })
  expect(verifyEvents(events, []).status).toBe('other version')
})

test('another look leaves observations unchecked', () => {
  const { status, unchecked } = verifyEvents(events, [{ ...env, look: 2 }])
  expect(status).toBe('agrees')
  expect(unchecked).toContain('observations')
})

describe('a replay', () => {
  test('gives the state after any step, in any order', () => {
    const replay = new Replay(envs, { every: 7 })
    const hashes: string[] = []
    for (const event of events) {
      replay.push(event)
      if (event.type === 'start' || event.type === 'step') hashes.push(event.hash)
    }
    fc.assert(
      fc.property(fc.array(fc.nat(hashes.length - 1), { minLength: 5 }), (order) => {
        for (const t of order) expect(hashBytes(env.save(replay.stateAt(t)))).toBe(hashes[t])
      }),
    )
    expect(() => replay.stateAt(hashes.length)).toThrow('there is no state after step')
  })
  test('agrees at each step while it is live', () => {
    const replay = new Replay(envs)
    expect(events.every((event) => replay.push(event))).toBe(true)
    expect(replay.state?.t).toBe(replay.steps.length)
    expect(replay.end?.outcome).toBeDefined()
  })
  test('keeps the first difference', () => {
    const replay = new Replay(envs)
    for (const event of alter(5, () => ({ rewards: [7, 7] }))) replay.push(event)
    expect(replay.status).toBe('differs')
    expect(replay.difference).toMatchObject({ t: 5, what: 'rewards', recorded: [7, 7] })
    expect(replay.steps.length).toBe(events.filter((event) => event.type === 'step').length)
  })
})
