import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DIRECTION_X, DIRECTION_Y, directionOf } from '../../envs/football/actions.ts'
import { FLIGHT, moveBall } from '../../envs/football/physics/ball.ts'
import { passTarget } from '../../envs/football/physics/kicks.ts'
import { BALL, DOING, WORLD } from '../../envs/football/state.ts'
import { act, play, scenarioOf, start } from './matches.ts'

const ball = (...numbers: number[]) => Float64Array.from(numbers)

describe('the ball', () => {
  test('on the grass loses 0.055 v2 + 1.6 m/s2', () => {
    const b = ball(0, 0, 0.11, 10, 0, 0)
    moveBall(b)
    expect(b[BALL.vx]).toBeCloseTo(10 - 0.01 * (0.055 * 100 + 1.6), 12)
  })

  test('comes to rest', () => {
    const b = ball(-50, 0, 0.11, 8, 3, 0)
    for (let i = 0; i < 2000; i++) moveBall(b)
    expect([b[BALL.vx], b[BALL.vy], b[BALL.vz]]).toEqual([0, 0, 0])
  })

  test('bounces to 0.62 of its speed and loses level speed', () => {
    const b = ball(0, 0, 0.12, 10, 0, -5)
    moveBall(b)
    expect(b[BALL.vz]).toBeGreaterThan(0.55 * 5)
    expect(b[BALL.vz]).toBeLessThan(0.64 * 5.2)
    expect(b[BALL.vx]).toBeLessThan(8)
  })

  test.each([
    ['goal', ball(54.9, 1, 0.5, 30, 0, 0), FLIGHT.goal],
    ['over the bar', ball(54.9, 1, 3, 30, 0, 0), FLIGHT.out],
    ['wide', ball(54.9, 5, 0.5, 30, 0, 0), FLIGHT.out],
    ['over the side line', ball(0, 36.1, 0.5, 0, 20, 0), FLIGHT.out],
  ])('%s', (_, b, expected) => {
    let flight: number = FLIGHT.on
    for (let i = 0; i < 20 && flight === FLIGHT.on; i++) flight = moveBall(b)
    expect(flight).toBe(expected)
  })

  test('comes back from the post', () => {
    const b = ball(54.8, 3.75, 0.3, 30, 0, 0)
    expect(moveBall(b)).toBe(FLIGHT.post)
    expect(b[BALL.vx]).toBeLessThan(0)
  })

  test('never gains speed on its way', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -30, max: 30, noNaN: true }),
        fc.double({ min: -30, max: 30, noNaN: true }),
        (vx, vy) => {
          const b = ball(0, 0, 0.11, vx, vy, 0)
          let before = vx * vx + vy * vy
          for (let i = 0; i < 50; i++) {
            if (moveBall(b) !== FLIGHT.on) return
            const now = b[BALL.vx] * b[BALL.vx] + b[BALL.vy] * b[BALL.vy]
            expect(now).toBeLessThanOrEqual(before)
            before = now
          }
        },
      ),
      { numRuns: 50 },
    )
  })
})

test('directions are told apart at 22.5 degrees, and unit vectors name themselves', () => {
  for (let d = 1; d <= 8; d++) expect(directionOf(DIRECTION_X[d], DIRECTION_Y[d])).toBe(d)
  expect(directionOf(0, 0)).toBe(0)
  expect(directionOf(10, 4)).toBe(5)
  expect(directionOf(10, 4.3)).toBe(6)
})

describe('players', () => {
  const alone = () => start(scenarioOf('GK -1 0, CB 0 0', 'GK -1 0', { ball: [0.9, 0.4] }))

  test('run at 5 m/s and sprint at their own speed', () => {
    const s = alone()
    play(s, [act('right')], 25)
    expect(s.vx[1]).toBeCloseTo(5, 6)
    play(s, [act('sprint'), act('idle')], 40)
    expect(s.vx[1]).toBeCloseTo(s.setup.top[1], 1)
  })

  test('keep a direction until released, and sprint until released', () => {
    const s = alone()
    play(s, [act('top'), act('sprint'), act('dribble')])
    expect([s.seatDirection[0], s.seatSticky[0]]).toEqual([act('top'), 3])
    play(s, [act('release_direction')])
    expect([s.seatDirection[0], s.seatSticky[0]]).toEqual([0, 3])
    play(s, [act('top_left'), act('builtin_ai')])
    expect([s.seatDirection[0], s.seatSticky[0]]).toEqual([0, 0])
  })

  test('stop within about a metre', () => {
    const s = alone()
    play(s, [act('right')], 20)
    const from = s.x[1]
    play(s, [act('release_direction')], 8)
    expect(s.vx[1]).toBe(0)
    expect(s.x[1] - from).toBeLessThan(1.6)
  })
})

describe('passes', () => {
  const three = () =>
    start(scenarioOf('GK -1 0, CB 0 0, CM 0.3 0, CM 0.1 -0.3', 'GK -1 0', { ball: [0.01, 0] }))

  test('go to the team mate the stick points at', () => {
    const s = three()
    s.aimX[1] = 1
    s.aimY[1] = 0
    expect(passTarget(s, 1)).toBe(2)
    s.aimX[1] = 0
    s.aimY[1] = -1
    expect(passTarget(s, 1)).toBe(3)
  })

  test('hand control to the receiver at the touch, and arrive', () => {
    const s = three()
    play(s, [act('idle'), act('idle'), act('top'), act('short_pass')])
    expect(s.doing[1]).toBe(DOING.short)
    play(s, [act('idle')], 6)
    expect(s.seatPlayer[0]).toBe(3)
    play(s, [act('release_direction'), act('idle')], 30)
    expect(s.world[WORLD.owner]).toBe(3)
    expect(s.world[WORLD.passesLeft]).toBe(1)
  })
})

test('a ball dribbled over the line is out, and into the goal is a goal', () => {
  const out = start(scenarioOf('GK -1 0, CB 0 0.41', 'GK -1 0', { ball: [0.01, 0.41], endOnOutOfPlay: true }))
  play(out, [act('bottom')], 30)
  expect(standing(out)).toEqual([true, 0])
  const goal = start(scenarioOf('GK -1 0, CB 0.96 0', 'GK 1 0', { ball: [0.965, 0], endOnScore: true }))
  play(goal, [act('right')], 30)
  expect(standing(goal)).toEqual([true, 1])
})

test('a shot at an empty goal scores', () => {
  const s = start(scenarioOf('GK -1 0, CB 0.75 0', 'GK 1 0', { ball: [0.77, 0], endOnScore: true }))
  const rewards = play(s, [act('right'), act('idle'), act('shot'), act('idle')], 40)
  expect(standing(s)).toEqual([true, 1])
  expect(rewards.at(-1)).toBe(1)
})

/** Whether the episode ended, and our goals. */
function standing(s: ReturnType<typeof start>): [ended: boolean, goals: number] {
  return [s.terminated, s.world[WORLD.left]]
}
