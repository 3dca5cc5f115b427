import { atan2, cos, PI, sin, tan } from '#core/base/math'
import { uniform } from '#core/base/random'
import { error } from '../chance.ts'
import { noteOffsides } from '../rules/referee.ts'
import { BALL, DOING, type FootballState, WORLD } from '../state.ts'
import { distance2, endOf, firstOf, sideOf, teamOf } from '../teams.ts'
import { EVENTS, MODES } from '../words.ts'
import { alarm } from './keeper.ts'
import { clamp, HALF_LENGTH, HALF_WIDTH } from './pitch.ts'

/** Sub-steps from the command to the touch, by kind of kick (measured: 0.46, 0.46, 0.36 and about 0.35 s). */
export const DELAY = [0, 46, 46, 36, 36]
/**
 * A shot from a run that goes straight on is quicker, and one across the body slower; a stride more or less makes up to
 * so many sub-steps, but for shots from near, in metres (0.28 s from a run, 0.36 else, 0.33 to 0.55 s from farther away).
 */
const DELAY_RUN = 28
const DELAY_ASIDE = 33
const DELAY_TURNED = 38
const STRIDE = 8
const SHOT_NEAR = 17.5
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

/**
 * A kick whose action is sent again is charged: a step of it delays the touch by so many sub-steps, up to CHARGES
 * steps; then a shot is this much faster in m/s, a pass by this share (measured: 8 steps from the command, 4 to 5 m/s).
 */
export const CHARGES = 5
const CHARGE_DELAY = 8
const CHARGE_SHOT = 4.6
const CHARGE_PASS = 0.08

/** The action of the kick that player p is making has been sent again. */
export function chargeKick(s: FootballState, p: number): void {
  if (s.charge[p] === CHARGES) return
  s.charge[p]++
  s.busy[p] += CHARGE_DELAY
}

/** Player p starts to kick towards (aimX, aimY), a unit vector; the touch comes later. `meant`: -1 to choose then. */
export function startKick(
  s: FootballState,
  p: number,
  kind: number,
  aimX: number,
  aimY: number,
  meant: number,
): void {
  s.doing[p] = kind
  s.runUp[p] = Math.sqrt(s.vx[p] * s.vx[p] + s.vy[p] * s.vy[p])
  const throws = s.world[WORLD.mode] === MODES.throwIn
  s.busy[p] = throws ? DELAY_THROW : kind === DOING.shot ? shotDelay(s, p) : DELAY[kind]
  s.aimX[p] = aimX
  s.aimY[p] = aimY
  s.meant[p] = meant
  s.charge[p] = 0
}

/** Sub-steps until player p strikes a shot at the goal. */
function shotDelay(s: FootballState, p: number): number {
  const gx = sideOf(s, p) * HALF_LENGTH - s.x[p]
  const gy = -s.y[p]
  const g = Math.sqrt(gx * gx + gy * gy) + 1e-9
  const straight = (s.fx[p] * gx + s.fy[p] * gy) / g
  const near = g < SHOT_NEAR
  const runs = s.runUp[p] > SHOT_RUN_FULL - 0.3
  if (straight > 0.86 && (runs || (near && s.runUp[p] > AT_REST))) return DELAY_RUN + (near ? 0 : stride(s))
  if (runs) return (near || straight > 0.68 ? DELAY_ASIDE : DELAY_TURNED) + stride(s)
  if (near) return DELAY[DOING.shot]
  return (straight < 0.5 ? DELAY_TURNED : DELAY[DOING.shot]) + stride(s)
}

function stride(s: FootballState): number {
  return Math.round(STRIDE * uniform(s.random))
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
  const sloppy =
    0.5 + s.setup.fitted.sloppyPass * (1 - s.setup.difficulty[teamOf(s, p)]) + (pressed(s, p) ? 0.7 : 0)
  const turned = (0.06 + (kind === DOING.high ? 0.02 : 0)) * sloppy * error(s)
  const pace = 1 + (CHARGE_PASS * s.charge[p]) / CHARGES + 0.05 * sloppy * error(s)
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

/** A shot's level speed in m/s from rest, and more of it from a run that goes where it is aimed (measured: 27.5 to 31.4). */
const SHOT_SPEED = 27.9
const SHOT_RUN = 4
/** A run gives all of it from this speed in m/s at the command, none below the next, or when the shot turns away from it. */
const SHOT_RUN_FULL = 2.6
const SHOT_RUN_NONE = 0.9
const SHOT_RUN_LEAST = 0.34
/** Degrees upwards and their spread, from rest and from a run. */
const SHOT_UP = [7.9, 4.9]
const SHOT_UP_SPREAD = [2.9, 1.6]
/** Errors of the direction in degrees, from rest and from a run, at full difficulty; more for bad and pressed players and charged shots. */
const SHOT_ERROR = [2.3, 1.5]
const SHOT_ERROR_BAD = 1.5
const SHOT_ERROR_PRESSED = 1.2
const SHOT_ERROR_CHARGED = 1
/**
 * A shot that is aimed elsewhere than at the goal's middle passes so many metres beside it, towards the aim (all of it
 * from an angle of SHIFTED radians), and the body drags it farther by a share of the angle (measured from 13 to 80 degrees).
 */
const SHIFT = 1.5
const SHIFTED = 0.2
const DRAG = [0.09, 0.11]
const MOST_TURN = 0.8
const DEGREE = PI / 180
/** Slower than this a player is at rest, in m/s. */
const AT_REST = 0.5

/** A shot goes at the goal's middle, bent towards where it is aimed. */
function shoot(s: FootballState, p: number): void {
  const b = s.ball
  const side = sideOf(s, p)
  const dx = side * HALF_LENGTH - b[BALL.x]
  const dy = -b[BALL.y]
  const d = Math.sqrt(dx * dx + dy * dy) + 1e-9
  const ahead = (dx * s.fx[p] + dy * s.fy[p]) / d
  const moving = clamp((s.runUp[p] - SHOT_RUN_NONE) / (SHOT_RUN_FULL - SHOT_RUN_NONE), 0, 1)
  const angle = angleBetween(dx, dy, s.aimX[p], s.aimY[p])
  const wide = Math.abs(angle)
  const shift = (SHIFT * Math.min(1, wide / SHIFTED) * wide) / (Math.abs(sin(angle)) + 1e-3)
  const turn = Math.min(MOST_TURN, atan2(shift, d) + between(DRAG, moving) * wide) * Math.sign(angle)
  const run = moving * clamp((ahead - SHOT_RUN_LEAST) / 0.36, 0, 1)
  const bad = 1 - s.setup.difficulty[teamOf(s, p)]
  const charged = s.charge[p] / CHARGES
  const wild = s.eager[p] === 0 ? s.setup.fitted.wild * charged : 0
  const sloppy =
    wild +
    between(SHOT_ERROR, moving) +
    SHOT_ERROR_BAD * bad +
    (pressed(s, p) ? SHOT_ERROR_PRESSED : 0) +
    SHOT_ERROR_CHARGED * charged
  const turned = turn + DEGREE * sloppy * error(s)
  const level = SHOT_SPEED + SHOT_RUN * run + CHARGE_SHOT * charged + 0.9 * error(s)
  const up = DEGREE * Math.max(1.5, between(SHOT_UP, run) + between(SHOT_UP_SPREAD, run) * spread(s))
  send(s, dx / d, dy / d, turned, level, level * tan(up))
}

/** The part of the way from the first of a pair to the second. */
function between(pair: readonly number[], part: number): number {
  return pair[0] + part * (pair[1] - pair[0])
}

/** Angle in radians from (x, y) to (u, v), positive where it turns as y grows. */
function angleBetween(x: number, y: number, u: number, v: number): number {
  return atan2(x * v - y * u, x * u + y * v)
}

/** About normal with standard deviation 1; unlike `error` it turns nothing to a side, so that noise does not switch it off. */
function spread(s: FootballState): number {
  return 2 * (uniform(s.random) + uniform(s.random) + uniform(s.random)) - 3
}

/** An opponent is near enough to disturb a kick. */
function pressed(s: FootballState, p: number): boolean {
  const team = teamOf(s, p)
  for (let q = firstOf(s, 1 - team); q < endOf(s, 1 - team); q++) {
    if (s.active[q] && distance2(s, q, s.x[p], s.y[p]) < 5) return true
  }
  return false
}

/** Ball along the unit vector (x, y), turned by an angle, with level and upward speeds in m/s. */
function send(s: FootballState, x: number, y: number, turned: number, speed: number, up: number): void {
  const b = s.ball
  const c = cos(turned)
  const n = sin(turned)
  b[BALL.vx] = (x * c - y * n) * speed
  b[BALL.vy] = (y * c + x * n) * speed
  b[BALL.vz] = up
}
