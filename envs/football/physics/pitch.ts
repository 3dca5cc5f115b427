/**
 * The pitch in metres: x to the right, y down, the left team attacks to the right. Agents see Google Research
 * Football's units, x = metres / 54.4 and y = metres / 83.6, so that its numbers can be used as they are.
 */
export const METRES_X = 54.4
export const METRES_Y = 83.6

export const HALF_LENGTH = 55
export const HALF_WIDTH = 36
/** The ball is out, or in the goal, when its centre has passed these. */
export const OUT_X = 55.17
export const OUT_Y = 36.17

export const GOAL_HALF_WIDTH = 3.7
export const GOAL_HEIGHT = 2.5
export const POST_RADIUS = 0.07
export const BALL_RADIUS = 0.11

/** Penalty area: from this x to the goal line, as wide as this to both sides. */
export const BOX_X = HALF_LENGTH - 16.5
export const BOX_Y = 20.15
export const PENALTY_SPOT_X = 44
export const GOAL_KICK_X = 50.6
/** Opponents keep this far from a ball that is about to be brought into play. */
export const FREE_DISTANCE = 9.15

/** Sub-step of the physics in seconds; ten make a step. */
export const DT = 0.01
export const SUBSTEPS = 10

/** What Google Research Football does to the coordinates of players (not of the ball) in scenario files. */
export const PLAYER_SCALE_X = 55 / METRES_X
export const PLAYER_SCALE_Y = 84.96 / METRES_Y

export function clamp(value: number, low: number, high: number): number {
  return value < low ? low : Math.min(value, high)
}
