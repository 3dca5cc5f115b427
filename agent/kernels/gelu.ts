import * as tf from '@tensorflow/tfjs'

/** sqrt(2 / pi) and the cubic coefficient of the tanh form of GELU (Hendrycks and Gimpel 2016). */
const SCALE = 0.7978845608028654
const CUBIC = 0.044715

/** x / 2 (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))), element by element. */
export function gelu<T extends tf.Tensor>(x: T): T {
  const inner = tf.mul(x, tf.add(tf.mul(tf.square(x), SCALE * CUBIC), SCALE))
  return tf.mul(tf.mul(x, 0.5), tf.add(tf.tanh(inner), 1))
}
