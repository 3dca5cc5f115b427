import { type FootballState, WORLD } from './state.ts'

/** Two bodies stay this far apart, in metres. */
const APART = 0.6

/** After a step: pushes overlapping players apart, half each. */
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
      if (dy > APART || dy < -APART || active[q] === 0) continue
      apart(s, p, q, dx, dy)
    }
  }
}

/** Within a step: nobody runs through the player with the ball, nor he through them. */
export function block(s: FootballState): void {
  const p = s.world[WORLD.owner]
  if (p < 0) return
  const { x, y, vx, vy, active } = s
  for (let q = 0; q < s.setup.count; q++) {
    const dx = x[q] - x[p]
    const dy = y[q] - y[p]
    if (dx > APART || dx < -APART || dy > APART || dy < -APART || q === p || active[q] === 0) continue
    const d = apart(s, p, q, dx, dy)
    if (d === 0) continue
    // What they close in with, both lose.
    const nx = dx / d
    const ny = dy / d
    const closing = (vx[p] - vx[q]) * nx + (vy[p] - vy[q]) * ny
    if (closing <= 0) continue
    vx[p] -= 0.5 * closing * nx
    vy[p] -= 0.5 * closing * ny
    vx[q] += 0.5 * closing * nx
    vy[q] += 0.5 * closing * ny
  }
}

/** Pushes p and q apart if they overlap; returns their distance before, or 0 when they do not. */
function apart(s: FootballState, p: number, q: number, dx: number, dy: number): number {
  const d2 = dx * dx + dy * dy
  if (d2 >= APART * APART || d2 < 1e-12) return 0
  const d = Math.sqrt(d2)
  const push = (0.5 * (APART - d)) / d
  s.x[p] -= push * dx
  s.y[p] -= push * dy
  s.x[q] += push * dx
  s.y[q] += push * dy
  return d
}
