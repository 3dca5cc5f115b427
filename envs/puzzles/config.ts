import { z } from 'zod'

export const FAMILIES = ['order', 'path', 'count', 'sum', 'distance', 'truth', 'next', 'push'] as const
export type FamilyName = (typeof FAMILIES)[number]

export const DIGITS = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'] as const
export const MOVES = ['Up', 'Down', 'Left', 'Right'] as const
export const THINGS = ['a', 'b', 'c', 'd'] as const

/** Words that answers are made of, in index order; a digit's index is its value. */
export const ACTIONS = [...DIGITS, ...MOVES, 'yes', 'no', ...THINGS] as const

/** Most lines of a puzzle, and most words (or cells) of a line. */
export const ROWS = 9
export const COLUMNS = 9
/** Grades of difficulty, from 1. */
export const GRADES = 3

/** Every knob of the puzzles. */
export const Config = z.strictObject({
  preset: z.string().optional().describe('a named set of the knobs below'),
  family: z
    .enum(['mixed', ...FAMILIES])
    .default('mixed')
    .describe('the family that puzzles are drawn from; mixed: any of them, each as often'),
  grade: z.int().min(0).max(GRADES).default(0).describe('difficulty from 1; 0 draws it, each as often'),
  maxSteps: z.int().min(1).max(1000).default(30).describe('steps after which the episode is truncated'),
  puzzle: z
    .strictObject({
      family: z.enum(FAMILIES),
      lines: z.array(z.string().max(60)).min(1).max(ROWS).describe('the text, as it is shown'),
    })
    .optional()
    .describe('the puzzle; without it one is drawn from the seed'),
})
export type Config = z.infer<typeof Config>

const grades = Array.from({ length: GRADES }, (_, i) => i + 1)

/** `mixed`, `mixed-1` to `mixed-3`, and every family the same way: `path`, `path-1` ... */
export const presets: Readonly<Record<string, Partial<Config>>> = Object.fromEntries(
  (['mixed', ...FAMILIES] as const).flatMap((family): [string, Partial<Config>][] => [
    [family, { family }],
    ...grades.map((grade): [string, Partial<Config>] => [`${family}-${grade}`, { family, grade }]),
  ]),
)

/** Small configs that together reach every rule. */
export const examples: readonly Partial<Config>[] = [
  { preset: 'mixed' },
  ...FAMILIES.map((family) => ({ preset: family })),
  { preset: 'path-3', maxSteps: 4 },
  { puzzle: { family: 'sum', lines: ['9 plus 9 plus 9'] } },
  { puzzle: { family: 'path', lines: ['#####', '#@-.#', '#####'] }, maxSteps: 3 },
]
