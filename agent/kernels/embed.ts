import * as tf from '@tensorflow/tfjs'

/**
 * Row indices[i] of table [n, width] as row i: [indices, width]. The gradient adds in the order of the indices, so it
 * is the same in every run. Also picks the rows of a batch at which something is to be predicted.
 */
export function embed(table: tf.Tensor2D, indices: Int32Array): tf.Tensor2D {
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
    if (tf.getKernel('UnsortedSegmentSum', tf.getBackend())) {
      return tf.unsortedSegmentSum(values, at, rows) as tf.Tensor2D
    }
    return tf.matMul(tf.cast(tf.oneHot(at, rows), 'float32') as tf.Tensor2D, values, true)
  })
}
