import * as tf from '#tf'
import { embed } from './embed.ts'
import { type Operation, run, runMany } from './kernel.ts'
import { type Heap, onHeap } from './wasm.ts'

/** How the rows of a ragged batch divide into sequences. */
export interface Segments {
  /** Number of tokens of each segment, in the order in which they lie; they add up to the number of rows. */
  readonly lengths: Int32Array
  /**
   * Per segment, the earlier segment whose tokens it continues, or -1. A group of responses to one prompt lists the
   * prompt once and points at it: the prompt is computed once and gets the gradients of all. One level deep.
   */
  readonly prefixes?: Int32Array
  /** The first so many segments only serve as prefixes: their own rows of the result are undefined and cost nothing. */
  readonly silent?: number
}

/**
 * Causal self-attention of several heads: qkv [tokens, 3 width] holds queries, keys and values side by side, each
 * divided into heads; a token sees its segment up to itself, and all of the segment's prefix. Gives [tokens, width].
 */
export function attention(qkv: tf.Tensor2D, segments: Segments, heads: number): tf.Tensor2D {
  const [tokens, triple] = qkv.shape
  const width = triple / 3
  checkSegments(segments, tokens)
  if (onHeap() && (width / heads) % 8 === 0) return fused(qkv, segments, heads)
  const { gathered, own, count, time } = padding(segments)
  const each = [count, time, 3, heads, width / heads]
  const parts = tf.transpose(tf.reshape(gathered ? embed(qkv, gathered) : qkv, each), [2, 0, 3, 1, 4])
  const [q, k, v] = tf.unstack(parts)
  const scores = tf.mul(tf.matMul(q, k, false, true), 1 / Math.sqrt(width / heads))
  const weights = tf.softmax(tf.add(scores, causalBias(time)))
  const out = tf.reshape(tf.transpose(tf.matMul(weights, v), [0, 2, 1, 3]), [count * time, width])
  return own ? embed(out as tf.Tensor2D, own) : (out as tf.Tensor2D)
}

/** 0 where a row may see a column, a large negative number in the future. */
function causalBias(time: number): tf.Tensor2D {
  const bias = new Float32Array(time * time)
  for (let i = 0; i < time; i++) bias.fill(-1e9, i * time + i + 1, (i + 1) * time)
  return tf.tensor2d(bias, [time, time])
}

function checkSegments({ lengths, prefixes }: Segments, tokens: number): void {
  let total = 0
  for (const length of lengths) total += length
  if (total !== tokens) throw new Error(`segments hold ${total} tokens, the batch ${tokens}`)
  for (let s = 0; prefixes && s < lengths.length; s++) {
    const prefix = prefixes[s]
    if (prefix >= s || (prefix >= 0 && prefixes[prefix] >= 0)) {
      throw new Error(`segment ${s} cannot continue segment ${prefix}`)
    }
  }
}

/** Rows of the batch that make a padded [count, time] one (prefix, then own tokens), and the way back. */
function padding({ lengths, prefixes }: Segments) {
  const count = lengths.length
  const starts = new Int32Array(count + 1)
  for (let s = 0; s < count; s++) starts[s + 1] = starts[s] + lengths[s]
  const before = lengths.map((_, s) => (prefixes && prefixes[s] >= 0 ? lengths[prefixes[s]] : 0))
  let time = 0
  for (let s = 0; s < count; s++) time = Math.max(time, before[s] + lengths[s])
  if (starts[count] === count * time) return { count, time }
  const gathered = new Int32Array(count * time)
  const own = new Int32Array(starts[count])
  for (let s = 0; s < count; s++) {
    for (let t = 0; t < before[s]; t++) gathered[s * time + t] = starts[prefixes![s]] + t
    for (let t = 0; t < lengths[s]; t++) {
      gathered[s * time + before[s] + t] = starts[s] + t
      own[starts[s] + t] = s * time + before[s] + t
    }
  }
  return { gathered, own, count, time }
}

/** One kernel forward and one back; between them the attention weights are kept. */
function fused(qkv: tf.Tensor2D, segments: Segments, heads: number): tf.Tensor2D {
  const attributes = { segments, heads }
  return tf.customGrad((x, save) => {
    const [value, weights] = runMany('Attention', { qkv: x as tf.Tensor }, attributes)
    ;(save as tf.GradSaveFunc)([x as tf.Tensor, weights])
    return {
      value,
      gradFunc: (dy, [qkv, weights]) =>
        run('AttentionGrad', { qkv, weights, dy: dy as tf.Tensor }, attributes),
    }
  })(qkv) as tf.Tensor2D
}

type Attributes = { segments: Segments; heads: number }

/** Calls `each` for every segment that is not silent with its own first row, its prefix's first row and both lengths. */
function forEachSegment(
  { lengths, prefixes, silent = 0 }: Segments,
  each: (start: number, length: number, prefixStart: number, prefix: number) => void,
): void {
  const starts = new Int32Array(lengths.length)
  for (let s = 0, start = 0; s < lengths.length; start += lengths[s++]) {
    starts[s] = start
    const prefix = prefixes ? prefixes[s] : -1
    if (s >= silent && lengths[s] > 0)
      each(start, lengths[s], prefix < 0 ? start : starts[prefix], prefix < 0 ? 0 : lengths[prefix])
  }
}

/** Memory for the weights of all heads of all segments, in numbers, and the scratch memory of one, in bytes. */
function sizes({ run }: Heap, { segments, heads }: Attributes, head: number) {
  let weights = 0
  let scratch = 0
  forEachSegment(segments, (_, length, __, prefix) => {
    weights += heads * run.weightsSize(prefix, length)
    scratch = Math.max(scratch, run.attentionScratch(prefix, length, head))
  })
  return { weights, scratch }
}

export const attentionOperation: Operation = {
  kernels: {
    Attention: (heap, { qkv }, attributes: Attributes) => {
      const [tokens, triple] = qkv.shape
      const width = triple / 3
      const head = width / attributes.heads
      const size = sizes(heap, attributes, head)
      const outputs = [heap.output(tokens, width), heap.output(size.weights)]
      const [scratch] = heap.scratch(size.scratch)
      const [from, to, weights] = [qkv, ...outputs].map(heap.address)
      let at = weights
      forEachSegment(attributes.segments, (start, length, prefixStart, prefix) => {
        for (let h = 0; h < attributes.heads; h++) {
          const q = from + (start * triple + h * head) * 4
          const p = from + (prefixStart * triple + h * head) * 4
          heap.run.attend(
            ...[prefix, length, head],
            ...[q, q + width * 4, q + width * 8, p + width * 4, p + width * 8, triple * 4],
            ...[at, to + (start * width + h * head) * 4, width * 4, scratch],
          )
          at += heap.run.weightsSize(prefix, length) * 4
        }
      })
      return outputs
    },
    AttentionGrad: (heap, { qkv, weights, dy }, attributes: Attributes) => {
      const [tokens, triple] = qkv.shape
      const width = triple / 3
      const head = width / attributes.heads
      const size = sizes(heap, attributes, head)
      const dqkv = heap.output(tokens, triple)
      const [scratch] = heap.scratch(size.scratch)
      const [from, kept, dout, to] = [qkv, weights, dy, dqkv].map(heap.address)
      heap.run.clear(to, tokens * triple)
      let at = kept
      forEachSegment(attributes.segments, (start, length, prefixStart, prefix) => {
        for (let h = 0; h < attributes.heads; h++) {
          const q = (start * triple + h * head) * 4
          const p = (prefixStart * triple + h * head) * 4
          const offsets = [q, q + width * 4, q + width * 8, p + width * 4, p + width * 8]
          heap.run.attendGrad(
            ...[prefix, length, head],
            ...offsets.map((offset) => from + offset),
            triple * 4,
            ...[at, dout + (start * width + h * head) * 4, width * 4],
            ...offsets.map((offset) => to + offset),
            scratch,
          )
          at += heap.run.weightsSize(prefix, length) * 4
        }
      })
      return dqkv
    },
  },
}
