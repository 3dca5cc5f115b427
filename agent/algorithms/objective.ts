import { exp } from '#core/base/math'

/**
 * PPO's clipped surrogate of one token (Schulman et al. 2017), to be maximised:
 * min(ratio A, clamp(ratio, 1 - low, 1 + high) A). `high` above `low` is DAPO's "clip higher".
 */
export function clippedSurrogate(ratio: number, advantage: number, low: number, high: number): number {
  const clamped = Math.min(Math.max(ratio, 1 - low), 1 + high)
  return Math.min(ratio * advantage, clamped * advantage)
}

/**
 * KL(policy || reference) estimated from the log-probabilities of a token that the policy sampled: k3 of Schulman,
 * "Approximating KL": unbiased, low variance, never negative.
 */
export function klEstimate(policy: number, reference: number): number {
  return exp(reference - policy) - 1 - (reference - policy)
}
