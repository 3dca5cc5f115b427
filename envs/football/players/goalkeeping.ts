import { startKick } from '../physics/kicks.ts'
import { want } from '../physics/motion.ts'
import { BOX_X, BOX_Y, clamp, GOAL_HALF_WIDTH, HALF_LENGTH } from '../physics/pitch.ts'
import { BALL, DOING, type FootballState, STICKY, WORLD } from '../state.ts'
import { distance2, endOf, firstOf, ordered, sideOf, teamOf } from '../teams.ts'
import { go, press } from './defending.ts'

/** Steps a keeper keeps the ball before he throws or kicks it. */
const KEEP = 8
/** He gives it to a free team mate at about this distance, in metres; being freer than this counts no more. */
const GIVES = 14
const FREE = 11
/** How far a keeper stands before his goal, in metres, by the ball's distance from it (measured). */
const DISTANCES = [0, 20, 40, 50, 60, 70]
const OUT = [1, 1.8, 1.6, 3, 6, 10]
/** An attacker nearer than this, with nobody between, is met: up to so far before the goal, and never nearer to him. */
const MEETS = 34
const MEETS_OUT = 9
const KEEPS_OFF = 2.6
/** One who sprints (wants more than this, in m/s) he meets no faster than the next; on his toes, he sets off at the last. */
const SPRINTS = 6
const WARY = 4
const SPRINGS = 1.8
/** One who runs at the goal from this near he throws himself at. */
const RUSH = 12
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
    // With nobody to do it for him, or hardly anybody, he goes for a ball far out as well.
    const field = s.setup.field[team]
    const alone = field === 0 && (rival < 0 || s.reach[p] <= s.reach[rival])
    if (alone || (field === 1 && bx < 0 && soonest)) {
      go(s, p, s.meetX[p], s.meetY[p], s.setup.top[p])
      return
    }
  }
  // A keeper who was left behind the ball is a field player until he is back.
  if (owner >= 0 && teamOf(s, owner) !== team && side * s.x[p] > bx + 1 && s.world[WORLD.mode] === 0) {
    press(s, p, owner)
    return
  }
  if (rushes(s, p, owner, bx, by)) return
  if (s.world[WORLD.mode] === 0 && ordered(s, team, STICKY.rush) && bx < 0) {
    s.eager[p] = 1
    go(s, p, b[BALL.x], b[BALL.y], s.setup.top[p])
    return
  }
  // On the line from the ball to the goal's middle; farther out while the ball is far, or an attacker is alone.
  const dx = bx + HALF_LENGTH
  const d = Math.sqrt(dx * dx + by * by) + 1e-9
  const alone = unguarded(s, p, bx, d)
  const out = alone ? clamp(d - KEEPS_OFF, 0.4, MEETS_OUT) : outBy(d)
  const x = -HALF_LENGTH + (out * dx) / d
  const narrow = alone ? GOAL_HALF_WIDTH + 4 : GOAL_HALF_WIDTH - 0.6
  const y = clamp((out * by) / d, -narrow, narrow)
  const away = distance2(s, p, side * x, side * y)
  if (alone && away > 0.25) {
    const sprints = owner >= 0 && s.goSpeed[owner] > SPRINTS
    const dx = (side * x - s.x[p]) / Math.sqrt(away)
    const dy = (side * y - s.y[p]) / Math.sqrt(away)
    const pace = sprints ? WARY : s.setup.top[p]
    want(s, p, pace * dx, pace * dy)
    if (s.vx[p] === 0 && s.vy[p] === 0) {
      s.vx[p] = SPRINGS * dx
      s.vy[p] = SPRINGS * dy
    }
  } else go(s, p, side * x, side * y, away > 16 ? s.setup.top[p] : 3.5)
}

function outBy(d: number): number {
  for (let i = 1; i < DISTANCES.length; i++) {
    if (d > DISTANCES[i]) continue
    const part = (d - DISTANCES[i - 1]) / (DISTANCES[i] - DISTANCES[i - 1])
    return OUT[i - 1] + part * (OUT[i] - OUT[i - 1])
  }
  return OUT[OUT.length - 1]
}

/** The other team is at the ball, not far away, and no field player stands between it and the goal. */
function unguarded(s: FootballState, p: number, bx: number, d: number): boolean {
  const w = s.world
  if (d > MEETS || w[WORLD.mode] !== 0) return false
  const team = teamOf(s, p)
  const owner = w[WORLD.owner]
  const rival = w[team === 0 ? WORLD.chaserRight : WORLD.chaserLeft]
  const mine = w[team === 0 ? WORLD.chaserLeft : WORLD.chaserRight]
  if (owner >= 0 ? teamOf(s, owner) === team : rival < 0 || s.reach[rival] > 0.6) return false
  if (owner < 0 && mine >= 0 && s.reach[mine] < s.reach[rival]) return false
  const side = sideOf(s, p)
  for (let q = firstOf(s, team); q < endOf(s, team); q++) {
    if (q !== p && s.active[q] && side * s.x[q] < bx && Math.abs(s.y[q]) < Math.abs(s.ball[BALL.y]) + 6)
      return false
  }
  return true
}

/** A lone attacker who runs at the goal is met: the keeper throws himself at the ball. */
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
    const worth = Math.min(FREE, Math.sqrt(open)) - 0.3 * Math.abs(d - GIVES)
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
