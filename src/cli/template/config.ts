import { z } from 'zod'

/** Action names in index order: what agents say, and what `step` gets the index of. */
export const ACTIONS = ['Stay', 'Up', 'Down', 'Left', 'Right'] as const

/** Every knob, with its default, range and description: this schema is the flags, the checks and the help. */
export const Config = z.strictObject({
  preset: z.string().optional().describe('a named set of the knobs below'),
  size: z.int().min(3).max(12).default(5).describe('rows and columns of the field'),
  coins: z.int().min(1).max(8).default(2).describe('coins of a field that is drawn'),
  maxSteps: z.int().min(1).max(1000).default(30).describe('steps after which the episode is truncated'),
  level: z
    .strictObject({
      walker: z.int().min(0).describe('cell where the walker starts; row * size + column'),
      coins: z.array(z.int().min(0)).min(1).describe('cells of the coins'),
    })
    .optional()
    .describe('the field; without it one is drawn from the seed'),
})
export type Config = z.infer<typeof Config>

/** Configs by name. */
export const presets = {
  small: { size: 4, coins: 1, maxSteps: 12 },
  wide: { size: 8, coins: 5, maxSteps: 80 },
} as const satisfies Readonly<Record<string, Partial<Config>>>

/** Small configs that together reach every rule; the conformance suite plays them. */
export const examples: readonly Partial<Config>[] = [
  { preset: 'small' },
  { preset: 'wide' },
  { size: 3, level: { walker: 4, coins: [0, 1, 8] }, maxSteps: 6 },
]
