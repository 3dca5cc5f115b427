import * as tf from '@tensorflow/tfjs'

/** Added to the variance, as in most published decoders. */
const EPSILON = 1e-5

/** Each row of x [rows, width] with mean 0 and variance 1, times gain [width], plus bias [width]. */
export function layerNorm(x: tf.Tensor2D, gain: tf.Tensor1D, bias: tf.Tensor1D): tf.Tensor2D {
  const centred = tf.sub(x, tf.mean(x, 1, true))
  const variance = tf.mean(tf.square(centred), 1, true)
  return tf.add(tf.mul(tf.mul(centred, tf.rsqrt(tf.add(variance, EPSILON))), gain), bias)
}
