import type { Macro } from '#core/env/env'
import * as A from '../actions.ts'
import { HALF_LENGTH, HALF_WIDTH, METRES_X, METRES_Y } from '../physics/pitch.ts'
import { type FootballState, WORLD } from '../state.ts'
import { endOf, firstOf, sideOf, teamOf } from '../teams.ts'

/** Most steps of a repeated direction, and of a kick until somebody has the ball. */
const REPEAT = 10
const WAIT = 60
/** How many positions ahead are looked at, and how near an opponent may come to them (GRF units). */
const AHEAD = 6
const NEAR = 0.01

/**
 * MageBench's "adapting" play: a direction chosen twice in a row is repeated while the way is clear; a pass or
 * shot is alternated with the last direction until the ball leaves the passer, then the built-in AI (where the
 * action set has it) plays until somebody receives it.
 */
export const adapting: Macro<FootballState> = {
  next(s, seat, action, step) {
    if (step === 0) return action
    if (s.terminated || s.truncated) return null
    if (action >= A.LEFT && action <= A.BOTTOM_LEFT) return again(s, seat, action, step)
    if (action >= A.LONG_PASS && action <= A.SHOT) return until(s, seat, action, step)
    return null
  },
}

function again(s: FootballState, seat: number, action: number, step: number): number | null {
  // Steady for longer than this decision lasts: the direction was chosen before it, too.
  const twice = s.seatDirection[seat] === action && s.seatSteady[seat] >= step
  return twice && step < REPEAT && clear(s, seat, action) ? action : null
}

/** The next positions lie in the pitch, away from opponents. */
function clear(s: FootballState, seat: number, action: number): boolean {
  const p = s.seatPlayer[seat]
  const side = sideOf(s, p)
  const team = teamOf(s, p)
  const speed = 0.1 * Math.sqrt(s.vx[p] * s.vx[p] + s.vy[p] * s.vy[p])
  for (let i = 1; i <= AHEAD; i++) {
    const x = s.x[p] + side * A.DIRECTION_X[action] * speed * i
    const y = s.y[p] + side * A.DIRECTION_Y[action] * speed * i
    if (Math.abs(x) > HALF_LENGTH || Math.abs(y) > HALF_WIDTH) return false
    for (let q = firstOf(s, 1 - team); q < endOf(s, 1 - team); q++) {
      const dx = (s.x[q] - x) / METRES_X
      const dy = (s.y[q] - y) / METRES_Y
      if (dx * dx + dy * dy < NEAR * NEAR) return false
    }
  }
  return true
}

function until(s: FootballState, seat: number, action: number, step: number): number | null {
  const w = s.world
  const owner = w[WORLD.owner]
  if (step > WAIT) return null
  const leaves = owner >= 0 && s.seat[owner] === seat && s.doing[owner] !== 0
  if (leaves) return step % 2 === 1 && s.seatDirection[seat] > 0 ? s.seatDirection[seat] : action
  if (owner >= 0 || w[WORLD.mode] !== 0) return null
  return s.config.actionSet === 'full' ? A.BUILTIN_AI : A.IDLE
}
