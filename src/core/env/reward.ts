/** What a reward rule may look at: one turn of one seat, within its episode. */
export interface ScoredTurn {
  /** The response kept the format and its answer parsed. */
  readonly format: boolean
  /** The response as written; empty for agents without language. */
  readonly response: string
  readonly thought: string
  /** Whether the thought's claims hold for the actions answered; null when it claims nothing or nobody can tell. */
  readonly truth?: boolean | null
  /** Action names answered, also those that were never played. */
  readonly actions: readonly string[]
  /** Environment rewards of the steps this turn played. */
  readonly rewards: readonly number[]
  /** Environment rewards of all earlier steps of the episode. */
  readonly before: readonly number[]
  /** Environment reward terms of this turn, summed by name. */
  readonly terms: Readonly<Record<string, number>>
  /** The episode ended with this turn. */
  readonly last: boolean
  readonly terminated: boolean
  readonly truncated: boolean
  readonly success: boolean
}

/** A pure function from a turn to named terms; the turn's reward is their sum. */
export type RewardRule = (turn: ScoredTurn) => Readonly<Record<string, number>>
