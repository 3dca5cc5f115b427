import {
  BALL_RADIUS,
  DT,
  GOAL_HALF_WIDTH,
  GOAL_HEIGHT,
  HALF_LENGTH,
  OUT_X,
  OUT_Y,
  POST_RADIUS,
} from './pitch.ts'

const GRAVITY = 9.81
/** dv/dt = -AIR v2 in the air, -(ROLL v2 + GRASS) on the ground (measured: 0.055 and 1.6). */
const AIR = 0.015
const ROLL = 0.055
const GRASS = 1.6
/** Share of the vertical speed after a bounce, and of level speed lost per m/s of it, at most LOSS_MOST. */
const BOUNCE = 0.62
const LOSS = 0.05
const LOSS_MOST = 0.35
const POST_KEEPS = 0.8
/** A ball slower than this rests, in m/s. */
const AT_REST = 1

/** What became of the ball in a sub-step. */
export const FLIGHT = { on: 0, goal: 1, out: 2, post: 3 } as const

/** Whether a free ball (x, y, z, vx, vy, vz) has all but come to rest. */
export function atRest(b: Float64Array): boolean {
  return b[3] * b[3] + b[4] * b[4] < AT_REST * AT_REST
}

/** Moves a free ball (x, y, z, vx, vy, vz) by one sub-step; returns a FLIGHT. */
export function moveBall(b: Float64Array): number {
  const fromX = b[0]
  const fromY = b[1]
  const speed2 = b[3] * b[3] + b[4] * b[4]
  const grounded = b[2] < BALL_RADIUS + 0.02 && b[5] < 0.3 && b[5] > -0.3
  if (grounded) {
    b[2] = BALL_RADIUS
    b[5] = 0
    if (speed2 > 0) {
      const speed = Math.sqrt(speed2)
      const left = 1 - ((ROLL * speed2 + GRASS) * DT) / speed
      b[3] = left > 0 ? b[3] * left : 0
      b[4] = left > 0 ? b[4] * left : 0
    }
  } else {
    const left = 1 - AIR * Math.sqrt(speed2) * DT
    b[3] *= left
    b[4] *= left
    // Measured heights of high passes leave no room for drag upwards: their backspin lifts them.
    b[5] -= GRAVITY * DT
    b[2] += b[5] * DT
    if (b[2] < BALL_RADIUS && b[5] < 0) bounce(b)
  }
  b[0] += b[3] * DT
  b[1] += b[4] * DT
  if (b[0] > -HALF_LENGTH + 0.2 && b[0] < HALF_LENGTH - 0.2 && b[1] > -OUT_Y && b[1] < OUT_Y) return FLIGHT.on
  return border(b, fromX, fromY)
}

function bounce(b: Float64Array): void {
  b[2] = BALL_RADIUS
  const lost = Math.min(LOSS_MOST, -b[5] * LOSS)
  b[3] *= 1 - lost
  b[4] *= 1 - lost
  b[5] = -b[5] * BOUNCE - 0.06
  if (b[5] < 0.3) b[5] = 0
}

/** The same for a ball that is carried: over a line it is out, or in the goal. */
export function carriedOver(b: Float64Array): number {
  if (b[0] < OUT_X && b[0] > -OUT_X) return b[1] > OUT_Y || b[1] < -OUT_Y ? FLIGHT.out : FLIGHT.on
  return Math.abs(b[1]) < GOAL_HALF_WIDTH && b[2] < GOAL_HEIGHT ? FLIGHT.goal : FLIGHT.out
}

/** Posts, bar, goal and out of play; the sub-step began at (fromX, fromY). */
function border(b: Float64Array, fromX: number, fromY: number): number {
  const side = b[0] > 0 ? 1 : -1
  const y = Math.abs(b[1])
  if (side * fromX < HALF_LENGTH && side * b[0] >= HALF_LENGTH) {
    const near = POST_RADIUS + BALL_RADIUS
    if (b[2] < GOAL_HEIGHT + near && Math.abs(y - GOAL_HALF_WIDTH) < near) {
      b[0] = side * (HALF_LENGTH - 0.01)
      b[3] *= -POST_KEEPS
      // Off the inner half of the post the ball goes inwards, off the outer half outwards.
      const inner = y < GOAL_HALF_WIDTH ? -1 : 1
      const kick = inner * (b[1] > 0 ? 1 : -1) * Math.abs(b[3]) * 0.3
      b[4] = POST_KEEPS * b[4] + kick
      return FLIGHT.post
    }
    if (y < GOAL_HALF_WIDTH && Math.abs(b[2] - GOAL_HEIGHT) < near) {
      b[0] = side * (HALF_LENGTH - 0.01)
      b[3] *= -POST_KEEPS
      b[5] += 0.3 * Math.abs(b[3]) * (b[2] > GOAL_HEIGHT ? 1 : -1)
      return FLIGHT.post
    }
  }
  if (side * b[0] > OUT_X) {
    const part = (OUT_X - side * fromX) / (side * (b[0] - fromX))
    const crossing = Math.abs(fromY + (b[1] - fromY) * part)
    return crossing < GOAL_HALF_WIDTH && b[2] < GOAL_HEIGHT ? FLIGHT.goal : FLIGHT.out
  }
  return y > OUT_Y ? FLIGHT.out : FLIGHT.on
}
