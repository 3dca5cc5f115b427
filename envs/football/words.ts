/** Google Research Football's game modes. */
export const MODES = {
  normal: 0,
  kickOff: 1,
  goalKick: 2,
  freeKick: 3,
  corner: 4,
  throwIn: 5,
  penalty: 6,
} as const

/** Bits of what happened in a step. */
export const EVENTS = {
  goal: 1,
  conceded: 2,
  out: 4,
  post: 8,
  shot: 16,
  pass: 32,
  received: 64,
  tackle: 128,
  save: 256,
  foul: 512,
  offside: 1024,
  card: 2048,
} as const

/** How an episode ended. */
export const ENDINGS = { playing: 0, goal: 1, conceded: 2, out: 3, lost: 4, time: 5 } as const
export const ENDING_NAMES = [
  'playing',
  'goal',
  'goal against',
  'out of play',
  'possession lost',
  'time up',
] as const
