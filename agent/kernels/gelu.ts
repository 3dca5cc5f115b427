import * as tf from '#tf'
import { type Operation, run } from './kernel.ts'
import { onHeap } from './wasm.ts'

/** sqrt(2 / pi) and the cubic coefficient of the tanh form of GELU (Hendrycks and Gimpel 2016). */
const SCALE = 0.7978845608028654
const CUBIC = 0.044715

/** x / 2 (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))), element by element. */
export function gelu<T extends tf.Tensor>(x: T): T {
  if (onHeap()) return run('Gelu', { x }) as T
  const inner = tf.mul(x, tf.add(tf.mul(tf.square(x), SCALE * CUBIC), SCALE))
  return tf.mul(tf.mul(x, 0.5), tf.add(tf.tanh(inner), 1))
}

export const geluOperation: Operation = {
  kernels: {
    Gelu: (heap, { x }) => {
      const y = heap.output(...x.shape)
      heap.run.gelu(heap.address(x), heap.address(y), tf.util.sizeFromShape(x.shape))
      return y
    },
    GeluGrad: (heap, { x, dy }) => {
      const dx = heap.output(...x.shape)
      heap.run.geluGrad(heap.address(x), heap.address(dy), heap.address(dx), tf.util.sizeFromShape(x.shape))
      return dx
    },
  },
  gradients: {
    Gelu: {
      inputsToSave: ['x'],
      gradFunc: (dy, [x]) => ({ x: () => run('GeluGrad', { x, dy: dy as tf.Tensor }) }),
    },
  },
}
