import { describe, expect, test } from 'vitest'
import { below } from '#core/base/random'
import { resolveConfig } from '#core/env/config'
import type { Env } from '#core/env/env'
import { type Match, play } from '#core/play/play'
import { Conversation, type Policy, type Request, type Response } from '#core/play/policy'
import { RecordEvent } from '#core/record/record'
import { toy } from '../../toy.ts'

const env: Env = toy

function policy(
  id: string,
  decide: (request: Request) => Partial<Response>,
): Policy & { batches: Request[][] } {
  const batches: Request[][] = []
  return {
    id,
    batches,
    act: async (requests) => {
      batches.push([...requests])
      return requests.map((request) => ({ valid: true, actions: [], ...decide(request) }))
    },
  }
}

const walk = () => policy('walk', ({ random }) => ({ actions: [below(random, 3)] }))

function match(
  policies: readonly Policy[],
  more: Partial<Match> & { config?: object; talk?: object } = {},
): Match {
  const { config = {}, talk = {}, ...rest } = more
  return {
    episode: 'e',
    env,
    seed: '1',
    policies,
    ...rest,
    config: resolveConfig(env, { ...config }),
    conversation: Conversation.parse(talk),
  }
}

const level = (beacon: number, ...starts: number[]) => ({ level: { beacon, starts }, walkers: starts.length })

describe('online', () => {
  test('asks, plays, rewards and tells the next request what happened', async () => {
    const east = policy('east', () => ({ actions: [2], text: 'go east' }))
    const [episode] = await play([match([east], { config: level(3, 0) })])
    expect(episode).toMatchObject({ steps: 3, terminated: true, truncated: false })
    expect(episode.outcome).toEqual({ name: 'arrived', success: true })
    expect(episode.return[0]).toBeCloseTo(0.7)
    expect(episode.turns[0].map((turn) => turn.rewards)).toEqual([[-0.1], [-0.1], [0.9]])
    expect(episode.turns[0][2].terms).toEqual({ step: -0.1, arrive: 1 })
    const third = episode.turns[0][2].request
    expect(third.history.map(({ response, actions, feedback }) => [response, actions, feedback])).toEqual([
      ['go east', ['East'], 'Played East. Reward -0.1.'],
      ['go east', ['East'], 'Played East. Reward -0.1.'],
    ])
    expect(third.state.t).toBe(2)
    expect(third.observation.text).toBe('ice ice me beacon ice ice ice')
    expect(episode.turns[0][0].request.history).toEqual([])
  })

  test('plays at most actionsPerTurn of an answer', async () => {
    const east = policy('east', () => ({ actions: [2, 2, 2, 2, 2] }))
    const [episode] = await play([match([east], { config: level(5, 0), talk: { actionsPerTurn: 2 } })])
    expect(episode.turns[0].map((turn) => turn.rewards.length)).toEqual([2, 2, 1])
    expect(east.batches[0][0].limit).toBe(2)
  })

  test('an answer that cannot be read costs the turn and plays nothing', async () => {
    let calls = 0
    const slow = policy('slow', () =>
      calls++ === 0 ? { valid: false, reason: 'no tags' } : { actions: [2] },
    )
    const [episode] = await play([match([slow], { config: level(1, 0) })])
    expect(episode.steps).toBe(1)
    expect(episode.turns[0].map((turn) => turn.rewards.length)).toEqual([0, 1])
    expect(episode.turns[0][1].request.history[0].feedback).toBe('no tags')
  })

  test('is truncated when the turns are used up', async () => {
    const mute = policy('mute', () => ({ valid: false }))
    const [episode] = await play([match([mute], { talk: { maxTurns: 4 } })])
    expect(episode).toMatchObject({ steps: 0, terminated: false, truncated: true })
    expect(episode.turns[0]).toHaveLength(4)
    expect(episode.turns[0][1].request.history[0].feedback).toMatch(/could not be read/)
  })

  test('is truncated by the environment at its own limit', async () => {
    const stay = policy('stay', () => ({ actions: [0] }))
    const [episode] = await play([match([stay], { config: { ...level(1, 0), maxSteps: 3 } })])
    expect(episode).toMatchObject({ steps: 3, truncated: true })
    expect(episode.final.truncated).toBe(true)
  })
})

test('global: one answer, and the episode ends with it', async () => {
  const plan = policy('plan', () => ({ actions: [2, 2, 1, 2, 2, 2] }))
  const talk = { mode: 'global', maxTurns: 5 }
  const [episode] = await play([match([plan], { config: level(6, 0), talk })])
  expect(plan.batches).toHaveLength(1)
  expect(plan.batches[0][0].limit).toBe(5)
  expect(episode).toMatchObject({ steps: 5, terminated: false, truncated: true })
})

describe('several seats', () => {
  const pair = { ...level(4, 0, 6), cells: 9 }

  test('a seat without an answer idles for one step of the other and is asked again', async () => {
    let calls = 0
    const east = policy('east', () => ({ actions: [2, 2, 2] }))
    const answers = [{ valid: false }, { actions: [1, 1] }, { actions: [] }]
    const west = policy('west', () => answers[calls++])
    const events: RecordEvent[] = []
    const talk = { actionsPerTurn: 3 }
    const onEvent = (event: RecordEvent) => events.push(event)
    const [episode] = await play([match([east, west], { config: pair, talk })], { onEvent })
    const played = events.flatMap((event) => (event.type === 'step' ? [event.actions] : []))
    expect(played).toEqual([
      [2, 0],
      [2, 1],
      [2, 1],
      [2, 0],
    ])
    expect(episode.terminated).toBe(true)
    expect(episode.turns.map((turns) => turns.map((turn) => turn.rewards.length))).toEqual([
      [3, 1],
      [1, 2, 1],
    ])
  })

  test('one policy on both seats gets both requests in one batch', async () => {
    const both = policy('both', ({ seat }) => ({ actions: [seat === 0 ? 2 : 1] }))
    await play([match([both, both], { config: pair })])
    expect(both.batches[0].map((request) => request.seat)).toEqual([0, 1])
  })

  test('a global plan that is shorter than the other idles', async () => {
    const east = policy('east', () => ({ actions: [2, 2, 2, 2] }))
    const west = policy('west', () => ({ actions: [1] }))
    const [episode] = await play([match([east, west], { config: pair, talk: { mode: 'global' } })])
    expect(episode).toMatchObject({ steps: 4, truncated: true })
  })
})

test('a macro makes one decision many steps', async () => {
  const east = policy('east', () => ({ actions: [2] }))
  const [episode] = await play([match([east], { config: level(5, 0), talk: { macro: 'run' } })])
  expect(episode.turns[0].map((turn) => turn.rewards.length)).toEqual([5])
  await expect(play([match([east], { talk: { macro: 'rum' } })])).rejects.toThrow("did you mean 'run'")
})

describe('many episodes', () => {
  const matches = (agent: Policy) =>
    Array.from({ length: 7 }, (_, i) =>
      match([agent, agent], {
        episode: `e${i}`,
        seed: `s/${i}`,
        config: { preset: 'pair', slip: 0.3 },
        talk: { maxTurns: 25, modality: 'both' },
      }),
    )
  const record = async (concurrency?: number, only?: number) => {
    const byEpisode: Record<string, RecordEvent[]> = {}
    const all = matches(walk())
    await play(only === undefined ? all : [all[only]], {
      concurrency,
      onEvent: (event) => {
        byEpisode[event.episode] ??= []
        byEpisode[event.episode].push(event)
      },
    })
    return byEpisode
  }

  test('neither concurrency nor company changes an episode', async () => {
    const together = await record()
    expect(await record(1)).toEqual(together)
    expect(await record(3)).toEqual(together)
    expect((await record(undefined, 4)).e4).toEqual(together.e4)
  })

  test('events keep their order, match their schema and survive JSON', async () => {
    for (const events of Object.values(await record())) {
      expect(events[0].type).toBe('start')
      expect(events.at(-1)?.type).toBe('end')
      expect(events.map((event) => RecordEvent.parse(JSON.parse(JSON.stringify(event))))).toEqual(events)
      const steps = events.filter((event) => event.type === 'step')
      expect(steps.map((event) => event.t)).toEqual(steps.map((_, i) => i + 1))
    }
  })

  test('each policy answers one batch a round, in the order of the matches', async () => {
    const agent = walk()
    await play(matches(agent))
    const names = agent.batches[0].map((request) => `${request.episode}:${request.seat}`)
    expect(names).toEqual(Array.from({ length: 14 }, (_, i) => `e${i >> 1}:${i & 1}`))
  })
})

describe('refuses', () => {
  test('a number of policies that is not the number of seats', async () => {
    await expect(play([match([walk(), walk()])])).rejects.toThrow('has 1 seats here, but 2')
  })
  test('an action that does not exist', async () => {
    const wild = policy('wild', () => ({ actions: [3] }))
    await expect(play([match([wild])])).rejects.toThrow('wild answered action 3')
  })
  test('to go on after an abort', async () => {
    const stop = new AbortController()
    const last = policy('last', () => {
      stop.abort()
      return { actions: [0] }
    })
    await expect(play([match([last])], { signal: stop.signal })).rejects.toThrow('abort')
    expect(last.batches).toHaveLength(1)
  })
})
