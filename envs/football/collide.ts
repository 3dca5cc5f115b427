import type { FootballState } from './state.ts'

/** Two bodies stay this far apart, in metres. */
const APART = 0.6

/** Pushes overlapping players apart, half each. */
export function collide(s: FootballState): void {
  const { x, y, active } = s
  const count = s.setup.count
  for (let p = 0; p < count; p++) {
    if (active[p] === 0) continue
    const px = x[p]
    const py = y[p]
    for (let q = p + 1; q < count; q++) {
      const dx = x[q] - px
      if (dx > APART || dx < -APART) continue
      const dy = y[q] - py
      const d2 = dx * dx + dy * dy
      if (d2 >= APART * APART || d2 < 1e-12 || active[q] === 0) continue
      const d = Math.sqrt(d2)
      const push = (0.5 * (APART - d)) / d
      x[p] -= push * dx
      y[p] -= push * dy
      x[q] += push * dx
      y[q] += push * dy
    }
  }
}
