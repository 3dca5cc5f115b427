import { expect, test } from 'vitest'
import { Conversation } from '#core/play/policy'
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
const safe = (session: Session): string => {
  const { legal = [] } = session.step({ actions: ['a1'] }).observation
  return legal.join()
}

test('an observation names the actions that are legal now', () => {
  const session = new Session(toyGame)
  const { observation } = session.reset({}, 'e', 's')
  expect(observation.legal).toEqual(
    ['Stay', 'West', 'East'].filter((name) => observation.actions.includes(name)),
  )
  const corner = new Session({ ...toyGame, config: { cells: 7, level: { beacon: 5, starts: [0] } } })
  expect(corner.reset({}, 'e', 's').observation.legal).toHaveLength(2)
})

test('of a game that hides something a client learns nothing but what its seat sees, until it is over', () => {
  const session = new Session(hidden)
  const level = { level: [8] }
  const begun = session.reset({ config: level }, 'e', 'the seed')
  // Whatever is hidden: two levels that look alike are told alike.
  const other = new Session(hidden)
  expect(JSON.stringify(other.reset({ config: { level: [4] } }, 'e', 'another'))).toBe(JSON.stringify(begun))
  expect(JSON.stringify(other.state())).toBe(JSON.stringify(session.state()))
  expect(session.state()).not.toHaveProperty('config')
  expect(safe(session)).toBe('b1,c1,a2,b2,c2,a3,b3,c3')

  const { observation, done } = session.step({ actions: ['c3'] })
  expect({ done, outcome: observation.outcome, seed: observation.seed }).toEqual({
    done: true,
    outcome: 'blown up',
    seed: 'the seed',
  })
  expect(session.state()).toMatchObject({ seed: 'the seed', config: { level: [8] } })
})

test('a game that hides nothing says what it began with at once', () => {
  const session = new Session(toyGame)
  expect(session.reset({}, 'e', 's').observation.seed).toBe('s')
  expect(session.state()).toMatchObject({ seed: 's', config: { level: { beacon: 5, starts: [2] } } })
})

test('where seats take turns, who acts is asked and judged, and the other is told of its loss', () => {
  const session = new Session({ ...hidden, env: four as never, config: {} })
  const asked = ({ seats = [] }: Step['observation']) => seats.map(({ seat }) => seat)
  const { observation } = session.reset({}, 'e', 's')
  expect(asked(observation)).toEqual([0])
  for (const action of ['c1', 'c2', 'c1', 'c2', 'c1']) {
    expect(session.step({ actions: [action] })).toMatchObject({ reward: 0, done: false })
  }
  expect(() => session.step({ seats: [{ actions: ['c2'] }, { actions: ['c2'] }] })).toThrow(
    '1 seats must decide, 2 did',
  )
  session.step({ actions: ['c2'] })
  const end = session.step({ actions: ['c1'] })
  expect(end).toMatchObject({ reward: 1, done: true })
  expect(end.observation).toMatchObject({ rewards: [1, -1], results: [1, -1], success: true })
})
