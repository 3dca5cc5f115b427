import { atan2, PI } from '#core/math'
import { uniform } from '#core/random'
import { error } from './chance.ts'
import { alarm } from './keeper.ts'
import { clamp, GOAL_HALF_WIDTH, HALF_LENGTH, HALF_WIDTH } from './pitch.ts'
import { noteOffsides } from './referee.ts'
import { BALL, DOING, type FootballState, WORLD } from './state.ts'
import { distance2, endOf, firstOf, sideOf, teamOf } from './teams.ts'
import { EVENTS, MODES } from './words.ts'

/** Sub-steps from the command to the touch, by kind of kick (measured: 0.46, 0.46, 0.36 and about 0.31 s). */
export const DELAY = [0, 46, 46, 36, 31]
/** A shot across the body takes longer (0.43 to 0.55 s). */
const DELAY_TURNED = 46
/** A throw is quicker, leaves the hands at a height in metres, and is at most so fast, in m/s. */
const DELAY_THROW = 24
const THROW_HEIGHT = 1.6
const THROW_SPEED = 13

/** Measured launch by distance to the target: level speed and upward speed, m/s. */
const DISTANCES = [5, 10, 20, 30, 40]
const LAUNCH = [
  [],
  [12.1, 15.2, 23.5, 25.1, 25.1],
  [12.6, 16.5, 25.1, 25.1, 25.1],
  [10.6, 12.5, 17.6, 23.9, 31.2],
]
const LAUNCH_UP = [
  [],
  [1.3, 1.64, 2.57, 4.99, 5.24],
  [1.35, 1.79, 3.3, 5.24, 5.24],
  [4.67, 5.35, 7.11, 9.09, 11.1],
]

/** Player p starts to kick towards (aimX, aimY), a unit vector; the touch comes later. `meant`: -1 to choose then. */
export function startKick(
  s: FootballState,
  p: number,
  kind: number,
  aimX: number,
  aimY: number,
  meant: number,
): void {
  const turned = kind === DOING.shot && s.fx[p] * aimX + s.fy[p] * aimY < 0.5
  s.doing[p] = kind
  const throws = s.world[WORLD.mode] === MODES.throwIn
  s.busy[p] = throws ? DELAY_THROW : turned ? DELAY_TURNED : DELAY[kind]
  s.aimX[p] = aimX
  s.aimY[p] = aimY
  s.meant[p] = meant
}

/** The touch: sends the ball on its way. */
export function kick(s: FootballState, p: number): void {
  const kind = s.doing[p]
  const w = s.world
  s.doing[p] = DOING.nothing
  s.stunned[p] = 25
  const receiver = kind === DOING.shot ? -1 : s.meant[p] >= 0 ? s.meant[p] : passTarget(s, p)
  noteOffsides(s, p)
  const throws = w[WORLD.mode] === MODES.throwIn
  w[WORLD.events] |= kind === DOING.shot ? EVENTS.shot : EVENTS.pass
  w[WORLD.mode] = MODES.normal
  w[WORLD.kick]++
  w[WORLD.kicker] = p
  w[WORLD.kind] = kind
  w[WORLD.receiver] = receiver
  w[WORLD.owner] = -1
  w[WORLD.hands] = -1
  w[WORLD.toucher] = p
  s.missed[p] = w[WORLD.kick]
  if (kind === DOING.shot) {
    shoot(s, p)
    alarm(s, p)
  } else pass(s, p, kind, receiver)
  if (throws) slowToThrow(s)
}

/**
 * The team mate a pass goes to: the least 0.8 (distance to the aimed point / 70 m)^0.8 + |angle to the stick| / pi
 * (as in Google Research Football; the exponent here is 3/4, two square roots). -1 without team mates.
 */
export function passTarget(s: FootballState, p: number): number {
  const team = teamOf(s, p)
  const aimX = s.aimX[p]
  const aimY = s.aimY[p]
  let best = -1
  let least = 1e9
  for (let q = firstOf(s, team); q < endOf(s, team); q++) {
    if (q === p || s.active[q] === 0) continue
    const dx = s.x[q] - s.x[p]
    const dy = s.y[q] - s.y[p]
    const root = Math.sqrt(Math.sqrt(dx * dx + dy * dy) / 70)
    const far = root * Math.sqrt(root)
    const angle = Math.abs(atan2(aimX * dy - aimY * dx, aimX * dx + aimY * dy)) / PI
    const cost = 0.8 * far + angle
    if (cost < least) {
      least = cost
      best = q
    }
  }
  return best
}

function pass(s: FootballState, p: number, kind: number, receiver: number): void {
  const b = s.ball
  let dx = s.aimX[p] * 20
  let dy = s.aimY[p] * 20
  if (receiver >= 0) {
    dx = s.x[receiver] - b[BALL.x]
    dy = s.y[receiver] - b[BALL.y]
    const distance = Math.sqrt(dx * dx + dy * dy)
    if (kind === DOING.long) {
      // A through ball: its point lies a fifth of the way further, towards the goal.
      const gx = sideOf(s, p) * HALF_LENGTH - s.x[receiver]
      const gy = -s.y[receiver]
      const g = Math.sqrt(gx * gx + gy * gy) + 1e-9
      dx += (0.2 * distance * gx) / g
      dy += (0.2 * distance * gy) / g
    } else {
      const flight = Math.min(1.2, distance / 16)
      dx += 0.7 * flight * s.vx[receiver]
      dy += 0.7 * flight * s.vy[receiver]
    }
    // Nobody passes out of the pitch on purpose.
    dx = clamp(b[BALL.x] + dx, -HALF_LENGTH + 1, HALF_LENGTH - 1) - b[BALL.x]
    dy = clamp(b[BALL.y] + dy, -HALF_WIDTH + 1, HALF_WIDTH - 1) - b[BALL.y]
  }
  const distance = Math.sqrt(dx * dx + dy * dy) + 1e-9
  const sloppy = 1.5 - s.setup.skill[teamOf(s, p)] + (pressed(s, p) ? 0.7 : 0)
  const turned = (0.035 + (kind === DOING.high ? 0.02 : 0)) * sloppy * error(s)
  const pace = 1 + 0.03 * sloppy * error(s)
  const speed = launched(LAUNCH[kind], distance) * pace
  send(s, dx / distance, dy / distance, turned, speed, launched(LAUNCH_UP[kind], distance) * pace)
}

/** What was kicked is thrown: from above the head, and not as fast. */
function slowToThrow(s: FootballState): void {
  const b = s.ball
  const speed = Math.sqrt(b[BALL.vx] * b[BALL.vx] + b[BALL.vy] * b[BALL.vy])
  const slower = Math.min(1, THROW_SPEED / (speed + 1e-9))
  b[BALL.z] = THROW_HEIGHT
  b[BALL.vx] *= slower
  b[BALL.vy] *= slower
  b[BALL.vz] = Math.min(b[BALL.vz], 4)
}

/** The measured value at a distance, linear between the measured ones. */
function launched(values: readonly number[], distance: number): number {
  if (distance <= DISTANCES[0]) return values[0]
  for (let i = 1; i < DISTANCES.length; i++) {
    if (distance <= DISTANCES[i]) {
      const part = (distance - DISTANCES[i - 1]) / (DISTANCES[i] - DISTANCES[i - 1])
      return values[i - 1] + part * (values[i] - values[i - 1])
    }
  }
  return values[values.length - 1]
}

/**
 * A shot aims at the goal's middle, shifted to the side the stick points to by up to 0.9 of its half width
 * (angle^0.7 in the original; here the square root); a body that faces elsewhere drags the ball after it.
 */
function shoot(s: FootballState, p: number): void {
  const b = s.ball
  const side = sideOf(s, p)
  const gx = side * HALF_LENGTH - b[BALL.x]
  const gy = -b[BALL.y]
  const g = Math.sqrt(gx * gx + gy * gy) + 1e-9
  const cross = (gx * s.aimY[p] - gy * s.aimX[p]) / g
  const dot = (gx * s.aimX[p] + gy * s.aimY[p]) / g
  const quarter = Math.min(1, Math.abs(atan2(cross, dot)) / (PI / 2))
  const shift = Math.sqrt(quarter) * 0.9 * GOAL_HALF_WIDTH * side * Math.sign(cross)
  let dx = gx
  let dy = gy + shift
  let d = Math.sqrt(dx * dx + dy * dy) + 1e-9
  dx /= d
  dy /= d
  const facing = dx * s.fx[p] + dy * s.fy[p]
  const drag =
    clamp((0.87 - facing) * 1.2, 0, 0.5) * Math.min(1, (s.vx[p] * s.vx[p] + s.vy[p] * s.vy[p]) / 16)
  dx += drag * s.fx[p]
  dy += drag * s.fy[p]
  d = Math.sqrt(dx * dx + dy * dy) + 1e-9
  const speed2 = s.vx[p] * s.vx[p] + s.vy[p] * s.vy[p]
  const hurried = (pressed(s, p) ? 1.2 : 0) + 0.006 * speed2
  const sloppy = 1.6 - 0.6 * s.setup.skill[teamOf(s, p)] + hurried
  const worst = uniform(s.random)
  const turned = (0.015 + 0.015 * quarter) * sloppy * error(s)
  const speed = (31.6 + 0.7 * error(s)) * (1 - 0.12 * quarter)
  const up = 1.4 + 1.6 * worst + (worst > 0.9 ? 25 * (worst - 0.9) * sloppy : 0)
  send(s, dx / d, dy / d, turned, speed, up)
}

/** An opponent is near enough to disturb a kick. */
function pressed(s: FootballState, p: number): boolean {
  const team = teamOf(s, p)
  for (let q = firstOf(s, 1 - team); q < endOf(s, 1 - team); q++) {
    if (s.active[q] && distance2(s, q, s.x[p], s.y[p]) < 5) return true
  }
  return false
}

/** Ball along the unit vector (x, y), turned by a small angle, with level and upward speeds in m/s. */
function send(s: FootballState, x: number, y: number, turned: number, speed: number, up: number): void {
  const b = s.ball
  const dx = x - y * turned
  const dy = y + x * turned
  const d = Math.sqrt(dx * dx + dy * dy)
  b[BALL.vx] = (dx / d) * speed
  b[BALL.vy] = (dy / d) * speed
  b[BALL.vz] = up
}
