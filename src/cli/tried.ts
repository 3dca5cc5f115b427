import { z } from 'zod'
import { parseJson } from '#core/env/config'

/** One attempt of a study on valid levels, as a line of the log beside the study's file. */
export const Tried = z.strictObject({
  date: z.string(),
  seeds: z.string(),
  /** What was written over the study's recipe, and why. */
  settings: z.string(),
  found: z.array(z.strictObject({ claim: z.string(), mean: z.number(), bySeed: z.array(z.number()) })),
})
export type Tried = z.infer<typeof Tried>

/** @throws UserError for a line that is none. */
export function readTried(text: string, what: string): Tried[] {
  const lines = text.split('\n').filter((line) => line !== '')
  return lines.map((line, i) => parseJson(Tried, line, `${what}, line ${i + 1}`))
}
