import * as tf from '#tf'
import { type Operation, run } from './kernel.ts'
import { onHeap } from './wasm.ts'

/**
 * Row indices[i] of table [n, width] as row i: [indices, width]. The gradient adds in the order of the indices, so it
 * is the same in every run. Also picks the rows of a batch at which something is to be predicted.
 */
export function embed(table: tf.Tensor2D, indices: Int32Array): tf.Tensor2D {
  if (onHeap()) return run('GatherRows', { table }, { indices }) as tf.Tensor2D
  const rows = table.shape[0]
  return tf.customGrad((x) => ({
    value: tf.gather(x as tf.Tensor2D, tf.tensor1d(indices, 'int32')),
    gradFunc: (dy) => scatter(dy as tf.Tensor2D, indices, rows),
  }))(table) as tf.Tensor2D
}

/** Adds row i of values [indices, width] to row indices[i] of a matrix of zeros [rows, width]. */
function scatter(values: tf.Tensor2D, indices: Int32Array, rows: number): tf.Tensor2D {
  return tf.tidy(() => {
    const at = tf.tensor1d(indices, 'int32')
    // webgpu and stock wasm have no such kernel; cpu's passes over all values once per row.
    if (tf.getBackend() === 'tensorflow') {
      return tf.unsortedSegmentSum(values, at, rows) as tf.Tensor2D
    }
    return tf.matMul(tf.cast(tf.oneHot(at, rows), 'float32') as tf.Tensor2D, values, true)
  })
}

export const embedOperation: Operation = {
  kernels: {
    GatherRows: (heap, { table }, { indices }: { indices: Int32Array }) => {
      const [rows, width] = table.shape
      const out = heap.output(indices.length, width)
      const [at] = heap.scratch(indices.byteLength)
      const [from, to] = [heap.address(table), heap.address(out)]
      heap.run.gatherRows(from, rows, heap.put(indices, at), to, indices.length, width)
      return out
    },
    ScatterRows: (heap, { values }, { indices, rows }: { indices: Int32Array; rows: number }) => {
      const width = values.shape[1]
      const out = heap.output(rows, width)
      const [at] = heap.scratch(indices.byteLength)
      const [from, to] = [heap.address(values), heap.address(out)]
      heap.run.scatterRows(from, heap.put(indices, at), to, rows, indices.length, width)
      return out
    },
    // The gradient of tf.gather, which tfjs's wasm backend lacks.
    UnsortedSegmentSum: (heap, { x, segmentIds }, { numSegments }: { numSegments: number }) => {
      const count = tf.util.sizeFromShape(segmentIds.shape)
      const rest = x.shape.slice(segmentIds.shape.length)
      const out = heap.output(numSegments, ...rest)
      const [from, at, to] = [x, segmentIds, out].map(heap.address)
      heap.run.scatterRows(from, at, to, numSegments, count, tf.util.sizeFromShape(rest))
      return out
    },
  },
  gradients: {
    GatherRows: {
      inputsToSave: ['table'],
      gradFunc: (dy, [table], attributes) => {
        const { indices } = attributes as unknown as { indices: Int32Array }
        const rows = table.shape[0]
        return { table: () => run('ScatterRows', { values: dy as tf.Tensor }, { indices, rows }) }
      },
    },
  },
}
