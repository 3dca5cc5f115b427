/** Google Research Football's default actions, in its order. */
export const DEFAULT_ACTIONS = [
  'idle',
  'left',
  'top_left',
  'top',
  'top_right',
  'right',
  'bottom_right',
  'bottom',
  'bottom_left',
  'long_pass',
  'high_pass',
  'short_pass',
  'shot',
  'sprint',
  'release_direction',
  'release_sprint',
  'sliding',
  'dribble',
  'release_dribble',
] as const

/** Its full set. The releases of unheld buttons change nothing: a step holds a pass or shot just long enough. */
export const FULL_ACTIONS = [
  ...DEFAULT_ACTIONS,
  'builtin_ai',
  'keeper_rush',
  'pressure',
  'team_pressure',
  'switch',
  'release_long_pass',
  'release_high_pass',
  'release_short_pass',
  'release_shot',
  'release_keeper_rush',
  'release_sliding',
  'release_pressure',
  'release_team_pressure',
  'release_switch',
] as const

export type ActionName = (typeof FULL_ACTIONS)[number]

/** Index of an action in both sets (the full one continues the default one). */
export function action(name: ActionName): number {
  return FULL_ACTIONS.indexOf(name)
}

export const IDLE = action('idle')
export const LEFT = action('left')
export const RIGHT = action('right')
export const BOTTOM = action('bottom')
export const BOTTOM_LEFT = action('bottom_left')
export const LONG_PASS = action('long_pass')
export const HIGH_PASS = action('high_pass')
export const SHORT_PASS = action('short_pass')
export const SHOT = action('shot')
export const SPRINT = action('sprint')
export const RELEASE_DIRECTION = action('release_direction')
export const RELEASE_SPRINT = action('release_sprint')
export const SLIDING = action('sliding')
export const DRIBBLE = action('dribble')
export const RELEASE_DRIBBLE = action('release_dribble')
export const BUILTIN_AI = action('builtin_ai')
export const KEEPER_RUSH = action('keeper_rush')
export const PRESSURE = action('pressure')
export const TEAM_PRESSURE = action('team_pressure')
export const SWITCH = action('switch')
export const RELEASE_KEEPER_RUSH = action('release_keeper_rush')
export const RELEASE_PRESSURE = action('release_pressure')
export const RELEASE_TEAM_PRESSURE = action('release_team_pressure')

const D = Math.SQRT1_2

/** Unit vectors in metres of the direction actions (index 1..8); index 0 is no direction. */
export const DIRECTION_X: readonly number[] = [0, -1, -D, 0, D, 1, D, 0, -D]
export const DIRECTION_Y: readonly number[] = [0, 0, -D, -1, -D, 0, D, 1, D]

/** The direction action (1..8) nearest to a vector; 0 for the zero vector. Ties go to the diagonal. */
export function directionOf(x: number, y: number): number {
  const ax = Math.abs(x)
  const ay = Math.abs(y)
  if (ax === 0 && ay === 0) return 0
  // tan(22.5 degrees)
  const diagonal = ax > 0.41421356 * ay && ay > 0.41421356 * ax
  if (diagonal) return x > 0 ? (y > 0 ? 6 : 4) : y > 0 ? 8 : 2
  return ax > ay ? (x > 0 ? 5 : 1) : y > 0 ? 7 : 3
}
