import { BALL, type FootballState, WORLD } from './state.ts'
import { teamOf } from './teams.ts'

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
  w[WORLD.owner] = p
  w[WORLD.toucher] = p
  w[WORLD.team] = teamOf(s, p)
  w[WORLD.receiver] = -1
  s.offside.fill(0)
}
