import { chance } from './chance.ts'
import { startKick } from './kicks.ts'
import { RUN_WITH_BALL, SPRINT_WITH_BALL, want } from './motion.ts'
import { clamp, GOAL_HALF_WIDTH, HALF_LENGTH, HALF_WIDTH } from './pitch.ts'
import { secondLast } from './shape.ts'
import { DOING, type FootballState, WORLD } from './state.ts'
import { endOf, firstOf, sideOf, teamOf } from './teams.ts'

/** Steps between two decisions of the player with the ball. */
const DECIDE = 2
/** He sprints where the cosine of his turn is above this. */
const STRAIGHT = 0.7

/** The player with the ball shoots, passes or runs with it. */
export function playBall(s: FootballState, p: number): void {
  if (s.doing[p] !== DOING.nothing) return
  const w = s.world
  if (w[WORLD.mode] !== 0) {
    want(s, p, 0, 0)
    if (w[WORLD.waited] >= w[WORLD.patience]) restart(s, p)
    return
  }
  if (s.t % DECIDE !== 0) return
  const team = teamOf(s, p)
  const side = sideOf(s, p)
  const gx = HALF_LENGTH - side * s.x[p]
  const y = side * s.y[p]
  const g = Math.sqrt(gx * gx + y * y) + 1e-9
  let pressure = 1e9
  let ahead = 1e9
  let behind = 1e9
  for (let q = firstOf(s, 1 - team); q < endOf(s, 1 - team); q++) {
    if (s.active[q] === 0) continue
    const dx = side * (s.x[q] - s.x[p])
    const dy = side * (s.y[q] - s.y[p])
    const d = Math.sqrt(dx * dx + dy * dy)
    if (d < pressure) pressure = d
    const forward = (dx * gx - dy * y) / g
    if (forward > 0) {
      if (d < ahead && forward > 0.5 * d) ahead = d
    } else if (d < behind) behind = d
  }
  if (shoots(s, p, gx, y, g, pressure)) return
  if (passes(s, p, pressure, ahead)) return
  dribble(s, p, gx, y, g, ahead, behind)
}

/** Shoots when the goal is near and wide enough to the eye. */
function shoots(s: FootballState, p: number, gx: number, y: number, g: number, pressure: number): boolean {
  const width = (2 * GOAL_HALF_WIDTH * gx) / (g * g)
  const keeper = s.setup.keeper[1 - teamOf(s, p)]
  const side = sideOf(s, p)
  const open = keeper < 0 || side * s.x[keeper] < side * s.x[p]
  const wish = eagerness(open, g, width, pressure)
  if (wish === 0 || width < 0.16 || !chance(s, wish)) return false
  // Into the half of the goal that the keeper leaves.
  const wide = keeper < 0 ? 0 : clamp(-0.35 * side * s.y[keeper], -0.8, 0.8)
  const corner =
    keeper < 0 || open ? 0 : (wide === 0 ? Math.sign(y) : Math.sign(wide)) * 0.7 * GOAL_HALF_WIDTH
  aim(s, p, DOING.shot, gx, corner - y, -1)
  return true
}

/** Chance of a shot at this decision, by distance to the goal, its width to the eye and the pressure. */
function eagerness(open: boolean, g: number, width: number, pressure: number): number {
  if (open) return g < 22 ? 1 : 0
  if (g < 12) return 0.9
  // With nobody near there is time to go nearer.
  if (g < 20 && width > 0.22) return pressure > 5 ? 0.06 : 0.5
  return g < 27 && pressure > 2 ? 0.12 : 0
}

function aim(s: FootballState, p: number, kind: number, x: number, y: number, meant: number): void {
  const side = sideOf(s, p)
  const d = Math.sqrt(x * x + y * y) + 1e-9
  startKick(s, p, kind, (side * x) / d, (side * y) / d, meant)
}

/** Looks for a better placed team mate whom the ball can reach. */
function passes(s: FootballState, p: number, pressure: number, ahead: number): boolean {
  const team = teamOf(s, p)
  const side = sideOf(s, p)
  const px = side * s.x[p]
  const py = side * s.y[p]
  // What running on is worth: much with space ahead, little under pressure.
  let most = 0.25 + 0.045 * Math.min(ahead, 12) - (pressure < 2.5 ? 0.35 : 0) + (px > 18 ? 0.22 : 0)
  let best = -1
  let lane = 0
  let length = 0
  const keeper = s.setup.keeper[team]
  const line = secondLast(s, team)
  let through = false
  for (let q = firstOf(s, team); q < endOf(s, team); q++) {
    if (q === p || s.active[q] === 0 || (q === keeper && pressure > 3)) continue
    const dx = side * s.x[q] - px
    const dy = side * s.y[q] - py
    const d2 = dx * dx + dy * dy
    if (d2 < 25 || d2 > 1600) continue
    const d = Math.sqrt(d2)
    let open = 12
    let margin = 3
    for (let o = firstOf(s, 1 - team); o < endOf(s, 1 - team); o++) {
      if (s.active[o] === 0) continue
      const ox = side * s.x[o] - px
      const oy = side * s.y[o] - py
      const t = (ox * dx + oy * dy) / d2
      const away = Math.sqrt((ox - dx) * (ox - dx) + (oy - dy) * (oy - dy))
      if (away < open) open = away
      if (t <= 0 || t >= 1) continue
      const across = Math.abs(ox * dy - oy * dx) / d
      const slack = across - 0.9 - Math.max(0, 5 * ((t * d) / 15 - 0.25))
      if (slack < margin) margin = slack
    }
    const nearGoal = clamp((px + dx - 22) / 22, 0, 1) * (1 - Math.abs(py + dy) / HALF_WIDTH)
    const behind = px + dx > line - 5 && line < 44 && dx > 5 && d < 32 && px > -15
    const worth =
      (behind ? 0.35 : 0) +
      0.035 * dx +
      0.05 * open +
      0.12 * Math.max(-3, margin) -
      0.01 * Math.abs(d - 13) +
      0.7 * nearGoal -
      0.1
    if (worth > most) {
      most = worth
      best = q
      lane = margin
      through = behind
      length = d
    }
  }
  if (best < 0) {
    if (px > -33 || pressure > 3) return false
    // Clears the ball out of danger, high and to the side it is on.
    aim(s, p, DOING.high, 1, 0.5 * Math.sign(py), -1)
    return true
  }
  const dx = side * s.x[best] - px
  const dy = side * s.y[best] - py
  const kind = lane < -0.5 && length > 14 ? DOING.high : through && lane > -1 ? DOING.long : DOING.short
  aim(s, p, kind, dx, dy, best)
  return true
}

/** Runs towards the goal, around those who stand in the way. */
function dribble(
  s: FootballState,
  p: number,
  gx: number,
  y: number,
  g: number,
  ahead: number,
  behind: number,
): void {
  const team = teamOf(s, p)
  const side = sideOf(s, p)
  const near = clamp((32 - gx) / 20, 0, 1)
  // Far from the goal straight on, near it to its middle.
  let dx = 1 - near + (near * gx) / g
  let dy = (-near * y) / g
  for (let q = firstOf(s, 1 - team); q < endOf(s, 1 - team); q++) {
    if (s.active[q] === 0) continue
    const ox = side * (s.x[q] - s.x[p])
    const oy = side * (s.y[q] - s.y[p])
    const d2 = ox * ox + oy * oy
    if (d2 > 49 || ox < -0.5) continue
    const push = 3 / (d2 + 1)
    dx -= 0.5 * push * Math.sign(ox)
    dy -= push * (oy === 0 ? Math.sign(y) : Math.sign(oy))
  }
  // Away from the touch line.
  if (Math.abs(y) > HALF_WIDTH - 4) dy -= Math.sign(y)
  const d = Math.sqrt(dx * dx + dy * dy) + 1e-9
  // A sprint goes straight on: who turns slows down first.
  const speed = Math.sqrt(s.vx[p] * s.vx[p] + s.vy[p] * s.vy[p])
  const straight = speed < 3 || side * (s.vx[p] * dx + s.vy[p] * dy) > STRAIGHT * d * speed
  const sprints = straight && (ahead > 9 || (behind < 4 && ahead > 4))
  const pace = sprints ? s.setup.top[p] * SPRINT_WITH_BALL : RUN_WITH_BALL
  want(s, p, (side * pace * dx) / d, (side * pace * dy) / d)
}

/** Brings the ball back into play: to a team mate who is free; a penalty or a near free kick at the goal. */
function restart(s: FootballState, p: number): void {
  const side = sideOf(s, p)
  const gx = HALF_LENGTH - side * s.x[p]
  const y = side * s.y[p]
  const g = Math.sqrt(gx * gx + y * y)
  if (g < 24 && gx > 6) {
    aim(s, p, DOING.shot, gx, -y + (chance(s, 0.5) ? 0.7 : 0.5) * GOAL_HALF_WIDTH * Math.sign(y), -1)
    return
  }
  if (passes(s, p, 0, 0)) return
  aim(s, p, gx < 6 ? DOING.high : DOING.short, gx < 6 ? -0.2 : 1, gx < 6 ? -Math.sign(y) : 0, -1)
}
