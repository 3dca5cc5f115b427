import { bits } from '#core/base/random'
import type { Scripted } from '#core/env/env'
import * as A from '../actions.ts'
import type { Config } from '../config.ts'
import { METRES_X, METRES_Y } from '../physics/pitch.ts'
import { BALL, clone, DOING, type FootballState, STICKY, WORLD } from '../state.ts'
import { step } from '../step.ts'
import { distance2, endOf, firstOf, sideOf, teamOf } from '../teams.ts'
import { builtinAi } from './policies.ts'

/** A plan lasts this many steps before the expert thinks again. */
export const COMMIT = 6
/** Each is played out so far ahead. */
const HORIZON = 65
/** The most promising plans get this many futures, with different chances. */
const AGAIN = 4
const FUTURES = 6

/**
 * An agent that tries plans out: every direction at a sprint, every pass and shot towards every direction, and
 * the built-in AI, each followed by the AI, in copies of the match whose generators are its own, so that it
 * knows the rules and never the luck. It plays the first steps of the plan that ends best.
 */
export function expert(config: Config): Scripted<FootballState> {
  return onTheBall(config, (s, seat, usual, random) => {
    const tried = plans(s, seat).map((plan) => ({ plan, worth: playedOut(s, seat, plan, random) }))
    const best = tried.sort((a, b) => b.worth - a.worth).slice(0, AGAIN)
    // What the built-in AI would do is always among those that are tried again.
    best.push({ plan: [...usual], worth: playedOut(s, seat, usual, random) })
    for (const one of best) {
      for (let i = 1; i < FUTURES; i++) one.worth += playedOut(s, seat, one.plan, random)
    }
    return best.sort((a, b) => b.worth - a.worth)[0].plan.slice(0, COMMIT)
  })
}

/** Who plans while he has the ball at his feet, knowing what is usual there, and plays as the built-in AI without it. */
export function onTheBall(
  config: Config,
  plan: (s: FootballState, seat: number, usual: readonly number[], random: Uint32Array) => readonly number[],
): Scripted<FootballState> {
  const { act: builtin } = builtinAi(config)
  return {
    act(s, seat, random) {
      const p = s.seatPlayer[seat]
      if (s.doing[p] !== DOING.nothing) return [A.IDLE]
      const usual = builtin(s, seat, random)
      return s.world[WORLD.owner] === p ? plan(s, seat, usual, random) : usual
    },
  }
}

/** What the expert tries: lists of actions. */
export function plans(s: FootballState, seat: number): number[][] {
  const p = s.seatPlayer[seat]
  const side = sideOf(s, p)
  const found: number[][] = []
  const x = (side * s.x[p]) / METRES_X
  const running = s.world[WORLD.mode] === 0
  const goal = A.directionOf(1.02 - x, (-side * s.y[p]) / METRES_X)
  for (let direction = A.LEFT; direction <= A.BOTTOM_LEFT; direction++) {
    const turn = s.seatDirection[seat] === direction ? [] : [direction]
    const forward = A.DIRECTION_X[direction] > -0.1
    if (running && (forward || x > 0.8)) {
      const sprint = s.seatSticky[seat] & STICKY.sprint ? [] : [A.SPRINT]
      found.push(padded([...turn, ...sprint], COMMIT))
    }
    if (x > 0.45 && (direction === goal || near(direction, goal))) found.push([...turn, A.SHOT])
  }
  const team = teamOf(s, p)
  const seen = new Set<number>()
  for (let q = firstOf(s, team); q < endOf(s, team); q++) {
    if (q === p || q === s.setup.keeper[team] || distance2(s, q, s.x[p], s.y[p]) < 9) continue
    const direction = A.directionOf(side * (s.x[q] - s.x[p]), side * (s.y[q] - s.y[p]))
    if (seen.has(direction)) continue
    seen.add(direction)
    const turn = s.seatDirection[seat] === direction ? [] : [direction]
    for (const pass of [A.SHORT_PASS, A.HIGH_PASS, A.LONG_PASS]) found.push([...turn, pass])
  }
  return found
}

/** One of the two directions beside another one. */
function near(a: number, b: number): boolean {
  const apart = Math.abs(a - b)
  return apart === 1 || apart === 7
}

function padded(plan: number[], length: number): number[] {
  while (plan.length < length) plan.push(A.IDLE)
  return plan
}

/** Plays a plan, then the built-in AI, in a copy with its own luck; returns how well that went. */
function playedOut(s: FootballState, seat: number, plan: readonly number[], random: Uint32Array): number {
  const copy = clone(s)
  for (let i = 0; i < 4; i++) copy.random[i] = bits(random) | 1
  const team = teamOf(s, s.seatPlayer[seat])
  const actions = new Int32Array(s.setup.seats).fill(A.BUILTIN_AI)
  const w = copy.world
  const goals = w[WORLD.left + team]
  const against = w[WORLD.left + 1 - team]
  for (let i = 0; i < HORIZON; i++) {
    // Seats beyond the action set's names are fine here: the simulator knows the AI's action in every set.
    actions[seat] = plan[i] ?? A.BUILTIN_AI
    step(copy, actions)
    if (w[WORLD.left + team] > goals) return 10 - 0.02 * i
    if (w[WORLD.left + 1 - team] > against) return -10
    if (copy.terminated || copy.truncated) return -3 + 0.02 * i + nearness(copy, team)
  }
  const lost = w[WORLD.team] !== team
  return nearness(copy, team) - (lost ? 2 : 0)
}

/** How near the ball is to the goal attacked, 0..2. */
function nearness(s: FootballState, team: number): number {
  const side = team === 0 ? 1 : -1
  const dx = 1 - (side * s.ball[BALL.x]) / METRES_X
  const dy = s.ball[BALL.y] / METRES_Y
  return 2 - Math.sqrt(dx * dx + dy * dy)
}
