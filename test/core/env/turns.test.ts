import { describe, expect, test } from 'vitest'
import { scoredTurns } from '#agent/rewards/registry'
import { parseActions } from '#core/env/actions'
import { resolveConfig } from '#core/env/config'
import type { Env } from '#core/env/env'
import { Lanes } from '#core/env/lanes'
import { play } from '#core/play/play'
import { Conversation, type Policy } from '#core/play/policy'
import { writeLine } from '#core/record/jsonl'
import type { RecordEvent } from '#core/record/record'
import { Replay } from '#core/record/replay'
import { verifyEvents, verifyRecord } from '#core/record/verify'
import { four } from '../../games/four.ts'

const env = four as Env
const config = resolveConfig(env, {})

/** Plays columns in order, one a turn, and notes when it is asked. */
function columns(id: string, moves: readonly number[], asked: string[] = []): Policy {
  return {
    id,
    act: async (requests) =>
      requests.map(({ state, seat, turn }) => {
        asked.push(`${seat}@${state.t}`)
        return { valid: moves[turn] >= 0, actions: moves[turn] >= 0 ? [moves[turn]] : [] }
      }),
  }
}

async function playFour(first: Policy, second: Policy, talk: object = {}) {
  const events: RecordEvent[] = []
  const match = { episode: 'e', env, config, seed: '1', policies: [first, second] }
  const conversation = Conversation.parse({ maxTurns: 50, ...talk })
  const [episode] = await play([{ ...match, conversation }], { onEvent: (event) => events.push(event) })
  return { episode, events }
}

describe('a game of turns', () => {
  test('asks who acts, and nobody else', async () => {
    const asked: string[] = []
    const { episode, events } = await playFour(
      columns('a', [0, 0, 0, 0], asked),
      columns('b', [1, 1, 1, 1], asked),
    )
    expect(asked).toEqual(['0@0', '1@1', '0@2', '1@3', '0@4', '1@5', '0@6'])
    expect(events.flatMap((event) => (event.type === 'step' ? [event.actions] : []))).toEqual([
      [0, -1],
      [-1, 1],
      [0, -1],
      [-1, 1],
      [0, -1],
      [-1, 1],
      [0, -1],
    ])
    expect(episode.turns.map((turns) => turns.length)).toEqual([4, 3])
    expect(episode.outcome.seats).toEqual([1, -1])
    expect(episode.return).toEqual([1, -1])
  })

  test('what comes while the other seat acts belongs to the last turn: the loser hears of its loss', async () => {
    const { episode } = await playFour(columns('a', [0, 0, 0, 0]), columns('b', [1, 1, 1]))
    expect(episode.turns[1].map(({ rewards }) => rewards)).toEqual([
      [0, 0],
      [0, 0],
      [0, -1],
    ])
    const [winner, loser] = [0, 1].map((seat) => scoredTurns(episode, seat).at(-1)!)
    expect([winner.success, loser.success]).toEqual([true, false])
    expect([winner.last, loser.last]).toEqual([true, true])
    expect(scoredTurns(episode, 1).at(-1)?.terms).toEqual({ win: -1 })
  })

  test('a plan of several actions waits while another acts', async () => {
    const asked: string[] = []
    const planner: Policy = {
      id: 'planner',
      act: async (requests) =>
        requests.map(({ state, seat }) => {
          asked.push(`${seat}@${state.t}`)
          return { valid: true, actions: [0, 0, 0, 0] }
        }),
    }
    const { episode, events } = await playFour(planner, columns('b', [1, 1, 1], asked), { actionsPerTurn: 4 })
    expect(asked).toEqual(['0@0', '1@1', '1@3', '1@5'])
    expect(episode.outcome.name).toBe('seat 0 wins')
    expect(verifyEvents(events, [env]).status).toBe('agrees')
  })

  test('an answer that plays nothing is asked again, and nobody idles for it', async () => {
    const asked: string[] = []
    const { episode } = await playFour(columns('a', [0, -1, 0, 0, 0], asked), columns('b', [1, 1, 1], asked))
    expect(asked.slice(0, 5)).toEqual(['0@0', '1@1', '0@2', '0@2', '1@3'])
    expect(episode.steps).toBe(7)
  })

  test.each([
    ['cannot be read', -1, 2],
    // The other plays on meanwhile: here such a move passes the turn.
    ['are of a column that takes no disc', 0, 5],
  ])('who is waited for and gives three answers in a row that %s has lost', async (_, nothing, others) => {
    const first = columns('a', [0, 0, ...new Array<number>(9).fill(nothing)])
    const { episode, events } = await playFour(first, columns('b', [0, 0, 1, 2, 3]))
    expect(episode.turns.map((turns) => turns.length)).toEqual([5, others])
    expect(episode.outcome).toEqual({ name: 'seat 0 forfeits', success: false, seats: [-1, 1] })
    expect([episode.terminated, episode.truncated]).toEqual([false, true])
    expect(episode.return).toEqual([-1, 1])
    // It is felt by who learns: the last turn of each seat is paid for it.
    const ends = [0, 1].map((seat) => scoredTurns(episode, seat).at(-1)!)
    expect(ends.map(({ terms, success }) => [terms, success])).toEqual([
      [{ forfeit: -1 }, false],
      [{ forfeit: 1 }, true],
    ])
    expect(events.at(-1)).toMatchObject({
      type: 'end',
      forfeit: 0,
      outcome: 'seat 0 forfeits',
      return: [-1, 1],
    })
    expect(verifyEvents(events, [env])).toMatchObject({ status: 'agrees', complete: true })
  })

  test('an answer that plays something begins the count anew', async () => {
    const { episode } = await playFour(columns('a', [-1, -1, 0, -1, -1, 0, 0, 0]), columns('b', [1, 1, 1]))
    expect(episode.outcome.name).toBe('seat 0 wins')
  })

  test('a record cannot claim a forfeit that was none; one from before there were any is read as it was', async () => {
    const { events } = await playFour(columns('a', [0, -1, -1, -1]), columns('b', [1]))
    const ended = (change: object) =>
      verifyEvents([...events.slice(0, -1), { ...events.at(-1)!, ...change } as RecordEvent], [env])
    expect(ended({ forfeit: 1 }).difference).toMatchObject({ what: 'forfeit', recorded: 1, simulated: 0 })
    expect(ended({ return: [0, 0] }).difference).toMatchObject({ what: 'return', simulated: [-1, 1] })
    const early = { forfeit: undefined, outcome: 'playing', success: false, seats: [0, 0], return: [0, 0] }
    expect(ended(early).status).toBe('agrees')

    const won = await playFour(columns('a', [0, 0, 0, 0]), columns('b', [1, 1, 1]))
    const claim = { ...won.events.at(-1)!, forfeit: 1 } as RecordEvent
    expect(verifyEvents([...won.events.slice(0, -1), claim], [env]).difference).toMatchObject({
      what: 'forfeit',
      recorded: 1,
    })
  })

  test('records verify, replay from anywhere, and name what is wrong with them', async () => {
    const { events } = await playFour(columns('a', [0, 0, 0, 0]), columns('b', [1, 1, 1]))
    expect(verifyRecord(events.map(writeLine).join(''), [env]).episodes[0]).toMatchObject({
      status: 'agrees',
      complete: true,
      steps: 7,
    })
    const replay = new Replay([env], { every: 3 })
    for (const event of events) replay.push(event)
    expect(env.toAct?.(replay.stateAt(4))).toEqual([0])
    expect(env.toAct?.(replay.stateAt(1))).toEqual([1])

    const altered = (change: (event: Record<string, unknown>) => void, type: string, nth: number) => {
      const copy = structuredClone(events) as unknown as Record<string, unknown>[]
      change(copy.filter((event) => event.type === type)[nth])
      return verifyEvents(copy as unknown as RecordEvent[], [env]).difference
    }
    expect(altered((step) => Object.assign(step, { actions: [0, 2] }), 'step', 2)).toMatchObject({
      t: 3,
      what: 'actions',
      recorded: 2,
    })
    expect(altered((step) => Object.assign(step, { actions: [-1, -1] }), 'step', 2)).toMatchObject({
      t: 3,
      what: 'actions',
      recorded: -1,
    })
    expect(altered((end) => Object.assign(end, { seats: [-1, 1] }), 'end', 0)).toMatchObject({
      what: 'seats',
      simulated: [1, -1],
    })
    expect(altered((turn) => Object.assign(turn, { seat: 1, turn: 0 }), 'turn', 0)).toMatchObject({
      what: 'seat',
    })
  })
})

describe('actions that were written down', () => {
  test('are one a step, or one for each seat with nothing for who waits', () => {
    expect(parseActions(env, config, 'c1, c2 2')).toEqual([
      [0, 0],
      [1, 1],
      [2, 2],
    ])
    expect(
      parseActions(env, config, [
        ['c1', null],
        [-1, 'c2'],
      ]),
    ).toEqual([
      [0, -1],
      [-1, 1],
    ])
    expect(() => parseActions(env, config, [['c1']])).toThrow('actions[0] must have one action per seat, 2')
  })
})

describe('lanes of a game of turns', () => {
  test('look at the actions of who acts only', () => {
    const lanes = new Lanes(env, config, { count: 2 })
    lanes.step([0, 99, 1, -1])
    expect(lanes.states.map((state) => env.toAct?.(state))).toEqual([[1], [1]])
    expect(() => lanes.step([0, 99, 0, 0])).toThrow('lane 0, seat 1: action 99 is not one of 0 to 4')
    lanes.step([-1, 0, -1, 1])
    expect(lanes.states.map(({ t }) => t)).toEqual([2, 2])
  })
})
