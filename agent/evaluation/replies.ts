import { z } from 'zod'
import type { Episode } from '#core/play/play'
import { ENDS, type End, Usage } from '#core/play/policy'

/** How agents that write as they like answered in an episode; nothing of others. Counts are means over seats. */
export const ReplyCounts = z.strictObject({
  /** Turns whose answer did not keep the format and was read all the same. */
  lenient: z.number().optional(),
  /** Turns by how their reply ended, where not as it should. */
  ends: z.partialRecord(z.enum(ENDS), z.number()).optional(),
  /** Tokens that all replies cost. */
  usage: Usage.optional(),
  /** Why it was broken off: it says nothing about its agent. */
  failed: z.string().optional(),
})
export type ReplyCounts = z.infer<typeof ReplyCounts>

export function countReplies({ turns, failed }: Episode): ReplyCounts {
  const responses = turns.flat().map(({ response }) => response)
  const ends: Partial<Record<End, number>> = {}
  for (const { end } of responses) if (end) ends[end] = (ends[end] ?? 0) + 1 / turns.length
  const lenient = responses.filter(({ format }) => format === 'lenient').length / turns.length
  const costs = responses.flatMap(({ usage }) => usage ?? [])
  return {
    ...(responses.some(({ format, end }) => format ?? end) && { lenient }),
    ...(Object.keys(ends).length > 0 && { ends }),
    ...(costs.length > 0 && { usage: totalOf(costs) }),
    ...(failed !== undefined && { failed }),
  }
}

/** How they answered in an evaluation; absent where there is nothing to say. */
export interface ReplySummary {
  /** Share of turns whose answer did not keep the format and was read all the same. */
  readonly lenient?: number
  /** Share of turns by how their reply ended, where not as it should. */
  readonly ends?: Readonly<Partial<Record<End, number>>>
  /** Tokens of all replies, also in episodes that failed. */
  readonly usage?: Usage
  /** Episodes that were broken off and are left out of everything else. */
  readonly failed?: number
}

type Counted = ReplyCounts & { readonly turns: number }

/** @param whole those of `all` that were not broken off. */
export function sumReplies(all: readonly Counted[], whole: readonly Counted[]): ReplySummary {
  const sum = (of: (counted: Counted) => number) => whole.reduce((total, counted) => total + of(counted), 0)
  const turns = Math.max(
    1,
    sum((counted) => counted.turns),
  )
  const kinds = ENDS.filter((end) => whole.some(({ ends }) => ends?.[end]))
  const costs = all.flatMap(({ usage }) => usage ?? [])
  return {
    ...(whole.some(({ lenient }) => lenient !== undefined) && {
      lenient: sum(({ lenient = 0 }) => lenient) / turns,
    }),
    ...(kinds.length > 0 && {
      ends: Object.fromEntries(kinds.map((end) => [end, sum(({ ends }) => ends?.[end] ?? 0) / turns])),
    }),
    ...(costs.length > 0 && { usage: totalOf(costs) }),
    ...(whole.length < all.length && { failed: all.length - whole.length }),
  }
}

function totalOf(costs: readonly Usage[]): Usage {
  const sum = (of: (cost: Usage) => number) => costs.reduce((total, cost) => total + of(cost), 0)
  return { input: sum(({ input }) => input), output: sum(({ output }) => output) }
}
