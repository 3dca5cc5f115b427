import type { Film } from '../episode/film.ts'

/** How two episodes of one start part ways. */
export interface Parting {
  /** They begin in the same state. */
  readonly sameStart: boolean
  /** The first step whose actions differ, or that only one of them has; null while there is none. */
  readonly step: number | null
}

/** Compares what was played, as far as both films have come. */
export function parting(a: Film, b: Film): Parting {
  const sameStart = a.start !== null && b.start !== null && a.start.hash === b.start.hash
  const shared = Math.min(a.length, b.length)
  for (let index = 0; index < shared; index++) {
    if (a.steps[index].actions.join() !== b.steps[index].actions.join()) return { sameStart, step: index + 1 }
  }
  const over = (film: Film) => film.end !== null && film.caughtUp
  const oneEnded = (over(a) && a.length < b.length) || (over(b) && b.length < a.length)
  return { sameStart, step: oneEnded ? shared + 1 : null }
}
