/**
 * PPO's clipped surrogate of one token (Schulman et al. 2017), to be maximised:
 * min(ratio A, clamp(ratio, 1 - low, 1 + high) A). `high` above `low` is DAPO's "clip higher".
 */
export function clippedSurrogate(ratio: number, advantage: number, low: number, high: number): number {
  const clamped = Math.min(Math.max(ratio, 1 - low), 1 + high)
  return Math.min(ratio * advantage, clamped * advantage)
}

/** Half the squared error of a value, the larger of plain and clipped to within `clip` of the old value. */
export function clippedValueLoss(value: number, old: number, target: number, clip: number): number {
  const near = old + Math.min(Math.max(value - old, -clip), clip)
  return 0.5 * Math.max((value - target) * (value - target), (near - target) * (near - target))
}

/** Estimators of KL(policy || reference) from one sampled token's log-probabilities (Schulman, "Approximating KL"). */
export const KL_ESTIMATORS = {
  /** Unbiased, high variance. */
  k1: (policy: number, reference: number) => policy - reference,
  /** Biased, low variance. */
  k2: (policy: number, reference: number) => 0.5 * (policy - reference) * (policy - reference),
  /** Unbiased, low variance, never negative. */
  k3: (policy: number, reference: number) => Math.exp(reference - policy) - 1 - (reference - policy),
} as const
export type KlEstimator = keyof typeof KL_ESTIMATORS
