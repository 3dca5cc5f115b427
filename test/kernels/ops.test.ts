import * as tf from '@tensorflow/tfjs'
import { describe, expect, test } from 'vitest'
import { attention, embed, gelu, layerNorm, linear, near, tokenScores } from '#agent/kernels/ops'
import { registerKernels, restoreKernels } from '#agent/kernels/register'
import { type Case, differences, expectClose, onBackend, present, valueAndGradients } from './support.ts'

const attend = (lengths: number[], heads: number, prefixes?: number[]) => (x: tf.Tensor) =>
  attention(
    x as tf.Tensor2D,
    { lengths: Int32Array.from(lengths), prefixes: prefixes && Int32Array.from(prefixes) },
    heads,
  )
const scores = (targets: number[]) => (x: tf.Tensor) => {
  const { logprobs, entropy } = tokenScores(tf.mul(x, 4) as tf.Tensor2D, Int32Array.from(targets))
  return tf.concat([logprobs, entropy])
}
const linearCase = (rows: number, width: number, columns: number): Case => ({
  name: `linear ${rows}x${width}x${columns}`,
  shapes: [[rows, width], [width, columns], [columns]],
  apply: (x, w, b) => linear(x as tf.Tensor2D, w as tf.Tensor2D, b as tf.Tensor1D),
})
const normCase = (rows: number, width: number): Case => ({
  name: `layer norm ${rows}x${width}`,
  shapes: [[rows, width], [width], [width]],
  apply: (x, gain, bias) => layerNorm(x as tf.Tensor2D, gain as tf.Tensor1D, bias as tf.Tensor1D),
})

/** Rows in a circle: each has the two before it, itself and the two after it, but for a gap at the end. */
const nearCase = (rows: number, width: number): Case => ({
  name: `near ${rows}x${width}`,
  shapes: [
    [rows, width],
    [5, width],
  ],
  apply: (x, weights) => {
    const others = (row: number) => [-2, -1, 0, 1, 2].map((by) => (row + by < rows - 1 ? row + by : -1))
    const index = Array.from({ length: rows }, (_, row) =>
      row < rows - 1 ? others(row) : [-1, -1, -1, -1, -1],
    )
    return near(
      x as tf.Tensor2D,
      weights as tf.Tensor2D,
      Int32Array.from(index.flat(), (at) => Math.max(-1, at)),
    )
  },
})

/** Small enough for differences. */
const small: Case[] = [
  linearCase(1, 1, 1),
  linearCase(7, 5, 9),
  normCase(3, 7),
  nearCase(6, 8),
  nearCase(5, 3),
  { name: 'gelu', shapes: [[5, 3]], apply: (x) => gelu(tf.mul(x, 6)) },
  {
    name: 'embed',
    shapes: [[4, 3]],
    apply: (x) => embed(x as tf.Tensor2D, Int32Array.from([3, 0, 3, 3, 1])),
  },
  { name: 'scores', shapes: [[4, 5]], apply: scores([0, 4, 2, 2]) },
  { name: 'attention, narrow heads', shapes: [[5, 12]], apply: attend([5], 1) },
  { name: 'attention', shapes: [[9, 24]], apply: attend([2, 7], 1) },
  { name: 'attention with a shared prefix', shapes: [[8, 48]], apply: attend([3, 2, 3], 2, [-1, 0, 0]) },
]

/** Edges of tiles, vectors and blocks. */
const large: Case[] = [
  linearCase(13, 300, 17),
  linearCase(64, 64, 600),
  normCase(33, 130),
  nearCase(40, 64),
  { name: 'gelu of many', shapes: [[1001]], apply: (x) => gelu(tf.mul(x, 9)) },
  { name: 'scores of many', shapes: [[31, 43]], apply: scores(Array.from({ length: 31 }, (_, i) => i)) },
  { name: 'attention, one token each', shapes: [[3, 48]], apply: attend([1, 1, 1], 2) },
  { name: 'attention of many', shapes: [[150, 96]], apply: attend([6, 70, 0, 61, 13], 2) },
  {
    name: 'attention of groups',
    shapes: [[120, 192]],
    apply: attend([41, 7, 12, 1, 30, 6, 23], 4, [-1, 0, 0, 0, -1, 4, 4]),
  },
]

describe.each([...small, ...large])('$name', (example) => {
  test('is the same on wasm as composed on cpu', async () => {
    const wanted = await onBackend('cpu', () => valueAndGradients(example))
    const actual = await onBackend('wasm', () => valueAndGradients(example))
    for (const [i, values] of wanted.entries()) expectClose(actual[i], values)
  })
})

describe.each(small)('$name', (example) => {
  test("is the same on tfjs's own wasm kernels, composed", async () => {
    const wanted = await onBackend('wasm', () => valueAndGradients(example))
    restoreKernels()
    const actual = tf.tidy(() => valueAndGradients(example).map((tensor) => tensor.dataSync()))
    registerKernels()
    for (const [i, values] of wanted.entries()) expectClose(actual[i], values)
  })
})

describe.each(present)('gradients against differences on %s', (backend) => {
  test.each(small)('$name', async (example) => {
    const [, ...gradients] = await onBackend(backend, () => valueAndGradients(example))
    for (const [i, wanted] of differences(example).entries()) expectClose(gradients[i], wanted, 2e-2)
  })
})

describe.each(present)('segments on %s', (backend) => {
  test('are independent of one another, and a prefix acts as if it stood before', async () => {
    const rows = (x: tf.Tensor2D, index: number[]) => embed(x, Int32Array.from(index))
    const [shared, apart] = await onBackend(backend, () => {
      const x = tf.tensor2d(
        Float32Array.from({ length: 9 * 48 }, (_, i) => ((i * 37) % 101) / 50 - 1),
        [9, 48],
      )
      const grouped = attend([4, 2, 3], 2, [-1, 0, 0])(x) as tf.Tensor2D
      const first = attend([6], 2)(rows(x, [0, 1, 2, 3, 4, 5])) as tf.Tensor2D
      const second = attend([7], 2)(rows(x, [0, 1, 2, 3, 6, 7, 8])) as tf.Tensor2D
      return [grouped, tf.concat([first, rows(second, [4, 5, 6])])]
    })
    expectClose(shared, apart, 1e-5)
  })

  test('must add up, and go one level deep', async () => {
    await onBackend(backend, () => {
      const x = tf.zeros<tf.Rank.R2>([5, 24])
      expect(() => attend([2, 2], 1)(x)).toThrow('segments hold 4 tokens, the batch 5')
      expect(() => attend([2, 3], 1, [-1, 1])(x)).toThrow('segment 1 cannot continue segment 1')
      expect(() => attend([2, 2, 1], 1, [-1, 0, 1])(x)).toThrow('segment 2 cannot continue segment 1')
      return []
    })
  })
})
