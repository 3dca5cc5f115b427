import { chance } from '../chance.ts'
import { RUN, slide, want } from '../physics/motion.ts'
import { HALF_LENGTH } from '../physics/pitch.ts'
import { BALL, type FootballState, STICKY, WORLD } from '../state.ts'
import { distance2, endOf, firstOf, ordered, sideOf, teamOf } from '../teams.ts'
import { beyondBlock } from './shape.ts'

/** A defender keeps this far from a carrier who stands still, in metres, until he lunges at him. */
const JOCKEY = 2.4
/** Who leaves the block to press a still carrier needs so many others between the ball and the goal. */
const COVER = 3
/** Who is this much farther from his goal than the ball still helps, in metres. */
const AT_HAND = 8
/** A carrier who stands in a corner, nearer to the goal line than this and farther out, is only contained by bad teams. */
const TIMID = 0.3
const CORNER = 10
const CORNER_WIDTH = 24
/** A carrier is still below this speed that he wants, in m/s, and no nearer to the goal than this, in metres. */
const STILL = 1
const NEAR_GOAL = 8
/** Within this many metres a defender shadows the carrier, and one who runs at his goal from farther away. */
const SHADOW = 5
const DELAYED = 14
/** He closes in on a place so many metres on the goal's side of the ball, by this share of the way per second. */
const STAND = 0.45
const CLOSING = 2.2
/**
 * One who runs at the goal he closes in on this much faster than that one runs, in m/s: before he is near, when he is,
 * and when the carrier is a built-in player, who keeps his body between.
 */
const CLOSING_FAR = 1.5
const CLOSING_NEAR = 6
const CLOSING_SHIELDED = 3
const CLOSING_STILL = 8
/** From so many metres he is near. */
const CLOSE_BY = 8
/** Chance per step that he slides for a ball that is near, and not yet at his feet. */
const SLIDES = 0.012
/** Share of his sprint at which a defender runs after a carrier: one who sprints is not caught. */
const CHASE = 0.94
/** With fewer to cover him he stands off a carrier in the middle, so far from him, and no farther from the block than this. */
export const STAND_OFF = 5
const STAND_OFF_BEYOND = 10
const STAND_OFF_WIDTH = 15
/** A tackle once begun is carried through, for these sub-steps. */
export const LUNGING = 240

/** Whether player p leaves the block for the carrier: at one who moves, or with enough others behind him. */
export function presses(s: FootballState, p: number, owner: number): boolean {
  if (s.goSpeed[owner] >= STILL || ordered(s, teamOf(s, p), STICKY.teamPressure)) return true
  const gx = sideOf(s, p) * s.ball[BALL.x] + HALF_LENGTH
  if (gx * gx + s.ball[BALL.y] * s.ball[BALL.y] < NEAR_GOAL * NEAR_GOAL) return true
  const timid = s.setup.difficulty[teamOf(s, p)] < TIMID
  if (timid && gx < CORNER && Math.abs(s.ball[BALL.y]) > CORNER_WIDTH) return false
  return cover(s, p) >= COVER && beyondBlock(s, teamOf(s, p)) < s.setup.fitted.pressBeyond
}

/** Goes for the carrier from the goal's side; waits before one who stands still, or holds it out of reach. */
export function press(s: FootballState, p: number, owner: number): void {
  const w = s.world
  if (w[WORLD.hands] >= 0) {
    want(s, p, 0, 0)
    return
  }
  const bx = s.ball[BALL.x]
  const by = s.ball[BALL.y]
  const gx = -sideOf(s, p) * HALF_LENGTH - bx
  const gy = -by
  const g = Math.sqrt(gx * gx + gy * gy) + 1e-9
  const d = Math.sqrt(distance2(s, p, bx, by))
  const still = s.goSpeed[owner] < STILL && g > NEAR_GOAL
  const keeper = s.setup.keeper[teamOf(s, p)] === p
  if (still && s.busy[p] === 0 && !keeper) {
    const { lunge, lungeSkill } = s.setup.fitted
    const behind = Math.max(0, cover(s, p) - COVER + 1)
    if (chance(s, lunge * behind * behind + (d < 8 ? lungeSkill * s.setup.difficulty[teamOf(s, p)] : 0)))
      s.busy[p] = LUNGING
  }
  if (still && s.busy[p] === 0) {
    before(s, p, JOCKEY)
    return
  }
  s.eager[p] = 1
  if (d > 1 && d < 2.4 && chance(s, SLIDES)) {
    slide(s, p)
    return
  }
  const pace = CHASE * s.setup.top[p] * (0.85 + 0.15 * s.setup.difficulty[teamOf(s, p)])
  const towards = (s.vx[owner] * gx + s.vy[owner] * gy) / g
  if (d < SHADOW || (towards > 2 && d < DELAYED)) {
    // He moves as the carrier does, backing off before him, and closes in on a place between ball and goal.
    const tx = bx + (STAND * gx) / g - s.x[p]
    const ty = by + (STAND * gy) / g - s.y[p]
    const t = Math.sqrt(tx * tx + ty * ty) + 1e-9
    const near = s.eager[owner] === 0 ? CLOSING_SHIELDED : CLOSING_NEAR
    const most = towards > 2 ? (d > CLOSE_BY ? CLOSING_FAR : near) : CLOSING_STILL
    const closing = Math.min(CLOSING * t, most)
    const wx = s.vx[owner] + (closing * tx) / t
    const wy = s.vy[owner] + (closing * ty) / t
    const w = Math.sqrt(wx * wx + wy * wy) + 1e-9
    const speed = Math.min(pace, w)
    want(s, p, (speed * wx) / w, (speed * wy) / w)
    return
  }
  // Farther away he meets him where he will be.
  const ahead = Math.min(1.2, d / 9)
  go(s, p, bx + ahead * s.vx[owner], by + ahead * s.vy[owner], pace)
}

/** Whether player p only delays a carrier: one inside of the block, or in the middle where he is not alone. */
export function standsOff(s: FootballState, p: number): boolean {
  const beyond = beyondBlock(s, teamOf(s, p))
  if (beyond < 0) return true
  return cover(s, p) >= 1 && beyond < STAND_OFF_BEYOND && Math.abs(s.ball[BALL.y]) < STAND_OFF_WIDTH
}

/** Player p goes to a place so many metres before the ball, on the way to his goal. */
export function before(s: FootballState, p: number, metres: number): void {
  const bx = s.ball[BALL.x]
  const by = s.ball[BALL.y]
  const gx = -sideOf(s, p) * HALF_LENGTH - bx
  const g = Math.sqrt(gx * gx + by * by) + 1e-9
  go(s, p, bx + (metres * gx) / g, by - (metres * by) / g, RUN)
}

/** Field players of p's team, beside him, who are behind the ball or about as near to their goal. */
function cover(s: FootballState, p: number): number {
  const team = teamOf(s, p)
  const side = sideOf(s, p)
  const bx = side * s.ball[BALL.x]
  const far = Math.sqrt((bx + HALF_LENGTH) * (bx + HALF_LENGTH) + s.ball[BALL.y] * s.ball[BALL.y]) + AT_HAND
  let count = 0
  for (let q = firstOf(s, team); q < endOf(s, team); q++) {
    if (q === p || q === s.setup.keeper[team] || s.active[q] === 0) continue
    if (side * s.x[q] < bx + 2 || distance2(s, q, -side * HALF_LENGTH, 0) < far * far) count++
  }
  return count
}

/** Player p goes to (x, y) at up to `pace` m/s, and stands there. */
export function go(s: FootballState, p: number, x: number, y: number, pace: number): void {
  const dx = x - s.x[p]
  const dy = y - s.y[p]
  const d = Math.sqrt(dx * dx + dy * dy)
  if (d < 0.25) {
    want(s, p, 0, 0)
    return
  }
  const keen = 0.84 + 0.16 * s.setup.difficulty[teamOf(s, p)]
  const speed = keen * (d < 2 ? Math.min(pace, 1 + 2 * d) : pace)
  want(s, p, (speed * dx) / d, (speed * dy) / d)
}
