import { z } from 'zod'
import type { Random } from '../base/random.ts'
import type { Frame } from '../draw/scene.ts'
import type { Env, State } from '../env/env.ts'

export const MODALITIES = ['text', 'frame', 'both'] as const
export type Modality = (typeof MODALITIES)[number]

/** How an agent and an environment talk; one schema for recipes, flags and records. */
export const Conversation = z.strictObject({
  mode: z
    .enum(['global', 'online'])
    .default('online')
    .describe('global: one answer with all actions; online: some actions per turn, then look again'),
  modality: z.enum(MODALITIES).default('text').describe('what the agent observes'),
  actionsPerTurn: z.int().min(1).max(200).default(1).describe('most actions of one online answer'),
  maxTurns: z
    .int()
    .min(1)
    .max(10_000)
    .default(50)
    .describe('turns after which the episode is truncated; global: most actions of the answer'),
  memoryActions: z
    .int()
    .min(0)
    .max(50)
    .default(5)
    .describe('AM: past action turns in the context (MageBench: 5)'),
  memoryObservations: z
    .int()
    .min(1)
    .max(10)
    .default(1)
    .describe('OM: newest observations in the context (MageBench: 1)'),
  macro: z
    .string()
    .optional()
    .describe("one decision as many steps, by the environment's macro of that name"),
  mask: z
    .boolean()
    .optional()
    .describe('a small model cannot begin an answer with an action that is not legal [false]'),
  listLegal: z
    .boolean()
    .optional()
    .describe('prompts of chat agents list the legal actions of each turn [false]'),
  thought: z
    .boolean()
    .optional()
    .describe(
      'prompts of chat agents ask for a thought before the answer; false: for the answer alone [true]',
    ),
  prompt: z
    .string()
    .min(1)
    .max(20_000)
    .optional()
    .describe(
      'system prompt of chat agents; {rules}, {reading}, {actions}, {count} and {format} are filled in [ours]',
    ),
})
export type Conversation = z.infer<typeof Conversation>

/** What an agent gets to see of a state. */
export interface Observation {
  readonly text?: string
  readonly frame?: Frame
}

/** An earlier turn of the same seat. */
export interface PastTurn {
  readonly observation: Observation
  readonly response: string
  /** Action names that were played. */
  readonly actions: readonly string[]
  /** What the environment said back: sum of rewards, or that the format was wrong. */
  readonly feedback: string
}

/** One seat's wish for a decision. `state` is a copy as it was when asked, for agents without language. */
export interface Request {
  readonly episode: string
  readonly env: Env
  readonly state: State
  readonly seat: number
  readonly turn: number
  readonly conversation: Conversation
  /** Most actions that this turn can play. */
  readonly limit: number
  readonly observation: Observation
  /** All earlier turns, oldest first. */
  readonly history: readonly PastTurn[]
  /** This seat's own generator, seeded by episode and seat: sampling does not depend on the batch. */
  readonly random: Random
}

/** How a reply ended that is no answer in words which can be played; `failed`: nobody replied. */
export const ENDS = ['cut off', 'refused', 'filtered', 'tool call', 'malformed', 'failed'] as const
export type End = (typeof ENDS)[number]

/** What a reply cost: tokens read and written. */
export const Usage = z.object({ input: z.number().min(0), output: z.number().min(0) })
export type Usage = z.infer<typeof Usage>

/** A decision. */
export interface Response {
  /** False: the answer could not be parsed; it costs the turn and plays nothing. */
  readonly valid: boolean
  /** Of agents that write as they like: whether the answer kept the format, or could be read all the same. */
  readonly format?: 'strict' | 'lenient'
  /** How it ended, where not as it should; after `failed` the episode ends. */
  readonly end?: End
  /** Action indices to play, in order. */
  readonly actions: readonly number[]
  /** How many more were answered than can be played; absent for none. */
  readonly beyond?: number
  /** Why it is not valid: the feedback that the agent gets. */
  readonly reason?: string
  /** As written, for agents with language. */
  readonly text?: string
  readonly thought?: string
  /** Thoughts that came apart from the text, as written. */
  readonly reasoning?: string
  readonly usage?: Usage
  /** Estimated return from here. */
  readonly value?: number
  /** One map of action name -> probability per answered action. */
  readonly probabilities?: readonly Readonly<Record<string, number>>[]
  /** Whatever a trainer needs back (tokens, log-probabilities). */
  readonly trace?: unknown
}

/** An agent: answers a batch of requests, one response each. */
export interface Policy {
  /** As named on the command line ("expert", "mini:<name>"). */
  readonly id: string
  /** Differs when an agent of this name would decide otherwise: a hash of its weights or script. */
  readonly fingerprint?: string
  /** How it was taught to talk: what a command takes where its flags say nothing else. */
  readonly conversation?: Conversation
  /** Most episodes it plays at once where each answer takes its own time: none then waits for another's. */
  readonly sideBySide?: number
  /** Why it could not read all that an episode at a level shows it; null where it can. Without it, it reads everything. */
  unreadable?(
    level: { readonly env: Env; readonly config: object; readonly seed: string },
    conversation: Conversation,
  ): string | null
  act(requests: readonly Request[]): Promise<readonly Response[]>
  dispose?(): void
}
