import { expect, test } from 'vitest'
import { Conversation, type Policy } from '#core/play/policy'
import type { RecordEvent } from '#core/record/record'
import { verifyEvents } from '#core/record/verify'
import { type Game, Session, type Step } from '#server/session'
import { four } from '../games/four.ts'
import { mines } from '../games/mines.ts'
import { toyGame } from './toy-game.ts'

const hidden: Game = {
  ...toyGame,
  env: mines as never,
  config: { size: 3, mines: 1 },
  conversation: Conversation.parse({}),
}
const safe = async (session: Session): Promise<string> => {
  const { legal = [] } = (await session.step({ actions: ['a1'] })).observation
  return legal.join()
}

test('an observation names the actions that are legal now', async () => {
  const session = new Session(toyGame)
  const { observation } = await session.reset({}, 'e', 's')
  expect(observation.legal).toEqual(
    ['Stay', 'West', 'East'].filter((name) => observation.actions.includes(name)),
  )
  const corner = new Session({ ...toyGame, config: { cells: 7, level: { beacon: 5, starts: [0] } } })
  expect((await corner.reset({}, 'e', 's')).observation.legal).toHaveLength(2)
})

test('of a game that hides something a client learns nothing but what its seat sees, until it is over', async () => {
  const session = new Session(hidden)
  const level = { level: [8] }
  const begun = await session.reset({ config: level }, 'e', 'the seed')
  // Whatever is hidden: two levels that look alike are told alike.
  const other = new Session(hidden)
  expect(await other.reset({ config: { level: [4] } }, 'e', 'another')).toEqual(begun)
  expect(JSON.stringify(other.state())).toBe(JSON.stringify(session.state()))
  expect(session.state()).not.toHaveProperty('config')
  expect(await safe(session)).toBe('b1,c1,a2,b2,c2,a3,b3,c3')

  const { observation, done } = await session.step({ actions: ['c3'] })
  expect({ done, outcome: observation.outcome, seed: observation.seed }).toEqual({
    done: true,
    outcome: 'blown up',
    seed: 'the seed',
  })
  expect(session.state()).toMatchObject({ seed: 'the seed', config: { level: [8] } })
})

test('a game that hides nothing says what it began with at once', async () => {
  const session = new Session(toyGame)
  expect((await session.reset({}, 'e', 's')).observation.seed).toBe('s')
  expect(session.state()).toMatchObject({ seed: 's', config: { level: { beacon: 5, starts: [2] } } })
})

test('where seats take turns, who acts is asked and judged, and the other is told of its loss', async () => {
  const session = new Session({ ...hidden, env: four as never, config: {} })
  const asked = ({ seats = [] }: Step['observation']) => seats.map(({ seat }) => seat)
  const { observation } = await session.reset({}, 'e', 's')
  expect(asked(observation)).toEqual([0])
  for (const action of ['c1', 'c2', 'c1', 'c2', 'c1']) {
    expect(await session.step({ actions: [action] })).toMatchObject({ reward: 0, done: false })
  }
  await expect(session.step({ seats: [{ actions: ['c2'] }, { actions: ['c2'] }] })).rejects.toThrow(
    '1 seats must decide, 2 did',
  )
  await session.step({ actions: ['c2'] })
  const end = await session.step({ actions: ['c1'] })
  expect(end).toMatchObject({ reward: 1, done: true })
  expect(end.observation).toMatchObject({ rewards: [1, -1], results: [1, -1], success: true })
})

test('with an opponent one seat is played from here, asked alone and judged alone', async () => {
  const left: Policy = {
    id: 'left',
    act: async (requests) => requests.map(() => ({ valid: true, actions: [0] })),
  }
  const events: RecordEvent[] = []
  const game: Game = { ...hidden, env: four as never, config: {}, opponent: left }
  const session = new Session({ ...game, onEvent: (event) => events.push(event) })
  const first = await session.reset({ seat: 1 }, 'e', 's')
  // The opponent has begun.
  expect(first.observation).toMatchObject({ seat: 1, seats: [{ seat: 1 }], success: false })
  for (const action of ['c2', 'c2']) await session.step({ actions: [action] })
  expect(await session.step({ actions: ['c3'] })).toMatchObject({ reward: -1, done: true })
  expect(events[0]).toMatchObject({ agents: ['left', 'outside'] })

  await session.reset({ seat: 0 }, 'f', 's')
  for (const action of ['c2', 'c3', 'c4'])
    expect(await session.step({ actions: [action] })).toMatchObject({ reward: 0 })
  const won = await session.step({ actions: ['c5'] })
  expect(won).toMatchObject({ reward: 1, done: true, observation: { success: true, rewards: [1, -1] } })
  expect(
    verifyEvents(
      events.filter(({ episode }) => episode === 'f'),
      [four as never],
    ).status,
  ).toBe('agrees')

  const seats = new Set<number | undefined>()
  for (let i = 0; i < 20; i++) seats.add((await session.reset({}, `${i}`, `${i}`)).observation.seat)
  expect(seats).toEqual(new Set([0, 1]))
  await expect(session.reset({ seat: 2 }, 'g', 's')).rejects.toThrow(
    "'seat' is at most 1, there are 2 seats (got 2)",
  )
  await expect(new Session({ ...game, opponent: undefined }).reset({ seat: 0 }, 'e', 's')).rejects.toThrow(
    "'seat' is of servers with an opponent",
  )
})
