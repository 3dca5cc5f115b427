import type { Random } from '#core/base/random'
import type * as tf from '#tf'

/**
 * One side of a dialogue as the model reads it: slots, each a word or a patch of a frame, at a place (layer, row,
 * column). Text and frames share the same places, so that what is learnt on one carries over to the other.
 * Sequences that hold the same `Slots` object share its computation.
 */
export interface Slots {
  /** Word index per slot; -1 - p where the slot shows patch p. */
  readonly words: Int32Array
  /** 0: the head (environment, mode, past turns, one row each); 1: the observation; 2 and more: older ones. */
  readonly layers: Int32Array
  readonly rows: Int32Array
  readonly columns: Int32Array
  /** Pixels of the patches, each different one once: patch x patch x 3 bytes each. */
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
  /** When asked for: one map of word -> probability (largest few) per token inside the answer. */
  readonly alternatives?: readonly Readonly<Record<string, number>>[]
}

/** A prompt and what followed it. */
export interface Sequence {
  readonly prompt: Slots
  readonly response: Int32Array
  /** Words that the first of its answer could not be. */
  readonly banned?: Int32Array
  /** By question, what each slot should answer about the plan; -1 for slots that are not asked. */
  readonly sketch?: readonly Int32Array[]
}

export interface GenerateOptions {
  /** Most tokens of a response. */
  readonly maxTokens: number
  /** 0 is greedy. */
  readonly temperature: number
  /** One generator per prompt: sampling does not depend on the batch. */
  readonly randoms: readonly Random[]
  /** Whether to list the likeliest words of answers; by prompt, where some need none. */
  readonly alternatives?: boolean | readonly boolean[]
  /** By prompt: words that the first of its answer may not be; log-probabilities are those without them. */
  readonly banned?: readonly (Int32Array | undefined)[]
}

/** Normal noise on the observation's embeddings. */
export interface Noise {
  readonly deviation: number
  readonly random: Random
}

/**
 * Differentiable scores of every response token of a batch, without padding: the tokens of all responses lie end to
 * end in the order of the batch, each tensor is [tokens].
 */
export interface Scores {
  readonly logprobs: tf.Tensor1D
  /** Value before each response token. */
  readonly values: tf.Tensor1D
  /** Entropy of the distribution at each response token, in nats. */
  readonly entropy: tf.Tensor1D
  /** Log-probabilities of all that slots should answer; absent where none is asked. */
  readonly sketch?: tf.Tensor1D
}

/** What a trainer needs back from a language policy's response (`Response.trace` of `mini:`). */
export interface Trace {
  readonly prompt: Slots
  readonly generation: Generation
  /** Words that the first of its answer could not be. */
  readonly banned?: Int32Array
}

/** A language model over words and patches. */
export interface Model {
  readonly vocabulary: readonly string[]
  /** Trainable weights by name; `vision.` names the patch encoder, so a recipe can freeze it. */
  readonly weights: Readonly<Record<string, tf.Variable>>
  /** Prompts that are the same object are read once. Responses depend on prompt and generator only. */
  generate(prompts: readonly Slots[], options: GenerateOptions): Promise<Generation[]>
  /** Of a distribution sampled at `temperature`, 1 unless given. Inside tf.tidy or a gradient. */
  score(batch: readonly Sequence[], noise?: Noise, temperature?: number): Scores
  dispose(): void
}
