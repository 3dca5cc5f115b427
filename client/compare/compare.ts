import type { Place } from '../net/router.ts'
import { duelPage } from './duel.ts'
import { evaluationPage } from './evaluation.ts'

/** Two episodes in lockstep (`a` and `b`), or all episodes of two agents side by side. */
export function comparePage(main: HTMLElement, place: Place): () => void {
  const { query } = place
  return query.has('a') ? duelPage(main, place) : evaluationPage(main, place)
}
