import type { RewardRule, ScoredTurn } from '#core/env/reward'

/** Weights of the rule `format-accuracy`. */
export interface Weights {
  /** Worth of a kept format, and cost of each broken one. */
  readonly alpha: number
  /** Factor on the environment's rewards. */
  readonly scale: number
  /** `best-prefix`: how far the turn raised the best sum so far; `return`: the plain sum. */
  readonly measure: 'best-prefix' | 'return'
  /** Cost of a thought that claims something false about the actions it leads to. */
  readonly truth: number
}

/**
 * LMM-R1's rule, r = alpha r_format + r_accuracy, spread over turns: an episode is worth alpha for its format, less
 * alpha per turn that breaks it. So its length neither pays nor costs, and one turn alone gives the paper's rule.
 */
export function formatAccuracy(weights: Weights): RewardRule {
  return (turn) => ({
    format: turn.last ? (turn.format ? weights.alpha : 0) : turn.format ? 0 : -weights.alpha,
    accuracy: weights.scale * (weights.measure === 'return' ? sum(turn.rewards) : prefixGain(turn)),
    ...(weights.truth > 0 ? { truth: turn.truth === false ? -weights.truth : 0 } : {}),
  })
}

/** What MageBench counts (arXiv 2412.04531): the gain of the best prefix sum of environment rewards, as it is. */
export const magebench: RewardRule = (turn) => ({ accuracy: prefixGain(turn) })

/**
 * How far this turn raised the episode's best prefix sum of environment rewards, which starts at 0:
 * summed over the turns of an episode it is the best prefix sum itself.
 */
export function prefixGain(turn: ScoredTurn): number {
  const before = bestPrefix(turn.before, 0, 0)
  const after = bestPrefix(turn.rewards, before.sum, before.best)
  return after.best - before.best
}

function bestPrefix(rewards: readonly number[], from: number, best: number): { sum: number; best: number } {
  let running = from
  let highest = best
  for (const reward of rewards) {
    running += reward
    if (running > highest) highest = running
  }
  return { sum: running, best: highest }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, x) => total + x, 0)
