import { BALL, type FootballState, WORLD } from '../state.ts'
import { teamOf } from '../teams.ts'
import { EVENTS } from '../words.ts'

/** A player's control point lies this far ahead: seconds of his velocity, metres of his facing (read from GRF). */
const AHEAD_BY_SPEED = 0.05
const AHEAD_BY_FACING = 0.1

/** Square of the distance from the player's control point to the ball. */
export function ballDistance2(s: FootballState, p: number): number {
  const dx = s.ball[BALL.x] - s.x[p] - AHEAD_BY_SPEED * s.vx[p] - AHEAD_BY_FACING * s.fx[p]
  const dy = s.ball[BALL.y] - s.y[p] - AHEAD_BY_SPEED * s.vy[p] - AHEAD_BY_FACING * s.fy[p]
  return dx * dx + dy * dy
}

/** Player p has the ball from now on. */
export function own(s: FootballState, p: number): void {
  const w = s.world
  const team = teamOf(s, p)
  const kicker = w[WORLD.kicker]
  if (kicker >= 0 && kicker !== p && w[WORLD.toucher] === kicker && teamOf(s, kicker) === team) {
    w[WORLD.events] |= EVENTS.received
    w[team === 0 ? WORLD.passesLeft : WORLD.passesRight]++
  }
  w[WORLD.owner] = p
  w[WORLD.toucher] = p
  w[WORLD.team] = team
  w[WORLD.receiver] = -1
  s.offside.fill(0)
}
