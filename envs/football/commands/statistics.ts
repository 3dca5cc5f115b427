import { BUILTIN_AI } from '../actions.ts'
import type { Config } from '../config.ts'
import { insideApron } from '../physics/motion.ts'
import { reset } from '../reset.ts'
import { BALL, DOING, type FootballState, WORLD } from '../state.ts'
import { step } from '../step.ts'
import { endOf, firstOf, teamOf } from '../teams.ts'
import { ENDING_NAMES, EVENTS } from '../words.ts'

/** What a match was like; pairs are left and right team. */
export interface MatchStatistics {
  readonly steps: number
  readonly ending: string
  readonly goals: [number, number]
  readonly passes: [number, number]
  readonly received: [number, number]
  readonly shots: [number, number]
  /** Shots that scored, or that the keeper touched. */
  readonly onTarget: [number, number]
  readonly tackles: number
  readonly fouls: number
  readonly offsides: number
  readonly out: number
  /** Steps in which each team had the ball. */
  readonly owned: [number, number]
  /** Metres run by all players of each team. */
  readonly run: [number, number]
  /** Mean distance of field players from their team's middle, in metres. */
  readonly spread: [number, number]
}

/**
 * Plays a match with the built-in AI on every seat, checking it as it goes.
 * @throws Error when a player or the ball is where it cannot be.
 */
export function simulate(config: Config, seed: string, most = 100_000): MatchStatistics {
  const s = reset(config, seed)
  const pair = (): [number, number] => [0, 0]
  const found = {
    passes: pair(),
    received: pair(),
    shots: pair(),
    onTarget: pair(),
    owned: pair(),
    run: pair(),
    spread: pair(),
    tackles: 0,
    fouls: 0,
    offsides: 0,
    out: 0,
  }
  const actions = new Int32Array(s.setup.seats).fill(BUILTIN_AI)
  const w = s.world
  while (!s.terminated && !s.truncated && s.t < most) {
    step(s, actions)
    check(s)
    const events = w[WORLD.events]
    const kicker = w[WORLD.kicker]
    const team = kicker < 0 ? 0 : teamOf(s, kicker)
    if (events & EVENTS.pass) found.passes[team]++
    if (events & EVENTS.shot) found.shots[team]++
    if (events & EVENTS.received) found.received[team]++
    if (w[WORLD.kind] === DOING.shot && events & (EVENTS.save | EVENTS.goal | EVENTS.conceded))
      found.onTarget[team]++
    if (events & EVENTS.tackle) found.tackles++
    if (events & EVENTS.foul) found.fouls++
    if (events & EVENTS.offside) found.offsides++
    if (events & EVENTS.out) found.out++
    if (w[WORLD.owner] >= 0) found.owned[teamOf(s, w[WORLD.owner])]++
    for (let p = 0; p < s.setup.count; p++) {
      found.run[teamOf(s, p)] += 0.1 * Math.sqrt(s.vx[p] * s.vx[p] + s.vy[p] * s.vy[p])
    }
    for (const side of [0, 1] as const) found.spread[side] += spread(s, side)
  }
  const mean = (sum: number) => (s.t === 0 ? 0 : sum / s.t)
  return {
    ...found,
    spread: [mean(found.spread[0]), mean(found.spread[1])],
    steps: s.t,
    ending: ENDING_NAMES[w[WORLD.ending]],
    goals: [w[WORLD.left], w[WORLD.right]],
  }
}

function spread(s: FootballState, team: number): number {
  let x = 0
  let y = 0
  let count = 0
  for (let p = firstOf(s, team); p < endOf(s, team); p++) {
    if (p === s.setup.keeper[team] || s.active[p] === 0) continue
    x += s.x[p]
    y += s.y[p]
    count++
  }
  if (count === 0) return 0
  let sum = 0
  for (let p = firstOf(s, team); p < endOf(s, team); p++) {
    if (p === s.setup.keeper[team] || s.active[p] === 0) continue
    const dx = s.x[p] - x / count
    const dy = s.y[p] - y / count
    sum += Math.sqrt(dx * dx + dy * dy)
  }
  return sum / count
}

/** @throws Error naming what is impossible. */
export function check(s: FootballState): void {
  for (let p = 0; p < s.setup.count; p++) {
    if (s.active[p] && !insideApron(s.x[p], s.y[p])) {
      throw new Error(`step ${s.t}: player ${p} is at (${s.x[p]}, ${s.y[p]}) m`)
    }
  }
  const b = s.ball
  if (!(Math.abs(b[BALL.x]) < 60 && Math.abs(b[BALL.y]) < 41 && b[BALL.z] > 0 && b[BALL.z] < 40)) {
    throw new Error(`step ${s.t}: the ball is at (${b[BALL.x]}, ${b[BALL.y]}, ${b[BALL.z]}) m`)
  }
  const owner = s.world[WORLD.owner]
  if (owner >= 0 && s.active[owner] === 0) throw new Error(`step ${s.t}: the ball is with a player sent off`)
}
