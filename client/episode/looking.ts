import type { Conversation, Modality } from '#core/play/policy'
import type { GameFile } from '#core/record/wire'

/** Whose eyes: a script of the game, a model that comes with Kickpush, or the newest one of a run. */
export type Whose =
  | { readonly script: string }
  | { readonly shipped: string }
  /** `bytes` when it is first asked. */
  | { readonly run: string; readonly bytes?: ArrayBuffer }

/** A game up to a step, as one seat has played it. */
export interface PlayedSoFar {
  readonly env: string
  /** As recorded. */
  readonly config: Readonly<Record<string, unknown>>
  readonly seed: string
  readonly seat: number
  /** The actions of every seat at each step. */
  readonly steps: readonly (readonly number[])[]
  /** When the seat was asked before, and the names of what it played. */
  readonly turns: readonly { readonly t: number; readonly actions: readonly string[] }[]
  /** How it was asked; as the model was taught to talk where nobody says. */
  readonly conversation?: Conversation
}

/** What a look asks; `models` which models come with Kickpush. */
export interface LookAsk {
  readonly id: number
  readonly whose: Whose
  readonly played: PlayedSoFar
  /** What an observation did to a word of an answer, or what would be played from wherever the seat could stand. */
  readonly what: 'sight' | 'field' | 'models'
  /** What was answered; what the model would answer where nobody says. */
  readonly response?: string
  /** Which of the answered actions, from 0. */
  readonly index?: number
  /** Games that the page has loaded beside its own. */
  readonly files: readonly GameFile[]
}

/** What of an observation made a model write a word. */
export interface Sight {
  readonly word: string
  readonly probability: number
  readonly value: number
  /** What the model has learnt from, in words. */
  readonly seen: string
  readonly modality: Modality
  readonly slots: readonly {
    /** Absent of patches. */
    readonly word?: string
    readonly row: number
    readonly column: number
    readonly occlusion: number
    readonly value: number
    readonly attention: number
  }[]
}

/** What would be played from a place. */
export interface Arrow {
  readonly x: number
  readonly y: number
  readonly size: number
  /** Where it leads, -1 to 1 each; 0 and 0 where it moves nothing. */
  readonly right: number
  readonly down: number
  readonly action: string
  /** Absent of scripts. */
  readonly probability?: number
  /** Of a model what it expects; of a script minus the fewest steps to go. null where it is not known. */
  readonly value: number | null
}

/** What the worker answers. */
export type LookAnswer = { readonly id: number } & (
  | { readonly sight: Sight }
  | { readonly field: readonly Arrow[] }
  | { readonly models: readonly string[] }
  | { readonly error: string }
)
