import { z } from 'zod'
import { MODALITIES } from '#core/play/policy'
import { Source } from './source.ts'

/** Looks at levels of the valid split while a stage trains: a curve, when to stop, and which weights to keep. */
export const Valid = z
  .strictObject({
    every: z
      .int()
      .min(1)
      .default(10)
      .describe('updates from one look to the next; there is one after the last update, too'),
    episodes: z
      .int()
      .min(1)
      .max(5000)
      .default(100)
      .describe('levels of the valid split, the same at every look'),
    temperature: z.number().min(0).default(0).describe('of sampling; 0 is greedy'),
    modality: z
      .enum(MODALITIES)
      .optional()
      .describe("what the agent observes; as the stage's conversation unless given"),
    data: z.array(Source).min(1).optional().describe("the stage's data unless given"),
    patience: z
      .int()
      .min(1)
      .optional()
      .describe('looks without a new best after which the stage ends; it has all its updates unless given'),
    keep: z
      .enum(['best', 'last'])
      .default('best')
      .describe(
        'which weights the stage ends with: those of its best look (the first of equals), or its last',
      ),
  })
  .optional()
  .describe('plays levels of the valid split during the stage')
export type Valid = NonNullable<z.infer<typeof Valid>>
