import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { RecordEvent } from '#core/record/record'
import { FollowedRun, type RunListener } from '#server/folder'
import { FileStore } from '#stores/files'
import { end, episode, runsFolder, start, step, turn, Writer } from './writer.ts'

let runs: string
beforeEach(() => {
  runs = runsFolder()
})
afterEach(() => rmSync(runs, { recursive: true }))

const { signal } = new AbortController()

/** A folder and what it told, per episode; a batch that begins at 0 begins the episode again. */
function folder(writer: Writer): { run: FollowedRun; told: Map<string, RecordEvent[]> } {
  const told = new Map<string, RecordEvent[]>()
  const listener: RunListener = {
    run() {},
    metrics() {},
    events(entry, seq, events) {
      const known = seq === 0 ? [] : (told.get(entry.episode) ?? [])
      expect(seq).toBe(known.length)
      told.set(entry.episode, [...known, ...events])
    },
  }
  return { run: new FollowedRun(writer.id, new FileStore(path.dirname(writer.folder)), listener), told }
}

const whole = { seed: 'ß/€/😀', agents: ['mini:größe'] }

/** Lines of some episodes in one order of interleaving. */
function interleave(episodes: readonly RecordEvent[][], order: readonly number[]): RecordEvent[] {
  const queues = episodes.map((events) => [...events])
  const lines: RecordEvent[] = []
  for (const pick of order) {
    const event = queues[pick % queues.length].shift()
    if (event) lines.push(event)
  }
  return [...lines, ...queues.flat()]
}

test('however a segment is written and read, the same episodes come out', async () => {
  let n = 0
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat(4), { minLength: 1, maxLength: 5 }),
      fc.array(fc.nat(9), { maxLength: 40 }),
      fc.array(fc.nat(), { maxLength: 12 }),
      fc.constantFrom('é', 'plain'),
      async (lengths, order, cuts, name) => {
        const writer = new Writer(runs, `r${n++}`)
        const episodes = lengths.map((turns, i) => episode(`${name}/${i}`, turns, whole))
        const events = interleave(episodes, order)
        const bytes = Buffer.from(events.map((event) => `${JSON.stringify(event)}\n`).join(''))
        const { run, told } = folder(writer)
        await run.poll(signal)
        const places = cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b)
        for (const [i, place] of [...places, bytes.length].entries()) {
          writer.raw('0.jsonl', bytes.subarray(i === 0 ? 0 : places[i - 1], place))
          await run.poll(signal)
        }
        expect([...told.values()]).toEqual(expect.arrayContaining(episodes))
        const later = folder(writer)
        await later.run.poll(signal)
        for (const [id, entry] of later.run.index.entries) {
          expect(entry.summary).toEqual(run.index.entries.get(id)?.summary)
          expect(entry.spans).toEqual(run.index.entries.get(id)?.spans)
          expect(await later.run.events(entry)).toEqual(told.get(id))
        }
        expect(later.run.index.entries.size).toBe(episodes.length)
      },
    ),
    { numRuns: 40 },
  )
})

test('episodes that are still played are counted the same by a reader that comes later', async () => {
  const writer = new Writer(runs, 'a')
  const { run } = folder(writer)
  await run.poll(signal)
  const two = { ...step('x', 1), actions: [1, 2], rewards: [-0.1, 1.5e-7], terms: [{}, {}] }
  writer.events(
    '0.jsonl',
    start('x', { agents: ['a', 'b'] }),
    turn('x', 0),
    two,
    { ...two, t: 2 },
    turn('x', 1),
  )
  await run.poll(signal)
  const later = folder(writer)
  await later.run.poll(signal)
  const { summary } = later.run.index.entries.get('x')!
  expect(summary).toMatchObject({ turns: 2, steps: 2, seq: 5, return: [-0.2, 3e-7] })
  expect(summary).toEqual(run.index.entries.get('x')?.summary)
})

test('a line that cannot be read ends its episode and no other', async () => {
  const writer = new Writer(runs, 'a')
  writer.events('0.jsonl', start('x'), start('y'), turn('x', 0), turn('y', 0))
  writer.raw('0.jsonl', '{"type":"step","episode":"x","t":1,"actions":[1],"rewards":[-0.5],"te\n')
  writer.events('0.jsonl', step('y', 1), turn('x', 1), end('x', 1, 0), end('y', 1, -0.5))
  const { run } = folder(writer)
  await run.poll(signal)
  const read = async (id: string) => {
    const entry = run.index.entries.get(id)
    if (!entry) throw new Error(id)
    const events = await run.events(entry)
    expect(entry.summary.seq).toBe(events.length)
    return events.map(({ type }) => type)
  }
  expect(await read('x')).toEqual(['start', 'turn'])
  expect(await read('y')).toEqual(['start', 'turn', 'step', 'end'])
})

test('a resumed learner that cuts its files is followed from there', async () => {
  const writer = new Writer(runs, 'a')
  const { run, told } = folder(writer)
  writer.events('0.jsonl', ...episode('x', 2))
  writer.events('1.jsonl', start('y'), turn('y', 0))
  writer.metrics({ update: 0, stage: 'fre' }, { update: 1, stage: 'fre' })
  await run.poll(signal)
  rmSync(path.join(writer.folder, 'episodes', '1.jsonl'))
  writeFileSync(path.join(writer.folder, 'metrics.jsonl'), `${JSON.stringify({ update: 0, stage: 'fre' })}\n`)
  await run.poll(signal)
  expect([...run.index.entries.keys()]).toEqual(['x'])
  expect(run.summary()).toMatchObject({ episodes: 1, rows: 1 })
  writer.events('1.jsonl', ...episode('y', 1))
  await run.poll(signal)
  expect(told.get('y')).toEqual(episode('y', 1))
  writeFileSync(path.join(writer.folder, 'episodes', '0.jsonl'), '')
  await run.poll(signal)
  await run.poll(signal)
  expect([...run.index.entries.keys()]).toEqual(['y'])
})

test('a line longer than a reading is read whole', async () => {
  const writer = new Writer(runs, 'a')
  const long = turn('x', 0, { response: 'word '.repeat(600_000) })
  writer.events('0.jsonl', start('x'), long, step('x', 1))
  const { run } = folder(writer)
  await run.poll(signal)
  const entry = run.index.entries.get('x')
  expect(entry && (await run.events(entry))).toEqual([start('x'), long, step('x', 1)])
})

test('a folder without a run.json that can be read is no run yet', async () => {
  const at = path.join(runs, 'b', 'episodes')
  mkdirSync(at, { recursive: true })
  appendFileSync(path.join(runs, 'b', 'run.json'), '{"format":1,')
  const writer = { id: 'b', folder: path.join(runs, 'b') } as Writer
  const { run } = folder(writer)
  await run.poll(signal)
  expect(run.info).toBeNull()
  expect(() => run.summary()).toThrow('has no run.json')
  new Writer(runs, 'b').events('0.jsonl', ...episode('x', 1))
  await run.poll(signal)
  expect(run.summary()).toMatchObject({ id: 'b', episodes: 1 })
})
