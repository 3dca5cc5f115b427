import type { Optimizer } from '../recipe/recipe.ts'

/**
 * The learning rate of step `step` of `steps` (from 0): it rises over `warmup` steps, stays, and falls linearly to
 * `floor` times the rate over the last `decay` share.
 */
export function rateAt(optimizer: Optimizer, step: number, steps: number): number {
  const { rate, warmup, decay, floor } = optimizer
  if (step < warmup) return (rate * (step + 1)) / warmup
  const falling = decay * steps
  const left = steps - step
  return left >= falling ? rate : rate * (floor + (1 - floor) * (left / falling))
}
