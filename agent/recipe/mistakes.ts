import { z } from 'zod'

/** Starts from where training episodes went wrong. */
export const MistakesOptions = z
  .strictObject({
    share: z
      .number()
      .min(0)
      .max(1)
      .default(0.5)
      .describe('groups that begin at a mistake, once there are any; the others begin at the start'),
    size: z.int().min(1).max(10_000).default(512).describe('mistakes kept; the oldest leave'),
  })
  .optional()
  .describe(
    'failed training episodes are begun again at the last state from which they could still be won; drawn by regret',
  )
export type MistakesOptions = NonNullable<z.infer<typeof MistakesOptions>>
