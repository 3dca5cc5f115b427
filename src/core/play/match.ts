import type { Env, Outcome, State } from '../env/env.ts'
import type { RecordEvent } from '../record/record.ts'
import type { Conversation, Policy } from './policy.ts'
import type { PlayedTurn } from './seat.ts'

/** A level to be played: where an episode begins. */
export interface Level {
  readonly env: Env
  /** Resolved (core/env/config.ts). */
  readonly config: object
  readonly seed: string
}

/** An episode to be played. */
export interface Match extends Level {
  readonly episode: string
  /** One policy per seat. */
  readonly policies: readonly Policy[]
  readonly conversation: Conversation
  /** Seed of the policies' sampling; `<sampling>/<seat>` seeds each seat. The episode seed unless given. */
  readonly sampling?: string
  /** Actions per step, one per seat, that are played before anybody is asked: the episode goes on from there. */
  readonly opening?: readonly (readonly number[])[]
  readonly run?: string
  readonly stage?: string
  readonly update?: number
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
  /** Benchmark score per seat, where the environment has one and it was asked for. */
  readonly score?: readonly (number | null)[]
  readonly outcome: Outcome
  readonly terminated: boolean
  /** By the environment, or by the conversation's limit of turns. */
  readonly truncated: boolean
  /** Why it was broken off, because an agent gave no answer. */
  readonly failed?: string
}

export interface PlayOptions {
  /** Called with every record event, in order per episode. */
  readonly onEvent?: (event: RecordEvent) => void
  /** Called with every episode that is over. */
  readonly onEnd?: (episode: Episode) => void
  /** Episodes in flight at once; each policy gets all their requests in one batch. All unless given. */
  readonly concurrency?: number
  readonly signal?: AbortSignal
  /** Whether episodes get their benchmark score, for which a game may need a solver. True unless given. */
  readonly score?: boolean
  /** Whether anybody looks at an episode: events and scores of the others are not made. All unless given. */
  readonly watched?: (match: Match) => boolean
}
