import { z } from 'kickpush/env'

/** Every knob: this schema is the flags, the checks and the help. */
export const Config = z.strictObject({
  preset: z.string().optional().describe('a named set of the knobs below'),
  size: z.int().min(3).max(6).default(5).describe('rows and columns of the field'),
  mines: z.int().min(1).max(6).default(4).describe('mines of a field that is drawn'),
  level: z
    .strictObject({
      mines: z.array(z.int().min(0)).min(1).describe('cells of the mines; row * size + column'),
      start: z.int().min(0).describe('the cell that is open from the beginning'),
    })
    .optional()
    .describe('the field; without it one is drawn from the seed'),
})
export type Config = z.infer<typeof Config>

export const presets = {
  small: { size: 4, mines: 3 },
  easy: { mines: 3 },
  usual: {},
  large: { size: 6, mines: 6 },
} as const satisfies Readonly<Record<string, Partial<Config>>>

const LETTERS = 'ABCDEF'

/** Names of the cells of a field, row by row: A1 is the first of the first row, B1 the second. */
export const namesOf = (size: number): string[] =>
  Array.from({ length: size * size }, (_, cell) => `${LETTERS[cell % size]}${1 + Math.floor(cell / size)}`)
