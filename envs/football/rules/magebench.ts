import { METRES_X, METRES_Y } from '../physics/pitch.ts'
import { BALL, type FootballState, TERMS, WORLD } from '../state.ts'
import { endOf, firstOf, sideOf, teamOf } from '../teams.ts'
import { EVENTS } from '../words.ts'

/**
 * MageBench's football reward (arXiv 2412.04531, microsoft/MageBench): six terms, all times 20, in Google
 * Research Football's coordinates with the seat's team attacking to the right.
 */
const SCALE = 20
const OPPONENTS = 11
const [ADVANCE, PASSED, LEAD, STOLEN, RECEIVED, SHOT] = [
  TERMS.indexOf('advance'),
  TERMS.indexOf('opponents_passed'),
  TERMS.indexOf('lead'),
  TERMS.indexOf('stolen'),
  TERMS.indexOf('pass_received'),
  TERMS.indexOf('shot_taken'),
]
/** Points of the goal mouth a shot may go to, and how many places of each line are looked at. */
const MOUTH = [-0.044, -0.02, 0, 0.022, 0.044]
const SAMPLES = 100

/** Writes the six terms of a seat into `state.terms` from index `at`. */
export function magebench(s: FootballState, seat: number, at: number): void {
  const w = s.world
  const p = s.seatPlayer[seat]
  const side = sideOf(s, p)
  const team = teamOf(s, p)
  const owner = w[WORLD.owner]
  const owns = owner >= 0 && teamOf(s, owner) === team
  const events = w[WORLD.events]
  const x = (side * s.ball[BALL.x]) / METRES_X
  const terms = s.terms
  if (owns) {
    const passed = leftOfBall(s, team, side)
    if (s.leftOfBall[seat] >= 0) {
      terms[at + ADVANCE] = SCALE * 0.8 * Math.max(0, x - s.bestX[seat])
      terms[at + PASSED] = (SCALE * (passed - s.leftOfBall[seat])) / OPPONENTS
      s.bestX[seat] = Math.max(x, s.bestX[seat])
    } else s.bestX[seat] = x
    s.leftOfBall[seat] = passed
  }
  if (w[team === 0 ? WORLD.left : WORLD.right] > 0) terms[at + LEAD] = SCALE * 2
  const stolen = owner >= 0 && !owns && w[WORLD.taken] === team && s.shotPaid[seat] === 0
  if (stolen) terms[at + STOLEN] = SCALE * (s.t / s.config.scenario.duration)
  if (events & EVENTS.received && owns) {
    const passes = w[team === 0 ? WORLD.passesLeft : WORLD.passesRight] - 1
    terms[at + RECEIVED] = SCALE * 20 * clearPass(s, team, side) * power(0.75, passes)
  }
  if (events & EVENTS.shot && teamOf(s, w[WORLD.kicker]) === team) {
    if (s.shotPaid[seat] === 0) terms[at + SHOT] = SCALE * shotWorth(s, team, side)
    s.shotPaid[seat] = 1
  } else if (owner >= 0 && owner !== w[WORLD.kicker]) s.shotPaid[seat] = 0
}

function power(base: number, exponent: number): number {
  let result = 1
  for (let i = 0; i < exponent; i++) result *= base
  return result
}

/** Opponents farther from their goal than the ball. */
function leftOfBall(s: FootballState, team: number, side: number): number {
  let count = 0
  for (let q = firstOf(s, 1 - team); q < endOf(s, 1 - team); q++) {
    if (side * s.x[q] < side * s.ball[BALL.x]) count++
  }
  return count
}

/** How free the receiver is: the least of the opponents' distance / (10 max(cos(angle to the goal), 0) + 1). */
function clearPass(s: FootballState, team: number, side: number): number {
  const bx = (side * s.ball[BALL.x]) / METRES_X
  const by = (side * s.ball[BALL.y]) / METRES_Y
  const gx = 1 - bx
  const g = Math.sqrt(gx * gx + by * by) + 1e-9
  let least = 1e9
  for (let q = firstOf(s, 1 - team); q < endOf(s, 1 - team); q++) {
    if (s.active[q] === 0) continue
    const dx = (side * s.x[q]) / METRES_X - bx
    const dy = (side * s.y[q]) / METRES_Y - by
    const d = Math.sqrt(dx * dx + dy * dy) + 1e-9
    const cos = (dx * gx - dy * by) / (d * g)
    least = Math.min(least, d / (10 * Math.max(cos, 0) + 1))
  }
  return least
}

/** min(100 clear near, 2/3): how far opponents are from the clearest line to the goal, and how near it is. */
function shotWorth(s: FootballState, team: number, side: number): number {
  const bx = (side * s.ball[BALL.x]) / METRES_X
  const by = (side * s.ball[BALL.y]) / METRES_Y
  let clear = 0
  for (const mouth of MOUTH) {
    let least = 1e9
    for (let q = firstOf(s, 1 - team); q < endOf(s, 1 - team); q++) {
      if (s.active[q] === 0) continue
      const qx = (side * s.x[q]) / METRES_X
      const qy = (side * s.y[q]) / METRES_Y
      for (let i = 0; i < SAMPLES; i++) {
        const part = i / (SAMPLES - 1)
        const dx = bx + part * (1 - bx) - qx
        const dy = by + part * (mouth - by) - qy
        least = Math.min(least, dx * dx + dy * dy)
      }
    }
    clear = Math.max(clear, least)
  }
  const near = 1 - bx < 0.3 ? 1 : Math.max(bx, 0)
  return Math.min(100 * Math.sqrt(clear) * near, 2 / 3)
}
