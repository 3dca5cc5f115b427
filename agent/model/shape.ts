import { z } from 'zod'

/** Every dimension of a model but its vocabulary. */
export const Shape = z.strictObject({
  width: z.int().min(8).max(4096).describe('numbers per embedding'),
  blocks: z.int().min(1).max(64).describe('transformer blocks'),
  heads: z.int().min(1).max(64).describe('attention heads per block'),
  context: z.int().min(8).max(4096).describe('most slots of a prompt'),
  response: z.int().min(4).max(1024).describe('most tokens of a response'),
  layers: z.int().min(2).max(16).describe('layers of places: the head, the observation, older observations'),
  rows: z.int().min(4).max(256).describe('rows of places'),
  columns: z.int().min(4).max(256).describe('columns of places'),
  near: z
    .int()
    .min(1)
    .max(4)
    .optional()
    .describe('how far around its place a slot looks before each attention; not at all unless given'),
  sketch: z
    .array(z.int().min(2).max(64))
    .min(1)
    .max(8)
    .optional()
    .describe('what each slot is asked in training about the plan: how many answers each question has'),
})
export type Shape = z.infer<typeof Shape>

/** xs for tests, s for two CPU cores, b for boards of any size on them, m for a GPU. */
export const SIZES = {
  xs: { width: 32, blocks: 1, heads: 2, context: 128, response: 32, layers: 3, rows: 24, columns: 24 },
  s: { width: 64, blocks: 2, heads: 4, context: 512, response: 96, layers: 4, rows: 40, columns: 40 },
  b: {
    width: 64,
    blocks: 6,
    heads: 4,
    context: 512,
    response: 48,
    layers: 3,
    rows: 24,
    columns: 24,
    near: 2,
    sketch: [5, 5, 13],
  },
  m: { width: 128, blocks: 4, heads: 4, context: 1024, response: 192, layers: 6, rows: 64, columns: 64 },
} satisfies Record<string, Shape>
export type Size = keyof typeof SIZES

/** Names of the sizes, smallest first. */
export const SIZE_NAMES = ['xs', 's', 'b', 'm'] as const satisfies readonly Size[]
