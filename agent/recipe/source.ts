import { z } from 'zod'

/** The environments a stage draws its levels from. */
export const Source = z.strictObject({
  env: z.string().describe('an environment of the registry'),
  config: z.record(z.string(), z.unknown()).default({}).describe('its config; `preset` names one'),
  levels: z
    .union([z.string().transform((path) => [path]), z.array(z.string()).min(1)])
    .optional()
    .describe('files or folders of levels to draw from; each level is in one split, by its key'),
  skipBad: z.boolean().optional().describe('leave out levels of files that cannot be read'),
  weight: z.number().positive().default(1).describe('share among the sources of a stage'),
})
export type Source = z.infer<typeof Source>
