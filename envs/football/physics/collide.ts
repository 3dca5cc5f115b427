import { type FootballState, WORLD } from '../state.ts'
import { sideOf } from '../teams.ts'

/** Two bodies stay this far apart, in metres. */
const APART = 0.72

/** After a step: pushes overlapping players apart, half each; twice where a push may have made another pair overlap. */
export function collide(s: FootballState): void {
  if (push(s)) push(s)
}

/** One round of pushes; whether there was any. */
function push(s: FootballState): boolean {
  const { x, y, active } = s
  const count = s.setup.count
  let any = false
  for (let p = 0; p < count; p++) {
    if (active[p] === 0) continue
    for (let q = p + 1; q < count; q++) {
      const dx = x[q] - x[p]
      if (dx > APART || dx < -APART) continue
      const dy = y[q] - y[p]
      if (dy > APART || dy < -APART || active[q] === 0) continue
      apart(s, p, q, dx, dy)
      any = true
    }
  }
  return any
}

/** After players were put in place: nobody stands on another, whatever it takes within a few rounds. */
export function spreadOut(s: FootballState): void {
  let rounds = 0
  while (rounds < ROUNDS && push(s)) rounds++
}
const ROUNDS = 6

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
  if (d2 >= APART * APART) return 0
  if (d2 < 1e-12) {
    // On one point: each towards his own goal, the first of two mates.
    s.x[p] -= 0.5 * APART * sideOf(s, p)
    s.x[q] -= 0.5 * APART * sideOf(s, q) * (sideOf(s, p) === sideOf(s, q) ? -1 : 1)
    return 0
  }
  const d = Math.sqrt(d2)
  const push = (0.5 * (APART - d)) / d
  s.x[p] -= push * dx
  s.y[p] -= push * dy
  s.x[q] += push * dx
  s.y[q] += push * dy
  return d
}
