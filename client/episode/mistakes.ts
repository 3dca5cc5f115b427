import type { Mark } from './film.ts'

/** Fewest steps to success after `t` steps: null where unknown. */
export interface Verdict {
  readonly t: number
  readonly left: number | null
}

/** The step after which success was out of reach. */
export const LOST = 'out of reach'
/** A step that cost others beyond itself. */
export const COSTLY = 'costly step'

/** A step that costs this many more than itself is marked: one step aside and back again is not. */
const COST = 4

/** What an episode's distances from success say of its play. */
export interface Judgement {
  readonly marks: readonly Mark[]
  /** Steps more than needed so far, after each step; NaN where unknown or out of reach. */
  readonly regret: readonly number[]
}

/** @param left by number of steps: fewest steps to success; Infinity when out of reach, null or absent when unknown. */
export function judge(left: readonly (Verdict['left'] | undefined)[]): Judgement {
  const marks: Mark[] = []
  const first = left[0]
  const regret = left.map((now, t) =>
    typeof first === 'number' && typeof now === 'number' ? t + now - first : Number.NaN,
  )
  for (let t = 1; t < left.length; t++) {
    const [before, now] = [left[t - 1], left[t]]
    if (before === undefined || typeof now !== 'number' || before === Infinity) continue
    if (now === Infinity) marks.push({ t, name: LOST })
    else if (before !== null && now - before + 1 >= COST) marks.push({ t, name: COSTLY })
  }
  return { marks, regret: regret.map((x) => (Number.isFinite(x) ? x : Number.NaN)) }
}
