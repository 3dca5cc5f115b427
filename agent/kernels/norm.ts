import * as tf from '#tf'
import { type Operation, run, runMany } from './kernel.ts'
import { onHeap } from './wasm.ts'

/** Added to the variance, as in most published decoders. */
const EPSILON = 1e-5

/** Each row of x [rows, width] with mean 0 and variance 1, times gain [width], plus bias [width]. */
export function layerNorm(x: tf.Tensor2D, gain: tf.Tensor1D, bias: tf.Tensor1D): tf.Tensor2D {
  if (onHeap()) return run('LayerNorm', { x, gain, bias }) as tf.Tensor2D
  const centred = tf.sub(x, tf.mean(x, 1, true))
  const variance = tf.mean(tf.square(centred), 1, true)
  return tf.add(tf.mul(tf.mul(centred, tf.rsqrt(tf.add(variance, EPSILON))), gain), bias)
}

export const normOperation: Operation = {
  kernels: {
    LayerNorm: (heap, { x, gain, bias }) => {
      const [rows, width] = x.shape
      const y = heap.output(rows, width)
      const [from, g, b, to] = [x, gain, bias, y].map(heap.address)
      heap.run.layerNorm(from, g, b, to, rows, width)
      return y
    },
    LayerNormGrad: (heap, { x, gain, dy }) => {
      const [rows, width] = x.shape
      const gradients = [heap.output(rows, width), heap.output(width), heap.output(width)]
      heap.run.layerNormGrad(...[x, gain, dy, ...gradients].map(heap.address), rows, width)
      return gradients
    },
  },
  gradients: {
    LayerNorm: {
      inputsToSave: ['x', 'gain'],
      gradFunc: (dy, [x, gain]) => {
        const [dx, dgain, dbias] = runMany('LayerNormGrad', { x, gain, dy: dy as tf.Tensor })
        return { x: () => dx, gain: () => dgain, bias: () => dbias }
      },
    },
  },
}
