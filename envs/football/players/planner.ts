import { bits } from '#core/base/random'
import type { Scripted } from '#core/env/env'
import * as A from '../actions.ts'
import type { Config } from '../config.ts'
import { HALF_LENGTH } from '../physics/pitch.ts'
import { BALL, clone, DOING, type FootballState, WORLD } from '../state.ts'
import { step } from '../step.ts'
import { endOf, firstOf, teamOf } from '../teams.ts'
import { COMMIT, onTheBall, plans } from './expert.ts'

/** Each plan is played out so far ahead, in steps; a shot on its way then, farther. */
const HORIZON = 30
const SHOT_LANDS = 15
/** Rounds: how many of the best plans still take part, and how many futures each of them gets more. */
const ROUNDS = [
  [99, 1],
  [6, 4],
  [3, 6],
] as const
/** A plan must be worth this much more than what the built-in AI would do, in goals. */
const MARGIN = 0.004
/** So many steps the built-in AI is left alone where nothing is better: it decides every other one. */
const LEFT_ALONE = 2

/**
 * An agent for whole matches: the expert's plans, each followed by the built-in AI in copies of the match whose luck is
 * drawn anew and is the same for all plans, judged after three seconds by the goals that such a state is worth. It
 * departs from the built-in AI where that is worth more.
 */
export function planner(config: Config): Scripted<FootballState> {
  return onTheBall(config, (s, seat, usual, random) => {
    const own = { plan: usual, worth: 0, futures: 0 }
    let others = plans(s, seat).map((plan) => ({ plan, worth: 0, futures: 0 }))
    for (const [kept, futures] of ROUNDS) {
      others = others.sort((a, b) => mean(b) - mean(a)).slice(0, kept)
      for (let i = 0; i < futures; i++) {
        const luck = Uint32Array.from({ length: 4 }, () => bits(random) | 1)
        for (const one of [own, ...others]) {
          one.worth += playedOut(s, seat, one.plan, luck)
          one.futures++
        }
      }
    }
    const best = others.sort((a, b) => mean(b) - mean(a))[0]
    if (best && mean(best) > mean(own) + MARGIN) return best.plan.slice(0, COMMIT)
    return config.actionSet === 'full' ? Array(LEFT_ALONE).fill(A.BUILTIN_AI) : usual
  })
}

function mean({ worth, futures }: { readonly worth: number; readonly futures: number }): number {
  return worth / Math.max(1, futures)
}

/** Plays a plan, then the built-in AI, in a copy with this luck; returns what comes of it in goals. */
function playedOut(s: FootballState, seat: number, plan: readonly number[], luck: Uint32Array): number {
  const copy = clone(s)
  copy.random.set(luck)
  const team = teamOf(s, s.seatPlayer[seat])
  const actions = new Int32Array(s.setup.seats).fill(A.BUILTIN_AI)
  const w = copy.world
  const goals = w[WORLD.left + team]
  const against = w[WORLD.left + 1 - team]
  const flies = () => w[WORLD.owner] < 0 && w[WORLD.kind] === DOING.shot
  for (let i = 0; i < HORIZON || (flies() && i < HORIZON + SHOT_LANDS); i++) {
    // As in the expert's plans: the simulator knows the AI's action in every set.
    actions[seat] = plan[i] ?? A.BUILTIN_AI
    step(copy, actions)
    if (w[WORLD.left + team] > goals) return 1 - 0.001 * i
    if (w[WORLD.left + 1 - team] > against) return -1
    if (copy.terminated || copy.truncated) return 0
  }
  const having = w[WORLD.team]
  return having === team ? worthOf(copy, having) : -worthOf(copy, having)
}

/** Goals that the team with the ball scores more than the other within thirty seconds, as `placeOf` says where it is. */
function worthOf(s: FootballState, team: number): number {
  const { distance, between } = placeOf(s, team)
  return worthAt(distance, between)
}

/**
 * The same for a place: read off 400 matches between equal built-in elevens (`npm run shows -- football-worth`). 0.01
 * with all of them in the way, up to 0.03 more with two or fewer, and 0.14 more before the goal, from 35 m on.
 */
export function worthAt(distance: number, between: number): number {
  const open = Math.max(0, 1 - Math.max(0, between - 2) / 5)
  return 0.01 + 0.03 * open + 0.14 * Math.max(0, (35 - distance) / 30)
}

/** How far the ball is from the goal that `team` attacks, in metres, and how many opponents but the keeper are nearer to it. */
export function placeOf(s: FootballState, team: number): { distance: number; between: number } {
  const side = team === 0 ? 1 : -1
  const gx = HALF_LENGTH - side * s.ball[BALL.x]
  const distance = Math.sqrt(gx * gx + s.ball[BALL.y] * s.ball[BALL.y])
  let between = 0
  for (let q = firstOf(s, 1 - team); q < endOf(s, 1 - team); q++) {
    if (q === s.setup.keeper[1 - team] || s.active[q] === 0) continue
    const qx = HALF_LENGTH - side * s.x[q]
    if (qx * qx + s.y[q] * s.y[q] < (distance + 1) * (distance + 1)) between++
  }
  return { distance, between }
}
