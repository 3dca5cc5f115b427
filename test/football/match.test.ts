import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hashBytes } from '#core/base/hash'
import { check } from '../../envs/football/commands/statistics.ts'
import { football } from '../../envs/football/index.ts'
import { raw } from '../../envs/football/look/tensors.ts'
import type { Scenario } from '../../envs/football/scenarios/scenario.ts'
import { SCENARIOS } from '../../envs/football/scenarios/scenarios.ts'
import { BALL, type FootballState, WORLD } from '../../envs/football/state.ts'
import { act, configOf, play, randomly, scenarioOf, start } from './matches.ts'

const NAMES = Object.keys(SCENARIOS)
/** Any scenario with as many seats as it has. */
const anyMatch = fc
  .record({
    preset: fc.constantFrom(...NAMES),
    controlled: fc.integer({ min: 1, max: 11 }),
    opponents: fc.integer({ min: 0, max: 11 }),
    seed: fc.string({ maxLength: 6 }),
  })
  .map((match) => ({
    ...match,
    controlled: Math.min(match.controlled, controllable(SCENARIOS[match.preset].left)),
    opponents: Math.min(match.opponents, controllable(SCENARIOS[match.preset].right)),
  }))

function controllable(team: Scenario['left']): number {
  return team.players.filter((player) => player.controllable).length
}

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
      expect(since).toBeLessThan(300)
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

/** All that moves, as numbers. */
function world(s: FootballState): number[] {
  const { x, y, vx, vy, ball, doing, tired, random } = s
  return [x, y, vx, vy, ball, doing, tired, random].flatMap((list) => [...list])
}

test('nothing of how players move depends on what ends the episode, what is paid, what is said or what it is called', () => {
  const bookkeeping = fc.record({
    scenario: fc.record({
      endOnScore: fc.boolean(),
      endOnOutOfPlay: fc.boolean(),
      endOnPossessionChange: fc.boolean(),
      duration: fc.integer({ min: 100, max: 3000 }),
    }),
    reward: fc.constantFrom('scoring', 'checkpoints', 'magebench'),
    text: fc.constantFrom('full', 'brief'),
    named: fc.boolean(),
  })
  const player = fc.constantFrom('idle', 'random', 'builtin')
  fc.assert(
    fc.property(
      fc.constantFrom(...NAMES),
      bookkeeping,
      player,
      fc.string({ maxLength: 4 }),
      (name, other, who, seed) => {
        const plain = configOf({ preset: name, actionSet: 'full' })
        const changed = configOf({
          actionSet: 'full',
          reward: other.reward,
          text: other.text,
          scenario: { ...SCENARIOS[name], ...other.scenario },
          ...(other.named ? { preset: 'academy_corner' } : {}),
        })
        const one = football.reset(plain, seed)
        const two = football.reset(changed, seed)
        const next = randomly(one, seed)
        for (let i = 0; i < 150; i++) {
          const actions = who === 'random' ? next() : [who === 'idle' ? 0 : act('builtin_ai')]
          football.step(one, actions)
          football.step(two, actions)
          if (one.terminated || two.terminated || one.truncated || two.truncated) return
          expect(world(two)).toEqual(world(one))
        }
      },
    ),
    { numRuns: 40 },
  )
})

test('whether an idle carrier loses the ball is a matter of how many defend', () => {
  const lost = (defenders: number, difficulty: number) => {
    let count = 0
    for (let i = 0; i < 8; i++) {
      const right = [
        'GK -1 0',
        ...Array.from({ length: defenders }, (_, k) => `CM ${0.1 * (k % 3)} ${0.05 * (k - 4)}`),
      ]
      const scenario = scenarioOf('GK -1 0, CM 0.1 0', right.join(', '), { ball: [0.11, 0], duration: 400 })
      scenario.right.difficulty = difficulty
      const s = football.reset(configOf({ scenario }), `how many/${i}`)
      while (s.t < 150 && s.world[WORLD.team] !== 1) football.step(s, [0])
      if (s.world[WORLD.team] === 1) count++
    }
    return count
  }
  expect([lost(1, 0), lost(1, 1), lost(2, 0.6)]).toEqual([0, 0, 0])
  expect(lost(10, 0)).toBeGreaterThanOrEqual(7)
  expect(lost(10, 1)).toBeGreaterThanOrEqual(7)
})

test('nobody stands on another, not even after restarts', () => {
  for (const preset of ['11_vs_11_competition', '11_vs_11_easy_stochastic']) {
    const s = football.reset(configOf({ preset, actionSet: 'full' }), 'apart')
    let least = 1
    for (let i = 0; i < 1500; i++) {
      football.step(s, [act('builtin_ai')])
      for (let p = 0; p < s.setup.count; p++) {
        for (let q = 0; q < p; q++) {
          if (!s.active[p] || !s.active[q]) continue
          const [dx, dy] = [s.x[p] - s.x[q], s.y[p] - s.y[q]]
          least = Math.min(least, Math.sqrt(dx * dx + dy * dy))
        }
      }
    }
    expect(least).toBeGreaterThan(0.4)
  }
})

test('tiredness grows with the distance by the constant of the slot, never falls, and slows nobody down', () => {
  const s = start(
    scenarioOf('GK -1 0, CB -0.9 0, CM -0.9 0.2', 'GK 1 0', { ball: [0.9, 0.4], duration: 5000 }),
    { controlled: 2 },
  )
  const km = [0, 0, 0]
  let fastest = 0
  for (let i = 0; i < 2400; i++) {
    const before = [...s.tired]
    const turn = s.x[1] > 40 ? act('left') : s.x[1] < -40 ? act('right') : s.seatDirection[0] || act('right')
    football.step(s, i === 0 ? [act('sprint'), act('sprint')] : [turn, turn])
    for (const p of [1, 2]) {
      km[p] += 1e-4 * Math.sqrt(s.vx[p] * s.vx[p] + s.vy[p] * s.vy[p])
      expect(s.tired[p]).toBeGreaterThanOrEqual(before[p])
      if (s.tired[p] === 0.99) fastest = Math.max(fastest, Math.abs(s.vx[p]))
      if (s.tired[p] < 0.98 && km[p] > 0.05)
        expect(s.tired[p] / Math.max(km[p], 1e-9)).toBeCloseTo(p === 1 ? 0.711 : 0.708, 2)
    }
  }
  expect(s.tired[1]).toBe(0.99)
  expect(fastest).toBeGreaterThan(7.7)
})

describe('seats', () => {
  test('are never on a keeper unless every other player has one', () => {
    for (const controlled of [1, 5, 10]) {
      const s = football.reset(
        configOf({ preset: '11_vs_11_stochastic', controlled, actionSet: 'full' }),
        'keeper',
      )
      for (let i = 0; i < 600; i++) {
        football.step(
          s,
          Array.from({ length: controlled }, () => act('builtin_ai')),
        )
        expect([...s.seatPlayer]).not.toContain(s.setup.keeper[0])
      }
    }
    const all = football.reset(configOf({ preset: '11_vs_11_stochastic', controlled: 11 }), 'all')
    expect([...all.seatPlayer].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
  })

  test('are as many as asked for, or refused', () => {
    expect(football.seats(configOf({ preset: '5_vs_5', controlled: 4, opponents: 4 }))).toBe(8)
    const message = /controlled.*the left team has 4 players that a seat may control/
    expect(() => configOf({ preset: '5_vs_5', controlled: 5 })).toThrow(message)
    expect(() => configOf({ preset: '1_vs_1_easy', opponents: 2 })).toThrow(
      /opponents.*the right team has 1 player /,
    )
  })
})

test('a lone keeper keeps: shots from far are his, and he goes for the ball when nobody else can', () => {
  const s = start(scenarioOf('GK -1 0, CB 0.55 0', 'GK -1 0', { ball: [0.565, 0], duration: 400 }), {
    noise: 1,
  })
  play(s, [0, 0, 0, act('shot'), 0], 40)
  expect(s.world[WORLD.left]).toBe(0)
  const two = football.reset(configOf({ preset: '1_vs_1_easy', actionSet: 'full' }), 'two keepers')
  for (let i = 0; i < 130; i++) football.step(two, [act('builtin_ai')])
  expect(two.world[WORLD.toucher]).toBeGreaterThanOrEqual(0)
})

test('the episode has one step more than its duration says, as in the original', () => {
  const s = start(scenarioOf('GK -1 0, CB 0 0', 'GK -1 0', { duration: 20 }))
  play(s, [0], 20)
  expect(s.truncated).toBe(false)
  expect(raw(s, 0).steps_left).toBe(1)
  play(s, [0], 1)
  expect([s.truncated, s.t, raw(s, 0).steps_left]).toEqual([true, 21, 0])
})

test('a corner of the built-in AI is crossed into the box at its sixth step', () => {
  for (let i = 0; i < 5; i++) {
    const s = football.reset(configOf({ preset: 'academy_corner', actionSet: 'full' }), `corner/${i}`)
    while (s.world[WORLD.kick] === 0) football.step(s, [act('builtin_ai')])
    expect(s.t).toBe(6)
    const [vx, vy] = [s.ball[BALL.vx], s.ball[BALL.vy]]
    expect(Math.sqrt(vx * vx + vy * vy)).toBeGreaterThan(24)
    expect(vy).toBeLessThan(-15)
  }
})
