import { layout, type StateOf, z } from 'kickpush/env'

/** Every knob: this schema is the flags, the checks and the help. */
export const Config = z.strictObject({
  preset: z.string().optional().describe('a named set of the knobs below'),
  columns: z.int().min(4).max(7).default(5),
  rows: z.int().min(4).max(6).default(4),
  hints: z
    .boolean()
    .default(false)
    .describe('texts and frames mark the free cells where a disc would make four in a row'),
})
export type Config = z.infer<typeof Config>

/** Names of what a reward is made of. */
export const TERMS = ['win'] as const

const LAYOUT = layout(Config, {
  format: 1,
  seats: 2,
  terms: TERMS.length,
  fields: {
    /** 0 empty, 1 and 2 the discs of the seats; rows from the bottom. */
    cells: ['u8', ({ columns, rows }) => columns * rows],
    /** The seat that drops the next disc. */
    turn: 'u8',
    /** The seat that has four in a row; -1 while nobody has. */
    winner: 'i8',
  },
})
export type Four = StateOf<typeof LAYOUT>

export const { save, load, clone } = LAYOUT

/** An empty board: there is nothing to draw, whatever the seed. */
export function reset(config: Config): Four {
  const state = LAYOUT.make(config)
  state.winner = -1
  return state
}
