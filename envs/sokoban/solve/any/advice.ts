import { AREA, FEATURES, LINKS, MOBILE, NEAR, PACKED, REGIONS, STRAY } from './features.ts'

/** What is good about a position: more than 0 if it is better than the one before, and by how much. */
type Advisor = (own: Int32Array, all: Int32Array, at: number) => number

/** Less of a feature; among equals, more boxes that can be pushed. */
const fewer =
  (feature: number): Advisor =>
  (own, all, at) =>
    all[at + PACKED] < own[PACKED] || all[at + feature] >= own[feature]
      ? 0
      : (own[feature] - all[at + feature]) * 1000 + all[at + MOBILE]

const ADVISORS: readonly Advisor[] = [
  (own, all, at) =>
    all[at + PACKED] <= own[PACKED]
      ? 0
      : (all[at + PACKED] - own[PACKED]) * 1_000_000 -
        all[at + REGIONS] * 1000 -
        all[at + STRAY] * 100 -
        all[at + LINKS],
  fewer(REGIONS),
  fewer(LINKS),
  fewer(STRAY),
  (own, all, at) =>
    all[at + PACKED] < own[PACKED] || all[at + MOBILE] <= own[MOBILE]
      ? 0
      : (all[at + MOBILE] - own[MOBILE]) * 1000 + all[at + AREA],
  (own, all, at) => (all[at + PACKED] < own[PACKED] ? 0 : all[at + AREA] - own[AREA]),
  (own, all, at) =>
    all[at + PACKED] < own[PACKED] || all[at + NEAR] >= own[NEAR] ? 0 : own[NEAR] - all[at + NEAR],
]

/**
 * Each advisor names the one successor that it likes best, if it likes any.
 * @param own - features of the position; `all`, those of its `count` successors, one after the other.
 * @param liked - set to 1 for the successors that are named, else to 0.
 */
export function advise(own: Int32Array, all: Int32Array, count: number, liked: Uint8Array): void {
  liked.fill(0, 0, count)
  for (const advisor of ADVISORS) {
    let best = -1
    let most = 0
    for (let i = 0; i < count; i++) {
      const value = advisor(own, all, i * FEATURES)
      if (value <= most) continue
      most = value
      best = i
    }
    if (best >= 0) liked[best] = 1
  }
}
