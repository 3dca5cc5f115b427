/** What replicas are given and give back: plain data, for them and for messages to them. */
import type { Conversation } from '#core/play/policy'
import type { Weights } from '../model/safetensors.ts'
import type { Shape, Size } from '../model/shape.ts'
import type { Evaluation, Source } from '../recipe/recipe.ts'

/** A model to be made: its size, the environments whose words it knows, the seed of its weights. */
export interface Fresh {
  readonly size: Size
  readonly envs: readonly string[]
  readonly seed: string
}

/** A model's file, and what to call it in errors. */
export interface ModelBytes {
  readonly bytes: Uint8Array
  readonly what: string
}

/** A model that a stage plays against, under a name. */
export interface Rival extends ModelBytes {
  readonly name: string
}

/** What is to be known of a model that was loaded. */
export interface Facts {
  /** In words: what it has learnt from. */
  readonly seen: string
  readonly vocabulary: readonly string[]
  /** Names of its weights. */
  readonly weights: readonly string[]
  readonly shape: Shape
}

/** Which part of which update. */
export interface Place {
  readonly seed: string
  readonly update: number
  readonly shard: number
  readonly shards: number
}

/** A gradient as one array, trained weights in the order of their names, and sums for metrics. */
export interface FlatGradient {
  readonly gradient: Float32Array
  readonly sums: Record<string, number>
}

/** A model and Adam's running means off the device. */
export interface Snapshot {
  readonly weights: Weights
  readonly shape: Shape
  readonly vocabulary: readonly string[]
  readonly optimizer: OptimizerState
}

export interface OptimizerState {
  readonly steps: number
  readonly tensors: Record<string, Float32Array>
}

/** An evaluation and what its levels are drawn from. */
export interface Examination {
  readonly evaluation: Evaluation
  readonly data: readonly Source[]
}

/** Some of the held-out levels, played by one agent. */
export interface EvaluateJob extends Examination {
  /** Of its episodes: `<name>-<index>`. */
  readonly name: string
  /** Seed of sampling; the evaluation's unless given. */
  readonly sampling?: string
  /** A policy's name, or a model and what to call it. */
  readonly agent: { readonly policy: string } | (ModelBytes & { readonly name: string })
  /** Who sits in the other seats, named in the same way; each level is then played from every seat. */
  readonly opponent?: EvaluateJob['agent']
  /** Episodes recorded, and the name of the run. */
  readonly keep: number
  readonly run: string
  readonly modality: Conversation['modality']
  /** Shows the observation of another level. */
  readonly blind: boolean
  readonly shard: number
  readonly shards: number
}
