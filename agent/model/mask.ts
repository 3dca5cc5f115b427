import * as tf from '#tf'
import type { Vocabulary } from './vocabulary.ts'

/** Added to the logits of words that may not be written: no probability is left of them. */
const NEVER = -1e9

/** Where a response's masked word is, the first of its answer; -1 where there is none (yet). */
export function maskedAt(vocabulary: Vocabulary, response: ArrayLike<number>): number {
  const answer = vocabulary.special('<answer>')
  for (let t = 0; t < response.length; t++) if (response[t] === answer) return t + 1
  return -1
}

/**
 * Logits [rows, vocabulary] with the words that each row may not write put out of reach; the same tensor where every
 * row may write all.
 * @param banned words by row.
 */
export function masked(logits: tf.Tensor2D, banned: readonly (Int32Array | undefined)[]): tf.Tensor2D {
  if (banned.every((words) => words === undefined)) return logits
  const [rows, width] = logits.shape
  const bias = new Float32Array(rows * width)
  for (const [row, words] of banned.entries()) {
    for (const word of words ?? []) bias[row * width + word] = NEVER
  }
  return tf.add(logits, tf.tensor2d(bias, [rows, width]))
}
