import { describe, expect, test } from 'vitest'
import { football } from '../../envs/football/index.ts'
import { METRES_X, METRES_Y } from '../../envs/football/physics/pitch.ts'
import { magebench } from '../../envs/football/rules/magebench.ts'
import { BALL, type FootballState, TERMS, WORLD } from '../../envs/football/state.ts'
import { EVENTS } from '../../envs/football/words.ts'
import { act, play, scenarioOf, start } from './matches.ts'

describe('checkpoints', () => {
  test('pay 0.1 each on the way, and a goal pays the rest', () => {
    const scenario = scenarioOf('GK -1 0, CB 0 0', 'GK 1 0', { ball: [0.01, 0], endOnScore: true })
    const s = start(scenario, { reward: 'checkpoints' })
    const rewards = play(s, [act('right'), act('sprint'), act('idle')], 60)
    expect(rewards.filter((r) => r > 0).every((r) => Math.abs(r - 0.1) < 1e-9)).toBe(true)
    rewards.push(...play(s, [act('shot'), act('idle')], 30))
    expect(s.terminated).toBe(true)
    expect(rewards.reduce((sum, r) => sum + r, 0)).toBeCloseTo(2, 9)
  })
})

test('a goal pays every seat of the team that scores the same, and costs every seat of the other the same', () => {
  const scenario = scenarioOf('GK 0.9 0.4, CM 0.5 0.2, CM 0.5 -0.2', 'GK -1 0, CF 0.87 0, CM 0 0.3', {
    ball: [-0.9, 0],
    endOnScore: true,
  })
  const s = start(scenario, { controlled: 2, opponents: 2 })
  const builtinAi = act('builtin_ai')
  while (!s.terminated && s.t < 60) football.step(s, [act('idle'), act('idle'), builtinAi, builtinAi])
  expect([...s.rewards]).toEqual([-1, -1, 1, 1])
})

test('the rule grf-checkpoints pays goals and checkpoints, and nothing for a turn that played nothing', () => {
  const rule = football.rewards!['grf-checkpoints']
  const turn = { terms: { scoring: 1, checkpoints: 0.3, advance: 5 } } as unknown as Parameters<
    typeof rule
  >[0]
  expect(rule(turn)).toEqual({ scoring: 1, checkpoints: 0.3 })
  expect(rule({ ...turn, terms: {} })).toEqual({ scoring: 0, checkpoints: 0 })
})

describe("MageBench's terms", () => {
  /** Our player 1 has the ball at (x, y) in GRF units; one opponent beside the keeper. */
  function held(x: number, y: number, foe: [number, number]): FootballState {
    const s = start(scenarioOf('GK -1 0, CB 0 0, CM 0 0.1', 'GK -1 0, CB 0 0', { duration: 400 }), {
      reward: 'magebench',
    })
    s.world[WORLD.owner] = 1
    s.world[WORLD.team] = 0
    s.world[WORLD.taken] = -1
    place(s, x, y)
    s.x[4] = foe[0] * METRES_X
    s.y[4] = foe[1] * METRES_Y
    s.x[3] = METRES_X
    s.y[3] = 0.3 * METRES_Y
    return s
  }
  function place(s: FootballState, x: number, y: number): void {
    s.ball[BALL.x] = x * METRES_X
    s.ball[BALL.y] = y * METRES_Y
  }
  function paid(s: FootballState): Record<string, number> {
    s.terms.fill(0)
    magebench(s, 0, 0)
    return Object.fromEntries(TERMS.map((name, i) => [name, s.terms[i]]).filter(([, value]) => value !== 0))
  }

  test('the first step only sets the baselines, then every new best of the ball pays 16 a unit', () => {
    const s = held(0.1, 0, [0.9, 0.2])
    expect(paid(s)).toEqual({})
    place(s, 0.2, 0)
    expect(paid(s).advance).toBeCloseTo(20 * 0.8 * 0.1, 9)
    place(s, 0.15, 0)
    expect(paid(s)).toEqual({})
    place(s, 0.25, 0)
    expect(paid(s).advance).toBeCloseTo(20 * 0.8 * 0.05, 9)
  })

  test('passing an opponent pays 20 / 11, and falling back costs it', () => {
    const s = held(0.1, 0, [0.15, 0.2])
    paid(s)
    place(s, 0.2, 0)
    expect(paid(s).opponents_passed).toBeCloseTo(20 / 11, 9)
    place(s, 0.1, 0)
    expect(paid(s).opponents_passed).toBeCloseTo(-20 / 11, 9)
  })

  test('a lead pays 40 on each step', () => {
    const s = held(0, 0, [0.5, 0])
    s.world[WORLD.left] = 1
    expect(paid(s)).toEqual({ lead: 40 })
  })

  test('losing the ball late is less bad', () => {
    const s = held(0, 0, [0.5, 0])
    s.t = 100
    s.world[WORLD.owner] = 4
    s.world[WORLD.taken] = 0
    expect(paid(s).stolen).toBeCloseTo(20 * (1 - 300 / 400), 9)
    s.shotPaid[0] = 1
    expect(paid(s)).toEqual({})
  })

  test('a received pass pays for room, less for each pass before', () => {
    // The opponent is 0.1 straight ahead towards the goal: 0.1 / (10 + 1).
    const s = held(0.5, 0, [0.6, 0])
    paid(s)
    s.world[WORLD.events] = EVENTS.received
    s.world[WORLD.passesLeft] = 1
    expect(paid(s).pass_received).toBeCloseTo((20 * 20 * 0.1) / 11, 6)
    s.world[WORLD.passesLeft] = 3
    expect(paid(s).pass_received).toBeCloseTo(((20 * 20 * 0.1) / 11) * 0.75 * 0.75, 6)
  })

  test('the first shot pays for a clear line, at most 40 / 3', () => {
    const s = held(0.8, 0, [0, 0.4])
    paid(s)
    s.world[WORLD.kicker] = 1
    s.world[WORLD.owner] = -1
    s.world[WORLD.events] = EVENTS.shot
    expect(paid(s).shot_taken).toBeCloseTo((20 * 2) / 3, 9)
    expect(paid(s)).toEqual({})
  })

  test('the score is the sum of the rewards, and unknown under other rewards', () => {
    const s = held(0, 0, [0.5, 0])
    expect(football.score?.(s, [1, 2.5])).toBe(3.5)
    expect(football.score?.(start(s.config.scenario), [1])).toBeNull()
  })
})
