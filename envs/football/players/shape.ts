import { clamp, HALF_LENGTH, HALF_WIDTH } from '../physics/pitch.ts'
import { BALL, type FootballState, WORLD } from '../state.ts'
import { endOf, firstOf, sideOf, teamOf } from '../teams.ts'

/** A defending team of n field players of ten is this much of a block: few stand far back and close together. */
const TEN = 9

/** Where the last (depth 0) and the first (1) of a defending team's field players stand, in m of its own frame. */
function blockX(s: FootballState, team: 0 | 1, ballX: number, depth: number): number {
  const { back, front, follow } = s.setup.fitted
  const whole = (s.setup.field[team] - 1) / TEN
  // A lone defender, measured: 18.8 m behind six tenths of the ball's way.
  const first = ALONE + (front - ALONE) * whole
  const last = ALONE + (back - ALONE) * whole
  return follow * ballX + last + (first - last) * depth
}
const ALONE = -18.8

/** How far the ball is beyond the first place of a defending team's block, in m; negative inside of it. */
export function beyondBlock(s: FootballState, team: 0 | 1): number {
  const ballX = (team === 0 ? 1 : -1) * s.ball[BALL.x]
  return ballX - blockX(s, team, ballX, 1)
}

/**
 * Sets player p's target to his place in the team's shape, which moves and narrows with the ball; marks when
 * defending. In the team's own frame throughout.
 */
export function takeShape(s: FootballState, p: number): void {
  const side = sideOf(s, p)
  const team = teamOf(s, p)
  const ballX = (side * s.ball[BALL.x]) / HALF_LENGTH
  const ballY = (side * s.ball[BALL.y]) / HALF_WIDTH
  const attacking = s.world[WORLD.team] === team
  const field = s.setup.field[team]
  const homeX = s.setup.homeX[p]
  const homeY = s.setup.homeY[p]
  let x: number
  let y: number
  if (!attacking) {
    x = blockX(s, team, side * s.ball[BALL.x], s.setup.depth[p]) / HALF_LENGTH
    y = 0.62 * homeY + 0.35 * Math.min(1, (field - 1) / TEN) * ballY
    if (homeX < -0.45) x = Math.min(x, 0.05)
  } else if (field < FEW) {
    // A few run on beside and before the ball; near the goal the wings come inside.
    x = Math.max((side * s.setup.startX[p]) / HALF_LENGTH, ballX + 0.04)
    y = (side * s.setup.startY[p]) / HALF_WIDTH
    y *= 1 - 0.6 * clamp((x - 0.6) / 0.3, 0, 1)
  } else {
    x = 0.55 * homeX + 0.6 * ballX + 0.14
    if (homeX > -0.2) x += 0.08 + (ballX > 0.1 ? 0.3 * (ballX - 0.1) : 0)
    y = 0.95 * homeY + 0.15 * ballY
    if (x > 0.6) y *= 0.6
    // Defenders stay behind, and the rest come into the box one after the other.
    x = Math.min(x, homeX < -0.45 ? 0.32 : 0.8 + 0.3 * homeX)
  }
  x = clamp(x, -0.9, 0.88) * HALF_LENGTH
  y = clamp(y, -0.92, 0.92) * HALF_WIDTH
  if (attacking && s.config.scenario.offsides) x = Math.min(x, onsideX(s, team) + s.setup.fitted.onside)
  s.targetX[p] = side * x
  s.targetY[p] = side * y
  if (!attacking && field >= FEW && x < 15) mark(s, p, side)
}
/** So few field players keep no shape of their own when they attack, and mark nobody. */
const FEW = 4

/** How far up players of a team are onside, in its frame: the ball, the second last opponent or the half-way line. */
export function onsideX(s: FootballState, team: 0 | 1): number {
  const side = team === 0 ? 1 : -1
  return Math.max(0, secondLast(s, team), side * s.ball[BALL.x])
}

/** How far up the second last opponent of a team stands, in its frame. */
export function secondLast(s: FootballState, team: number): number {
  const side = team === 0 ? 1 : -1
  let last = -1e9
  let second = -1e9
  for (let q = firstOf(s, 1 - team); q < endOf(s, 1 - team); q++) {
    if (s.active[q] === 0) continue
    const x = side * s.x[q]
    if (x > last) {
      second = last
      last = x
    } else if (x > second) second = x
  }
  return second
}

/** Opponents are marked from here to the own goal, in metres of the own frame. */
const MARKED = -14

/** A defender leaves his place for the nearest opponent in it, and stands between him and the goal. */
function mark(s: FootballState, p: number, side: number): void {
  const team = teamOf(s, p)
  const x = s.targetX[p]
  const y = s.targetY[p]
  const owner = s.world[WORLD.owner]
  let best = -1
  let least = 80
  for (let q = firstOf(s, 1 - team); q < endOf(s, 1 - team); q++) {
    if (q === owner || s.active[q] === 0 || side * s.x[q] > MARKED) continue
    const dx = s.x[q] - x
    const dy = s.y[q] - y
    const d2 = dx * dx + dy * dy
    if (d2 < least) {
      least = d2
      best = q
    }
  }
  if (best < 0) return
  const gx = -side * HALF_LENGTH - s.x[best]
  const gy = -s.y[best]
  const g = Math.sqrt(gx * gx + gy * gy) + 1e-9
  s.targetX[p] = s.x[best] + (1.8 * gx) / g
  s.targetY[p] = s.y[best] + (1.8 * gy) / g
}
