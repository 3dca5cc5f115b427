import { chance } from '../chance.ts'
import { CHARGES, startKick } from '../physics/kicks.ts'
import { DRIBBLE_WITH_BALL, RUN_WITH_BALL, SPRINT_WITH_BALL, want } from '../physics/motion.ts'
import { clamp, GOAL_HALF_WIDTH, HALF_LENGTH, HALF_WIDTH } from '../physics/pitch.ts'
import { DOING, type FootballState, WORLD } from '../state.ts'
import { endOf, firstOf, sideOf, teamOf } from '../teams.ts'
import { MODES } from '../words.ts'
import { secondLast } from './shape.ts'

/** Steps between two decisions of the player with the ball. */
const DECIDE = 2
/** He sprints where the cosine of his turn is above this. */
const STRAIGHT = 0.7

/** The player with the ball shoots, passes or runs with it. */
export function playBall(s: FootballState, p: number): void {
  if (s.doing[p] !== DOING.nothing) return
  const w = s.world
  if (w[WORLD.mode] === 0) decide(s, p, true)
  else {
    want(s, p, 0, 0)
    if (w[WORLD.waited] >= w[WORLD.patience]) restart(s, p)
  }
}

/** A player on his way to a ball that rests beside him may begin his kick before he is there. */
export function kickOnArrival(s: FootballState, p: number): void {
  if (s.doing[p] === DOING.nothing) decide(s, p, false)
}

/** Every other step: a shot, a cross or a pass if one is worth it; else, if he `runs`, on with the ball. */
function decide(s: FootballState, p: number, runs: boolean): void {
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
  if (y * y > WIDE * WIDE && gx < CROSSES && cross(s, p)) return
  if (!passes(s, p, pressure, ahead) && runs) dribble(s, p, gx, y, g, ahead, behind)
}

/** Shoots when the goal is near and wide enough to the eye. */
function shoots(s: FootballState, p: number, gx: number, y: number, g: number, pressure: number): boolean {
  const width = (2 * GOAL_HALF_WIDTH * gx) / (g * g)
  const keeper = s.setup.keeper[1 - teamOf(s, p)]
  const side = sideOf(s, p)
  const open = keeper < 0 || side * s.x[keeper] < side * s.x[p]
  const wish = eagerness(s, open, g, width, pressure)
  if (wish === 0 || width < 0.16 || !chance(s, wish)) return false
  // Into the half of the goal that the keeper leaves: the stick points far to that side.
  const left = keeper < 0 || open ? 0 : -Math.sign(side * s.y[keeper]) || Math.sign(y)
  aim(s, p, DOING.shot, gx - left * ASIDE * -y, -y + left * ASIDE * gx, -1)
  // Before an open goal he takes care.
  if (left !== 0) s.charge[p] = CHARGES
  return true
}

/** How far aside of the goal the stick points for a shot into a corner, as the tangent of the angle. */
const ASIDE = 20

/** Chance of a shot at this decision, by distance to the goal, its width to the eye and the pressure. */
function eagerness(s: FootballState, open: boolean, g: number, width: number, pressure: number): number {
  if (open) return g < 22 ? 1 : 0
  const { shootNear, shootFar } = s.setup.fitted
  if (g < 12) return shootNear
  // With nobody near there is time to go nearer.
  if (g < 20 && width > 0.22) return pressure > 5 ? 0.2 * shootFar : shootFar
  return g < 27 && pressure > 2 ? 0.2 * shootFar : 0
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
  let most =
    s.setup.fitted.passBias + 0.045 * Math.min(ahead, 12) - (pressure < 3 ? 0.4 : 0) + (px > 18 ? 0.22 : 0)
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
      0.02 * Math.max(0, d - 9) +
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
  const near = clamp((60 - gx) / 30, 0, 1)
  // Far from the goal straight on, near it to its middle.
  let dx = 1 - near + (near * gx) / g
  let dy = (-near * y) / g
  for (let q = firstOf(s, 1 - team); q < endOf(s, 1 - team); q++) {
    if (s.active[q] === 0) continue
    const ox = side * (s.x[q] - s.x[p])
    const oy = side * (s.y[q] - s.y[p])
    const d2 = ox * ox + oy * oy
    if (d2 > 49 || ox < -0.5) continue
    const push = 4 / (d2 + 1)
    dx -= 0.5 * push * Math.sign(ox)
    dy -= push * (oy === 0 ? Math.sign(y) : Math.sign(oy))
  }
  // Away from the touch line.
  if (Math.abs(y) > HALF_WIDTH - 4) dy -= Math.sign(y)
  const d = Math.sqrt(dx * dx + dy * dy) + 1e-9
  // A sprint goes straight on: who turns slows down first.
  const speed = Math.sqrt(s.vx[p] * s.vx[p] + s.vy[p] * s.vy[p])
  const straight = speed < 3 || side * (s.vx[p] * dx + s.vy[p] * dy) > STRAIGHT * d * speed
  const { sprintAhead, walkAhead } = s.setup.fitted
  const sprints = straight && (ahead > sprintAhead || (behind < 4 && ahead > 4))
  const pace = sprints
    ? s.setup.top[p] * SPRINT_WITH_BALL
    : ahead > walkAhead
      ? RUN_WITH_BALL
      : DRIBBLE_WITH_BALL
  want(s, p, (side * pace * dx) / d, (side * pace * dy) / d)
}

/**
 * Brings the ball back into play: a penalty or near free kick at the goal, a corner into the box, a throw to a team
 * mate who is free, other free kicks and goal kicks high and far to a mate up the pitch.
 */
function restart(s: FootballState, p: number): void {
  const side = sideOf(s, p)
  const gx = HALF_LENGTH - side * s.x[p]
  const y = side * s.y[p]
  const g = Math.sqrt(gx * gx + y * y)
  const mode = s.world[WORLD.mode]
  if (mode === MODES.throwIn) {
    if (!passes(s, p, 0, 0)) aim(s, p, DOING.short, 1, -Math.sign(y), -1)
  } else if (mode === MODES.corner) {
    if (!cross(s, p) && !passes(s, p, 0, 0)) aim(s, p, DOING.high, -0.2, -Math.sign(y), -1)
  } else if (g < 24) {
    aim(s, p, DOING.shot, gx - ASIDE * y * (chance(s, 0.5) ? 1 : -1), -y, -1)
  } else {
    const mate = farthest(s, p)
    const dx = mate < 0 ? gx : side * (s.x[mate] - s.x[p])
    const dy = mate < 0 ? -y : side * (s.y[mate] - s.y[p])
    aim(s, p, DOING.high, dx, dy, mate)
    s.charge[p] = CHARGES
  }
}

/** A cross comes from nearer to the goal line than this and farther out than WIDE, in metres, to a mate in the box. */
const CROSSES = 22
const WIDE = 17
const BOX_DEPTH = 19

/** A fully charged long pass to one of the team mates in the penalty area, if there is any. */
function cross(s: FootballState, p: number): boolean {
  const team = teamOf(s, p)
  const side = sideOf(s, p)
  let found = -1
  let count = 0
  for (let q = firstOf(s, team); q < endOf(s, team); q++) {
    if (q === p || s.active[q] === 0 || side * s.x[q] < HALF_LENGTH - BOX_DEPTH || Math.abs(s.y[q]) > WIDE)
      continue
    count++
    if (chance(s, 1 / count)) found = q
  }
  if (found < 0) return false
  aim(s, p, DOING.long, side * (s.x[found] - s.x[p]), side * (s.y[found] - s.y[p]), found)
  s.charge[p] = CHARGES
  return true
}

/** The team mate farthest up the pitch, but the keeper. */
function farthest(s: FootballState, p: number): number {
  const team = teamOf(s, p)
  const side = sideOf(s, p)
  let best = -1
  for (let q = firstOf(s, team); q < endOf(s, team); q++) {
    if (q === p || q === s.setup.keeper[team] || s.active[q] === 0) continue
    if (best < 0 || side * s.x[q] > side * s.x[best]) best = q
  }
  return best
}
