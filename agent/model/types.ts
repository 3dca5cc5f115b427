import type * as tf from '@tensorflow/tfjs'
import type { Random } from '#core/random'

/**
 * One side of a dialogue as the model reads it: slots, each a word or a patch of a frame, at a place (row, column).
 * Text and frames share the same places, so that what is learnt on one carries over to the other.
 */
export interface Slots {
  /** Word index per slot; -1 where the slot is a patch. */
  readonly words: Int32Array
  readonly rows: Int32Array
  readonly columns: Int32Array
  /** Pixels of the patches in slot order: patch x patch x 3 bytes each. */
  readonly patches: Uint8Array
}

/** What was written after a prompt. */
export interface Generation {
  /** Word indices, the closing end token included unless the length ran out. */
  readonly tokens: Int32Array
  /** Log-probability of each token under the policy that wrote it (at temperature 1). */
  readonly logprobs: Float32Array
  /** Value head before each token: the estimated return from there. */
  readonly values: Float32Array
  /** Probabilities at positions that were asked for: one map of word -> probability (largest few) per token. */
  readonly alternatives?: readonly Readonly<Record<string, number>>[]
}

/** A prompt and what followed it. */
export interface Sequence {
  readonly prompt: Slots
  readonly response: Int32Array
}

export interface GenerateOptions {
  /** Most tokens of a response. */
  readonly maxTokens: number
  /** 0 is greedy. */
  readonly temperature: number
  /** One generator per prompt: sampling does not depend on the batch. */
  readonly randoms: readonly Random[]
  readonly alternatives?: boolean
}

/** Differentiable scores of a batch of sequences, padded to [batch, longest response]. */
export interface Scores {
  /** Log-probability of each response token; 0 where padded. */
  readonly logprobs: tf.Tensor2D
  /** Value before each response token. */
  readonly values: tf.Tensor2D
  /** Entropy of the distribution at each response token. */
  readonly entropy: tf.Tensor2D
  /** 1 for a token, 0 for padding. */
  readonly mask: tf.Tensor2D
}

/** A language model over words and patches. */
export interface Model {
  readonly vocabulary: readonly string[]
  /** Trainable weights by name; `vision.` names the patch encoder, so a recipe can freeze it. */
  readonly weights: Readonly<Record<string, tf.Variable>>
  generate(prompts: readonly Slots[], options: GenerateOptions): Promise<Generation[]>
  /** Inside tf.tidy or a gradient. */
  score(batch: readonly Sequence[]): Scores
  dispose(): void
}
