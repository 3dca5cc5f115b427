import * as tf from '#tf'
import { embed } from '../kernels/ops.ts'
import { concatenated, PATCH_BYTES } from './encode.ts'
import { type Network, projectPatches, wordTable } from './forward.ts'
import type { Slots } from './types.ts'

/** The same state read as text and as a frame. */
export interface Pair {
  readonly text: Slots
  readonly frame: Slots
}

/** Patches that stand where the text has exactly one word, with that word. */
interface Matches {
  readonly pixels: Uint8Array
  readonly words: Int32Array
}

/**
 * How far projected patches are from the embeddings of the words at the same places: mean squared error as a share
 * of the embeddings' mean square (1: no better than zero). Take its gradient for the `vision.` weights only; then
 * words stay as they are and a policy learnt on text carries over to frames.
 */
export function alignmentLoss(network: Network, pairs: readonly Pair[]): tf.Scalar {
  const { pixels, words } = matches(pairs)
  const targets = embed(wordTable(network), words)
  const error = tf.mean(tf.squaredDifference(projectPatches(network, pixels), targets))
  return tf.div(error, tf.mean(tf.square(targets)))
}

/** Share of patches whose nearest word, among those the pairs hold, is the right one. */
export function alignmentAccuracy(network: Network, pairs: readonly Pair[]): number {
  const { pixels, words } = matches(pairs)
  const candidates = Int32Array.from(new Set(words))
  const nearest = tf.tidy(() => {
    const table = embed(wordTable(network), candidates)
    const lengths = tf.sum(tf.square(table), 1)
    const products = tf.matMul(projectPatches(network, pixels), table, false, true)
    return tf.argMin(tf.sub(lengths, tf.mul(products, 2)), 1).dataSync<'int32'>()
  })
  let right = 0
  for (let i = 0; i < words.length; i++) if (candidates[nearest[i]] === words[i]) right++
  return right / Math.max(1, words.length)
}

function matches(pairs: readonly Pair[]): Matches {
  const pieces: Uint8Array[] = []
  const words: number[] = []
  for (const { text, frame } of pairs) {
    const wordAt = new Map<string, number>()
    for (let i = 0; i < text.words.length; i++) {
      if (text.words[i] >= 0) wordAt.set(place(text, i), text.words[i])
    }
    for (let i = 0; i < frame.words.length; i++) {
      const patch = -1 - frame.words[i]
      const word = wordAt.get(place(frame, i))
      if (patch < 0 || word === undefined) continue
      words.push(word)
      pieces.push(frame.patches.subarray(patch * PATCH_BYTES, (patch + 1) * PATCH_BYTES))
    }
  }
  if (pieces.length === 0) throw new Error('no patch of these pairs stands where a word stands')
  return { pixels: concatenated(pieces), words: Int32Array.from(words) }
}

function place({ layers, rows, columns }: Slots, i: number): string {
  return `${layers[i]}/${rows[i]}/${columns[i]}`
}
