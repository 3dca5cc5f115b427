import type { Env, Outcome, State } from './env.ts'
import type { Conversation, Policy, Request, Response } from './policy.ts'
import type { RecordEvent } from './record.ts'

/** An episode to be played. `config` must be resolved (core/config.ts). */
export interface Match {
  readonly episode: string
  readonly env: Env
  readonly config: object
  readonly seed: string
  /** One policy per seat. */
  readonly policies: readonly Policy[]
  readonly conversation: Conversation
  /** Seed of the policies' sampling; `<sampling>/<seat>` seeds each seat. The episode seed unless given. */
  readonly sampling?: string
  readonly run?: string
  readonly stage?: string
  readonly update?: number
}

/** A turn with what came of it. */
export interface PlayedTurn {
  readonly request: Request
  readonly response: Response
  /** Environment reward of this seat for every step the turn played. */
  readonly rewards: readonly number[]
  /** Environment reward terms of this seat, summed by name. */
  readonly terms: Readonly<Record<string, number>>
}

/** A played episode. */
export interface Episode {
  readonly match: Match
  /** Turns per seat, in order. */
  readonly turns: readonly (readonly PlayedTurn[])[]
  readonly final: State
  readonly steps: number
  /** Sum of environment rewards per seat. */
  readonly return: readonly number[]
  /** Benchmark score per seat, where the environment has one. */
  readonly score?: readonly (number | null)[]
  readonly outcome: Outcome
  readonly terminated: boolean
  /** By the environment, or by the conversation's limit of turns. */
  readonly truncated: boolean
}

export interface PlayOptions {
  /** Called with every record event, in order per episode. */
  readonly onEvent?: (event: RecordEvent) => void
  /** Episodes in flight at once; each policy gets all their requests in one batch. All unless given. */
  readonly concurrency?: number
  readonly signal?: AbortSignal
}
