import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hashBytes } from '#core/hash'
import { football } from '../../envs/football/index.ts'
import type { Scenario } from '../../envs/football/scenario.ts'
import { SCENARIOS } from '../../envs/football/scenarios.ts'
import { BALL, type FootballState, WORLD } from '../../envs/football/state.ts'
import { check } from '../../envs/football/statistics.ts'
import { act, configOf, randomly, scenarioOf, start } from './matches.ts'

const NAMES = Object.keys(SCENARIOS)
const anyMatch = fc.record({
  preset: fc.constantFrom(...NAMES),
  controlled: fc.integer({ min: 1, max: 11 }),
  opponents: fc.integer({ min: 0, max: 11 }),
  seed: fc.string({ maxLength: 6 }),
})

test('players and ball stay where they can be, and possession is consistent', () => {
  fc.assert(
    fc.property(anyMatch, ({ seed, ...input }) => {
      const s = football.reset(configOf({ ...input, actionSet: 'full', reward: 'magebench' }), seed)
      const next = randomly(s, seed)
      for (let i = 0; i < 150 && !s.terminated; i++) {
        football.step(s, next())
        check(s)
        const owner = s.world[WORLD.owner]
        const inHands = s.world[WORLD.hands]
        if (inHands >= 0) expect(owner).toBe(inHands)
        if (owner >= 0) {
          const dx = s.x[owner] - s.ball[BALL.x]
          const dy = s.y[owner] - s.ball[BALL.y]
          expect(Math.sqrt(dx * dx + dy * dy)).toBeLessThan(2.5)
          expect(s.world[WORLD.team]).toBe(owner < s.setup.left ? 0 : 1)
        }
        for (let seat = 0; seat < s.setup.seats; seat++) expect(s.seat[s.seatPlayer[seat]]).toBe(seat)
      }
    }),
    { numRuns: 40 },
  )
})

test('a saved match goes on as the one it was saved from', () => {
  fc.assert(
    fc.property(anyMatch, fc.integer({ min: 0, max: 80 }), ({ seed, ...input }, at) => {
      const s = football.reset(configOf({ ...input, actionSet: 'full' }), seed)
      const next = randomly(s, seed)
      for (let i = 0; i < at; i++) football.step(s, next())
      const copy = football.load(football.save(s))
      for (let i = 0; i < 40; i++) {
        const actions = next()
        football.step(s, actions)
        football.step(copy, actions)
      }
      expect(hashBytes(football.save(copy))).toBe(hashBytes(football.save(s)))
    }),
    { numRuns: 20 },
  )
})

describe('mirrored about the long axis', () => {
  const other = { LB: 'RB', RB: 'LB', LM: 'RM', RM: 'LM' } as Readonly<Record<string, string>>
  const flip = (team: Scenario['left']) => ({
    ...team,
    players: team.players.map((p) => ({ ...p, y: -p.y, role: other[p.role] ?? p.role })),
  })
  const mirrored = (sc: Scenario) =>
    ({ ...sc, ball: [sc.ball[0], -sc.ball[1]], left: flip(sc.left), right: flip(sc.right) }) as Scenario
  const turned = [0, 1, 8, 7, 6, 5, 4, 3, 2]

  test.each(NAMES)('%s without noise is the mirrored match', (name) => {
    const one = start(SCENARIOS[name], { opponents: 1 })
    const two = start(mirrored(SCENARIOS[name]), { opponents: 1 })
    const next = randomly(one, name)
    for (let i = 0; i < 200 && !one.terminated; i++) {
      const actions = next()
      football.step(one, actions)
      football.step(
        two,
        actions.map((a) => turned[a] ?? a),
      )
      expect([...two.x]).toEqual([...one.x])
      expect([...two.y].map((y) => 0 - y)).toEqual([...one.y].map((y) => 0 + y))
      expect(0 - two.ball[BALL.y]).toBe(0 + one.ball[BALL.y])
    }
  })
})

test('the ball does not stay stuck: with the built-in AI somebody kicks it now and then', () => {
  for (const name of ['11_vs_11_stochastic', '5_vs_5', '1_vs_1_easy']) {
    const s = football.reset(configOf({ preset: name, actionSet: 'full' }), 'stuck')
    let kicks = 0
    let since = 0
    for (let i = 0; i < 1500 && !s.truncated; i++) {
      football.step(s, [act('builtin_ai')])
      since = s.world[WORLD.kick] === kicks ? since + 1 : 0
      kicks = s.world[WORLD.kick]
      expect(since).toBeLessThan(200)
    }
  }
})

test('an idle agent cannot hold up a set piece', () => {
  const s = football.reset(configOf({ preset: '5_vs_5', controlled: 4 }), 'idle')
  let waited = 0
  for (let i = 0; i < 3000 && !s.truncated; i++) {
    football.step(s, [0, 0, 0, 0])
    waited = Math.max(waited, s.world[WORLD.waited] * (s.world[WORLD.mode] === 0 ? 0 : 1))
  }
  expect(waited).toBeLessThan(30)
})

test('both teams can be played, and each seat sees itself attack to the right', () => {
  const s: FootballState = football.reset(configOf({ preset: '5_vs_5', controlled: 1, opponents: 1 }), 'both')
  const right = act('right')
  const [a, b] = s.seatPlayer
  const from = [s.x[a], s.x[b]]
  for (let i = 0; i < 12; i++) football.step(s, [right, right])
  if (s.seatPlayer[0] === a) expect(s.x[a]).toBeGreaterThan(from[0])
  if (s.seatPlayer[1] === b) expect(s.x[b]).toBeLessThan(from[1])
})

test('a keeper with the ball in his hands does not carry it into his own goal', () => {
  const s = start(scenarioOf('GK -1 0', 'GK -1 0', { duration: 100, ball: [-0.98, 0] }))
  s.world[WORLD.owner] = 0
  s.world[WORLD.team] = 0
  s.world[WORLD.hands] = 0
  for (let i = 0; i < 30; i++) {
    football.step(s, [act('left')])
    expect(s.ball[BALL.x]).toBeGreaterThan(-55)
  }
  expect(s.world[WORLD.right]).toBe(0)
})

test('who stands still with the ball is waited for in an exercise, and tackled in a match', () => {
  const kept = ['academy_pass_and_shoot_with_keeper', '11_vs_11_stochastic'].map((preset) => {
    let steps = 0
    for (let i = 0; i < 5; i++) {
      const s = football.reset(configOf({ preset }), `still/${i}`)
      while (s.t < 400 && !s.terminated && s.world[WORLD.team] !== 1) football.step(s, [0])
      steps += s.t
    }
    return steps / 5
  })
  expect(kept[0]).toBeGreaterThan(300)
  expect(kept[1]).toBeLessThan(300)
})
