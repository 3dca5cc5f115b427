import { DOING, type FootballState, WORLD } from '../state.ts'
import { DT, HALF_LENGTH, HALF_WIDTH } from './pitch.ts'

/** Measured top speeds in m/s: running and dribbling, without and with the ball; sprinting is each player's own. */
export const RUN = 5
export const DRIBBLE = 3.5
export const RUN_WITH_BALL = 5.12
export const DRIBBLE_WITH_BALL = 4.06
/** Share of the sprinting speed that is left with the ball at the feet. */
export const SPRINT_WITH_BALL = 0.945

/** Sub-steps until the legs follow a new wish: from slow, and out of a sprint, whose strides are longer. */
const LAG = 10
const LAG_SPRINT = 17
/** Braking in m/s2 is this much, and this much more per m/s of speed; slowing to a lower pace is gentler. */
const BRAKE = 8
const BRAKE_PER_SPEED = 3.2
const SLOW_DOWN = 13
/** Braking in m/s2 of a player who turns back: to run, to sprint, and with the ball. */
const BRAKE_BACK = 17
const BRAKE_BACK_SPRINT = 30
const BRAKE_BACK_WITH_BALL = 12
/** With the ball braking is gentler, most of all out of a sprint; a sprint with it turns in a wide bend. */
const WITH_BALL = 0.6
const WITH_BALL_FAST = 0.22
const WITH_BALL_BEND = 0.05
/** Share of the gain in speed that is left to a body that does not face where it goes, and to a run with the ball. */
const LOOKS_ASIDE = 0.6
const GAIN_WITH_BALL = 0.75
/** How fast a body turns, rad/s, at rest and per m/s less. */
const TURN = 8
const TURN_PER_SPEED = 0.6
/** A slide: sub-steps, and its speed in m/s. */
const SLIDE = 55
const SLIDE_SPEED = 7
/** A slide and a dive lose so much speed, in m/s2. */
const SLIDE_BRAKE = 7
export const DIVE_BRAKE = 4
/** Players may run this far out of the pitch. */
const APRON = 2.5

/** Whether a player can stand there: on the pitch or a little outside; NaN is nowhere. */
export function insideApron(x: number, y: number): boolean {
  return Math.abs(x) <= HALF_LENGTH + APRON + 1 && Math.abs(y) <= HALF_WIDTH + APRON + 1
}

/** Says which velocity player p wants from now on. */
export function want(s: FootballState, p: number, wantX: number, wantY: number): void {
  if (s.lag[p] === 0 && (s.wantX[p] !== wantX || s.wantY[p] !== wantY)) {
    const speed2 = s.vx[p] * s.vx[p] + s.vy[p] * s.vy[p]
    s.lag[p] = speed2 > 36 ? LAG_SPRINT : LAG
  }
  s.wantX[p] = wantX
  s.wantY[p] = wantY
}

/** Turns the wish into legs: a direction and a speed. */
function adopt(s: FootballState, p: number): void {
  const x = s.wantX[p]
  const y = s.wantY[p]
  const speed = Math.sqrt(x * x + y * y)
  s.goSpeed[p] = speed
  if (speed > 0) {
    s.goX[p] = x / speed
    s.goY[p] = y / speed
  }
}

/** Player p slides the way it faces; not with the ball. */
export function slide(s: FootballState, p: number): void {
  if (s.doing[p] !== DOING.nothing || s.world[WORLD.owner] === p || s.world[WORLD.mode] !== 0) return
  s.doing[p] = DOING.slide
  s.busy[p] = SLIDE
  s.vx[p] = SLIDE_SPEED * s.fx[p]
  s.vy[p] = SLIDE_SPEED * s.fy[p]
}

/** Moves every player by one sub-step. */
export function movePlayers(s: FootballState): void {
  const { x, y, vx, vy, lag, busy, doing, stunned, active } = s
  const count = s.setup.count
  for (let p = 0; p < count; p++) {
    if (active[p] === 0) continue
    if (lag[p] > 0 && --lag[p] === 0) adopt(s, p)
    if (stunned[p] > 0) stunned[p]--
    if (busy[p] > 0) busy[p]--
    const what = doing[p]
    if (what >= DOING.slide) glide(s, p, what)
    else run(s, p)
    x[p] += vx[p] * DT
    y[p] += vy[p] * DT
    if (x[p] > HALF_LENGTH + APRON || x[p] < -HALF_LENGTH - APRON) bound(x, vx, p, HALF_LENGTH + APRON)
    if (y[p] > HALF_WIDTH + APRON || y[p] < -HALF_WIDTH - APRON) bound(y, vy, p, HALF_WIDTH + APRON)
  }
}

function bound(position: Float64Array, velocity: Float64Array, p: number, most: number): void {
  position[p] = position[p] > 0 ? most : -most
  velocity[p] = 0
}

/**
 * Running: along the wished direction the speed approaches its target as measured from rest (run
 * dv/dt = 17 - 2.5 v, sprint 12.5 - 1.5 v), across it and against it the player brakes.
 */
function run(s: FootballState, p: number): void {
  const vx = s.vx[p]
  const vy = s.vy[p]
  const target = s.goSpeed[p]
  const owns = s.world[WORLD.owner] === p
  if (target === 0) {
    const speed2 = vx * vx + vy * vy
    if (speed2 === 0) return
    const speed = Math.sqrt(speed2)
    const gentle = owns ? (speed > 5.15 ? WITH_BALL_FAST : 0.9) : 1
    const left = 1 - (gentle * (BRAKE + BRAKE_PER_SPEED * speed) * DT) / speed
    s.vx[p] = left > 0 ? vx * left : 0
    s.vy[p] = left > 0 ? vy * left : 0
    return
  }
  const gx = s.goX[p]
  const gy = s.goY[p]
  let along = vx * gx + vy * gy
  let acrossX = vx - along * gx
  let acrossY = vy - along * gy
  const facing = s.fx[p] * gx + s.fy[p] * gy
  const across2 = acrossX * acrossX + acrossY * acrossY
  if (across2 > 1e-12) {
    const across = Math.sqrt(across2)
    const gentle = owns && target > 4.5 ? (target > 6 ? WITH_BALL_BEND : WITH_BALL) : 1
    const brake = gentle * (BRAKE + BRAKE_PER_SPEED * Math.sqrt(across2 + along * along)) * DT
    const left = brake < across ? 1 - brake / across : 0
    acrossX *= left
    acrossY *= left
  } else {
    acrossX = 0
    acrossY = 0
  }
  if (along < 0) {
    along += (owns ? BRAKE_BACK_WITH_BALL : target > 6 ? BRAKE_BACK_SPRINT : BRAKE_BACK) * DT
  } else if (along < target) {
    const gain = target > 6 ? 1.5 * (1.067 * target - along) : 2.5 * (1.36 * target - along)
    // Not yet facing where it goes: a turning body gains speed more slowly.
    along +=
      gain * (facing < 0.9 ? LOOKS_ASIDE : 1) * (owns && target > 4.5 && target < 6 ? GAIN_WITH_BALL : 1) * DT
    if (along > target) along = target
    // In a wide bend the speed is no higher than straight on.
    const most2 = target * target - acrossX * acrossX - acrossY * acrossY
    if (owns && along * along > most2) along = most2 > 0 ? Math.sqrt(most2) : 0
  } else if (along > target) {
    along -= SLOW_DOWN * DT
    if (along < target) along = target
  }
  s.vx[p] = along * gx + acrossX
  s.vy[p] = along * gy + acrossY
  if (facing < 0.99999) turn(s, p, gx, gy, facing)
}

/** Turns the body towards (gx, gy) as far as a sub-step allows. */
export function turn(s: FootballState, p: number, gx: number, gy: number, facing: number): void {
  const speed = Math.sqrt(s.vx[p] * s.vx[p] + s.vy[p] * s.vy[p])
  const angle = (TURN - TURN_PER_SPEED * speed) * DT
  const fx = s.fx[p]
  const fy = s.fy[p]
  // Turning right round, a body turns by way of the nearer side line, so that mirrored matches stay mirrored.
  const side = fx * gy - fy * gx || -fx * s.y[p]
  if (side === 0 || (facing > 0 && Math.abs(side) <= angle)) {
    s.fx[p] = gx
    s.fy[p] = gy
    return
  }
  const signed = side < 0 ? -angle : angle
  const nx = fx - fy * signed
  const ny = fy + fx * signed
  const length = Math.sqrt(nx * nx + ny * ny)
  s.fx[p] = nx / length
  s.fy[p] = ny / length
}

/** A sliding, diving or fallen player loses speed on the grass and gets up when done. */
function glide(s: FootballState, p: number, what: number): void {
  const brake = what === DOING.dive ? DIVE_BRAKE : SLIDE_BRAKE
  const speed = Math.sqrt(s.vx[p] * s.vx[p] + s.vy[p] * s.vy[p])
  const left = speed > 0 ? Math.max(0, 1 - (brake * DT) / speed) : 0
  s.vx[p] *= left
  s.vy[p] *= left
  if (s.busy[p] > 0) return
  if (what === DOING.down) {
    s.doing[p] = DOING.nothing
  } else {
    s.doing[p] = DOING.down
    s.busy[p] = what === DOING.dive ? 40 : 50
  }
}
