import type { EpisodeSummary } from '#core/record/wire'
import { totalReturn } from '../ui/returns.ts'

/** Two episodes of one game, level and seed. */
export interface Pair {
  readonly a: EpisodeSummary
  readonly b: EpisodeSummary
}

/** Pairs finished episodes by environment, preset and seed; of several, the newest (first listed) counts. */
export function pairs(listA: readonly EpisodeSummary[], listB: readonly EpisodeSummary[]): Pair[] {
  const key = ({ env, version, preset, seed }: EpisodeSummary) => JSON.stringify([env, version, preset, seed])
  const byKey = new Map<string, EpisodeSummary>()
  for (const b of listB) if (!byKey.has(key(b))) byKey.set(key(b), b)
  const seen = new Set<string>()
  const found: Pair[] = []
  for (const a of listA) {
    const b = byKey.get(key(a))
    if (!b || b.id === a.id || seen.has(key(a))) continue
    seen.add(key(a))
    found.push({ a, b })
  }
  return found
}

/** How the pairs went: by return for B against A, and how many each succeeded in. */
export function score(list: readonly Pair[]) {
  let better = 0
  let worse = 0
  for (const { a, b } of list) {
    const gap = totalReturn(b) - totalReturn(a)
    if (gap > 1e-9) better++
    else if (gap < -1e-9) worse++
  }
  const successA = list.filter(({ a }) => a.success).length
  const successB = list.filter(({ b }) => b.success).length
  return { better, worse, equal: list.length - better - worse, successA, successB }
}
