import type * as tf from '#tf'

/** The keys and values of sequences that are being written, one row per sequence, for every layer. */
export interface KeyValueCache {
  /** Tokens held by each row. */
  readonly lengths: Int32Array
  /** Takes the prompts' keys and values of a layer from qkv [tokens, 3 width], laid end to end as in `attention`. */
  prefill(layer: number, qkv: tf.Tensor2D): void
  /** Appends one token per row to a layer (qkv [rows, 3 width]) and attends to all the row holds: [rows, width]. */
  attend(layer: number, qkv: tf.Tensor2D): tf.Tensor2D
  /** Call once after `attend` on every layer: each row holds one token more. */
  advance(): void
  /**
   * Row i becomes what row rows[i] was: spreads a prompt over the members of a group, drops finished sequences.
   */
  select(rows: Int32Array): void
  dispose(): void
}

/** What a cache must hold: prompts of these lengths, and at most `room` more tokens per row. */
export interface CacheShape {
  readonly layers: number
  readonly width: number
  readonly heads: number
  readonly lengths: Int32Array
  readonly room: number
}
