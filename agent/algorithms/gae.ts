/** Discount and trace decay of one level of time. */
export interface Decay {
  readonly gamma: number
  readonly lambda: number
}

/** Advantages and the value targets that belong to them (advantage + value), one per step. */
export interface Estimate {
  readonly advantages: Float64Array
  readonly returns: Float64Array
}

/**
 * Generalized advantage estimation (Schulman et al. 2015) over one sequence of steps: `rewards[i]` follows step i,
 * `values[i]` precedes it, and `bootstrap` is the value after the last step: 0 when the episode terminated, the
 * critic's estimate when it was only cut off.
 */
export function gae(
  rewards: ArrayLike<number>,
  values: ArrayLike<number>,
  decay: Decay,
  bootstrap = 0,
): Estimate {
  const n = rewards.length
  const advantages = new Float64Array(n)
  const returns = new Float64Array(n)
  let next = bootstrap
  let trace = 0
  for (let i = n - 1; i >= 0; i--) {
    trace = rewards[i] + decay.gamma * next - values[i] + decay.gamma * decay.lambda * trace
    advantages[i] = trace
    returns[i] = trace + values[i]
    next = values[i]
  }
  return { advantages, returns }
}

/** The turns of one seat in one episode, as credit assignment sees them. */
export interface EpisodeTurns {
  /** Reward of each turn. */
  readonly rewards: ArrayLike<number>
  /** Value head before each response token, per turn; never empty. */
  readonly values: readonly ArrayLike<number>[]
  /** Value after the last turn: 0 unless the episode was truncated. */
  readonly bootstrap: number
}

/** Advantages and returns per turn and response token. */
export type TokenEstimates = readonly Estimate[]

/**
 * Token-level credit: all response tokens of an episode are one sequence (what the environment said between them is
 * left out), and a turn's reward follows its last token.
 */
export function tokenLevel(turns: EpisodeTurns, decay: Decay): TokenEstimates {
  const lengths = turns.values.map((values) => values.length)
  const total = lengths.reduce((sum, length) => sum + length, 0)
  const rewards = new Float64Array(total)
  const values = new Float64Array(total)
  let at = 0
  turns.values.forEach((turn, i) => {
    values.set(Array.from(turn), at)
    at += lengths[i]
    rewards[at - 1] = turns.rewards[i]
  })
  const whole = gae(rewards, values, decay, turns.bootstrap)
  at = 0
  return lengths.map((length) => {
    const advantages = whole.advantages.slice(at, at + length)
    const returns = whole.returns.slice(at, at + length)
    at += length
    return { advantages, returns }
  })
}

/** Turn-level credit: a turn is one step, valued before its first token; its tokens share its advantage and return. */
export function turnLevel(turns: EpisodeTurns, decay: Decay): TokenEstimates {
  const firsts = turns.values.map((values) => values[0])
  const estimate = gae(turns.rewards, firsts, decay, turns.bootstrap)
  return turns.values.map((values, i) => ({
    advantages: new Float64Array(values.length).fill(estimate.advantages[i]),
    returns: new Float64Array(values.length).fill(estimate.returns[i]),
  }))
}

/**
 * Bi-level credit (VAGEN): turn-level advantages first; within a turn, the turn's target return is what follows the
 * last token, and token-level GAE spreads it backwards over the tokens.
 */
export function biLevel(turns: EpisodeTurns, turn: Decay, token: Decay): TokenEstimates {
  const firsts = turns.values.map((values) => values[0])
  const outer = gae(turns.rewards, firsts, turn, turns.bootstrap)
  return turns.values.map((values, i) => {
    const rewards = new Float64Array(values.length)
    rewards[values.length - 1] = outer.returns[i]
    return gae(rewards, values, token)
  })
}
