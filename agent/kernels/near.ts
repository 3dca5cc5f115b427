import * as tf from '#tf'
import { embed } from './embed.ts'
import { type Operation, run } from './kernel.ts'
import { onHeap } from './wasm.ts'

/**
 * Each row of x [rows, width] plus its neighbours, each times a row of weights [taps, width]: `index` [rows, taps] names
 * them, below 0 for none. Whom a row has as its k-th has it as its last but k-th: neighbourhood is mutual.
 */
export function near(x: tf.Tensor2D, weights: tf.Tensor2D, index: Int32Array): tf.Tensor2D {
  const [rows, width] = x.shape
  const taps = weights.shape[0]
  if (index.length !== rows * taps)
    throw new Error(`${index.length} neighbours of ${rows} rows, ${taps} each`)
  if (onHeap() && width % 8 === 0) return run('Near', { x, weights }, { index }) as tf.Tensor2D
  const padded = tf.concat2d([x, tf.zeros([1, width])], 0)
  let y = x
  for (let k = 0; k < taps; k++) {
    const from = Int32Array.from({ length: rows }, (_, row) => index[row * taps + k]).map((at) =>
      at < 0 ? rows : at,
    )
    y = tf.add(y, tf.mul(embed(padded, from), tf.slice2d(weights, [k, 0], [1, width])))
  }
  return y
}

type Attributes = { readonly index: Int32Array; readonly turned?: boolean }

export const nearOperation: Operation = {
  kernels: {
    Near: (heap, { x, weights }, { index, turned = false }: Attributes) => {
      const [rows, width] = x.shape
      const y = heap.output(rows, width)
      const [at] = heap.scratch(index.byteLength)
      const [from, by, to] = [x, weights, y].map(heap.address)
      heap.run.near(from, by, heap.put(index, at), to, rows, width, weights.shape[0], Number(turned))
      return y
    },
    NearGrad: (heap, { x, dy }, { index }: Attributes) => {
      const [rows, width] = x.shape
      const taps = index.length / rows
      const dw = heap.output(taps, width)
      const [at] = heap.scratch(index.byteLength)
      const [from, dfrom, to] = [x, dy, dw].map(heap.address)
      heap.run.nearGrad(from, heap.put(index, at), dfrom, to, rows, width, taps)
      return dw
    },
  },
  gradients: {
    Near: {
      inputsToSave: ['x', 'weights'],
      gradFunc: (dy, [x, weights], attributes) => {
        const { index } = attributes as unknown as Attributes
        return {
          x: () => run('Near', { x: dy as tf.Tensor, weights }, { index, turned: true }),
          weights: () => run('NearGrad', { x, dy: dy as tf.Tensor }, { index }),
        }
      },
    },
  },
}
