import { go } from './ai.ts'
import { startKick } from './kicks.ts'
import { want } from './motion.ts'
import { BOX_X, BOX_Y, clamp, GOAL_HALF_WIDTH, HALF_LENGTH } from './pitch.ts'
import { BALL, DOING, type FootballState, STICKY, WORLD } from './state.ts'
import { distance2, endOf, firstOf, ordered, sideOf, teamOf } from './teams.ts'

/** Steps a keeper keeps the ball before he throws or kicks it. */
const KEEP = 14
/** He comes out to meet an attacker this near to the goal, in metres, at this pace. */
const RUSH = 19
const RUSH_PACE = 5

/** Without the ball: between ball and goal, near the line; out to a loose ball that he reaches first. */
export function guardGoal(s: FootballState, p: number): void {
  const side = sideOf(s, p)
  const b = s.ball
  const team = teamOf(s, p)
  const bx = side * b[BALL.x]
  const by = side * b[BALL.y]
  const owner = s.world[WORLD.owner]
  const rival = s.world[team === 0 ? WORLD.chaserRight : WORLD.chaserLeft]
  if (owner < 0 && s.world[WORLD.mode] === 0) {
    const mx = side * s.meetX[p]
    const speed2 = b[BALL.vx] * b[BALL.vx] + b[BALL.vy] * b[BALL.vy]
    const inBox = mx < -BOX_X + 2 && Math.abs(s.meetY[p]) < BOX_Y
    const soonest = rival < 0 || s.reach[p] + 0.1 < s.reach[rival]
    if (inBox && soonest && speed2 < 225) {
      go(s, p, s.meetX[p], s.meetY[p], s.setup.top[p])
      return
    }
    const mates = endOf(s, team) - firstOf(s, team)
    if (mates <= 2 && bx < 0 && soonest) {
      go(s, p, s.meetX[p], s.meetY[p], s.setup.top[p])
      return
    }
  }
  if (rushes(s, p, owner, bx, by)) return
  if (s.world[WORLD.mode] === 0 && ordered(s, team, STICKY.rush) && bx < 0) {
    s.eager[p] = 1
    go(s, p, b[BALL.x], b[BALL.y], s.setup.top[p])
    return
  }
  // On the line from the ball to the goal's middle; farther out while the ball is far.
  const dx = bx + HALF_LENGTH
  const d = Math.sqrt(dx * dx + by * by) + 1e-9
  const out = clamp(0.4 + 0.05 * (d - 5), 0.4, d > 50 ? 9 : 1.6)
  const x = -HALF_LENGTH + (out * dx) / d
  const y = clamp((out * by) / d, -GOAL_HALF_WIDTH + 0.6, GOAL_HALF_WIDTH - 0.6)
  const away = distance2(s, p, side * x, side * y)
  go(s, p, side * x, side * y, away > 16 ? s.setup.top[p] : 3.5)
}

/** A lone attacker who runs at the goal is met: the keeper comes out and throws himself at the ball. */
function rushes(s: FootballState, p: number, owner: number, bx: number, by: number): boolean {
  const team = teamOf(s, p)
  if (owner < 0 || teamOf(s, owner) === team || s.world[WORLD.mode] !== 0) return false
  const dx = bx + HALF_LENGTH
  const d2 = dx * dx + by * by
  const side = sideOf(s, p)
  const towards = -side * s.vx[owner]
  const chaser = s.world[team === 0 ? WORLD.chaserLeft : WORLD.chaserRight]
  const covered = chaser >= 0 && chaser !== p && side * s.x[chaser] < bx && s.reach[chaser] < 0.8
  if (d2 > RUSH * RUSH || towards < 2.5 || covered) return false
  s.eager[p] = 1
  go(s, p, s.ball[BALL.x] + 0.4 * s.vx[owner], s.ball[BALL.y] + 0.4 * s.vy[owner], RUSH_PACE)
  return true
}

/** With the ball in his hands: waits, then gives it to the team mate who is most free. */
export function keepBall(s: FootballState, p: number): void {
  want(s, p, 0, 0)
  if (s.doing[p] !== DOING.nothing || s.world[WORLD.held] < KEEP) return
  const team = teamOf(s, p)
  const side = sideOf(s, p)
  let best = -1
  let most = -1e9
  for (let q = firstOf(s, team); q < endOf(s, team); q++) {
    if (q === p || s.active[q] === 0) continue
    let open = 400
    for (let o = firstOf(s, 1 - team); o < endOf(s, 1 - team); o++) {
      if (s.active[o]) open = Math.min(open, distance2(s, o, s.x[q], s.y[q]))
    }
    const d = Math.sqrt(distance2(s, q, s.x[p], s.y[p]))
    const worth = Math.sqrt(open) - 0.15 * Math.abs(d - 24)
    if (worth > most) {
      most = worth
      best = q
    }
  }
  if (best < 0) {
    startKick(s, p, DOING.high, side, 0, -1)
    return
  }
  const dx = s.x[best] - s.x[p]
  const dy = s.y[best] - s.y[p]
  const d = Math.sqrt(dx * dx + dy * dy) + 1e-9
  startKick(s, p, d > 22 ? DOING.high : DOING.short, dx / d, dy / d, best)
}
