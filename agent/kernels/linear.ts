import * as tf from '#tf'
import { type Operation, run } from './kernel.ts'
import { onHeap } from './wasm.ts'

/** x w + b: x [rows, in], w [in, out], b [out] gives [rows, out]. */
export function linear(x: tf.Tensor2D, w: tf.Tensor2D, b?: tf.Tensor1D): tf.Tensor2D {
  if (b && onHeap()) return run('Linear', { x, w, b }) as tf.Tensor2D
  const product = tf.matMul(x, w) as tf.Tensor2D
  return b ? tf.add(product, b) : product
}

export const linearOperation: Operation = {
  kernels: {
    Linear: (heap, { x, w, b }) => {
      const [rows, width] = x.shape
      const columns = w.shape[1]
      const y = heap.output(rows, columns)
      const [scratch] = heap.scratch(heap.run.matmulScratch())
      heap.run.matmul(
        ...[rows, columns, width],
        ...[heap.address(x), width * 4, 4],
        ...[heap.address(w), columns * 4, 4],
        ...[heap.address(y), columns * 4],
        ...[heap.address(b), 0],
        scratch,
      )
      return y
    },
    SumRows: (heap, { x }) => {
      const sum = heap.output(x.shape[1])
      heap.run.sumRows(heap.address(x), heap.address(sum), x.shape[0], x.shape[1])
      return sum
    },
  },
  gradients: {
    Linear: {
      inputsToSave: ['x', 'w'],
      gradFunc: (dy, [x, w]) => ({
        x: () => tf.matMul(dy as tf.Tensor, w, false, true),
        w: () => tf.matMul(x, dy as tf.Tensor, true, false),
        b: () => run('SumRows', { x: dy as tf.Tensor }),
      }),
    },
  },
}
