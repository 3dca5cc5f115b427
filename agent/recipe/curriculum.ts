import { z } from 'zod'

/** Lessons of a stage: the next one begins when enough training episodes succeed. */
export const Curriculum = z
  .strictObject({
    lessons: z
      .array(z.record(z.string(), z.unknown()))
      .min(2)
      .describe('written over the config of every source, one after the other, like { maxLength: 6 }'),
    success: z.number().min(0).max(1).default(0.7).describe('share of training episodes that ends a lesson'),
    over: z.int().min(1).default(3).describe('latest updates of the lesson that it is the mean of'),
  })
  .optional()
  .describe('levels become harder as training episodes succeed')
export type Curriculum = NonNullable<z.infer<typeof Curriculum>>
