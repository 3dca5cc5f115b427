import * as tf from '@tensorflow/tfjs'

/** x w + b: x [rows, in], w [in, out], b [out] gives [rows, out]. */
export function linear(x: tf.Tensor2D, w: tf.Tensor2D, b?: tf.Tensor1D): tf.Tensor2D {
  const product = tf.matMul(x, w) as tf.Tensor2D
  return b ? tf.add(product, b) : product
}
