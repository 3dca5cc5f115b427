import { z } from 'zod'
import { DIRECTIONS, LARGEST } from './levels/level.ts'

/** Action names by action set, in index order: Boxoban's four, and gym-sokoban's nine. */
export const ACTIONS = {
  moves: DIRECTIONS,
  gym: ['Noop', 'PushUp', 'PushDown', 'PushLeft', 'PushRight', 'MoveUp', 'MoveDown', 'MoveLeft', 'MoveRight'],
} as const

/** Every knob of Sokoban. */
export const Config = z.strictObject({
  preset: z.string().optional().describe('a named set of the knobs below'),
  level: z
    .string()
    .max(20_000)
    .optional()
    .describe(
      'the level as XSB text (rows separated by newlines or |); without it one is generated from the seed',
    ),
  width: z.int().min(3).max(LARGEST).default(7).describe('columns of generated levels, walls included'),
  height: z.int().min(3).max(LARGEST).default(7).describe('rows of generated levels, walls included'),
  boxes: z
    .int()
    .min(1)
    .max(LARGEST * LARGEST)
    .default(2)
    .describe('boxes of generated levels'),
  layout: z
    .enum(['carved', 'scattered'])
    .default('carved')
    .describe('carved: a random walk digs the room; scattered: an empty room with random inner walls'),
  walls: z
    .int()
    .min(0)
    .max(200)
    .default(8)
    .describe('most inner walls of a scattered layout; the number is drawn from 0 to this'),
  rollouts: z
    .int()
    .min(1)
    .max(1000)
    .default(8)
    .describe('rollouts of reverse play, of which the farthest position counts: more make harder levels'),
  onward: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe(
      'share of the rollouts that go on from the farthest position so far: more make levels differ more',
    ),
  far: z
    .enum(['switches', 'pushes'])
    .default('switches')
    .describe('what makes a position far: pushes back to the targets, alone or with changes from box to box'),
  length: z
    .enum(['moves', 'pushes'])
    .default('moves')
    .describe('what minLength and maxLength count, on the shortest solution'),
  minLength: z
    .int()
    .min(0)
    .max(1000)
    .default(0)
    .describe('shortest optimal solution of generated levels; 0 is no limit'),
  maxLength: z
    .int()
    .min(0)
    .max(1000)
    .default(0)
    .describe('longest optimal solution of generated levels; 0 is no limit'),
  actionSet: z
    .enum(['moves', 'gym'])
    .default('moves')
    .describe('moves: Up, Down, Left, Right; gym: the nine actions of gym-sokoban'),
  maxSteps: z.int().min(1).max(100_000).default(200).describe('steps after which the episode is truncated'),
  style: z
    .enum(['compact', 'verbose', 'ragen'])
    .default('compact')
    .describe(
      "text observation: one symbol per cell, words and coordinates, or RAGEN's symbols for agents that write any text",
    ),
  tile: z
    .literal([8, 16, 32, 64])
    .default(16)
    .describe("pixels of a cell in an agent's frame; a small model reads patches of 16"),
  frame: z
    .int()
    .min(16)
    .max(2048)
    .optional()
    .describe('pixels of the sides of a square frame with the board in its middle, instead of tile'),
  sprites: z
    .enum(['bricks', 'signs', 'drawn'])
    .optional()
    .describe(
      'how frames are drawn: bricks unless given; signs are the same board in other colours and shapes; drawn has colours and shapes by a number',
    ),
  spriteSeed: z
    .int()
    .min(0)
    .max(0x7fffffff)
    .optional()
    .describe("the number of sprites that are drawn; drawn itself from the level's seed unless given"),
})
export type Config = z.infer<typeof Config>

const carved = (height: number, width: number, boxes: number, maxSteps: number) => ({
  height,
  width,
  boxes,
  maxSteps,
})
/** Reverse play as far as that of gym-sokoban's levels (or Boxoban's), fitted on how many pushes solve them. */
const searched = (rollouts: number, onward: number) => ({ rollouts, onward, far: 'pushes' as const })

/** Configs by name. The -v names are gym-sokoban's variants, `boxoban` is Guez et al. 2018, `tiny` is for small models. */
export const presets = {
  'tiny-1': { boxes: 1, layout: 'scattered', minLength: 2, maxLength: 16, maxSteps: 50 },
  'tiny-2': { boxes: 2, layout: 'scattered', minLength: 2, maxLength: 24, maxSteps: 50 },
  'small-v0': carved(7, 7, 2, 200),
  'small-v1': { ...carved(7, 7, 3, 200), ...searched(16, 0.5) },
  v0: { ...carved(10, 10, 3, 200), ...searched(20, 0.5) },
  v1: { ...carved(10, 10, 4, 120), ...searched(120, 0.4) },
  v2: { ...carved(10, 10, 5, 200), ...searched(80, 0) },
  'large-v0': { ...carved(13, 11, 3, 300), ...searched(300, 0.95) },
  'large-v1': { ...carved(13, 11, 5, 300), ...searched(300, 0.95) },
  'huge-v0': { ...carved(13, 13, 5, 300), ...searched(300, 0.95) },
  boxoban: { ...carved(10, 10, 4, 120), ...searched(24, 0.3) },
} as const satisfies Readonly<Record<string, Partial<Config>>>

/** Small configs that together reach every rule. */
export const examples: readonly Partial<Config>[] = [
  ...Object.keys(presets).map((preset) => ({ preset })),
  { preset: 'small-v0', actionSet: 'gym', maxSteps: 30 },
  { level: '######|#@---#|#-$.-#|#-$.-#|#----#|######', style: 'verbose', maxSteps: 12 },
  { level: '######|#+*--#|#-$--#|#----#|######', tile: 32 },
  { preset: 'small-v1', tile: 8 },
  { preset: 'large-v0', frame: 640, maxSteps: 40 },
]
