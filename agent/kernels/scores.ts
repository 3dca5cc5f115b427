import * as tf from '@tensorflow/tfjs'

/**
 * What a policy-gradient loss needs of logits [rows, vocabulary]: the log-probability of each row's target, and the
 * entropy of each row's distribution (in nats), both [rows] and differentiable.
 */
export function tokenScores(
  logits: tf.Tensor2D,
  targets: Int32Array,
): { logprobs: tf.Tensor1D; entropy: tf.Tensor1D } {
  const all = tf.logSoftmax(logits)
  const chosen = tf.cast(tf.oneHot(tf.tensor1d(targets, 'int32'), logits.shape[1]), 'float32')
  return {
    logprobs: tf.sum(tf.mul(all, chosen), 1),
    entropy: tf.neg(tf.sum(tf.mul(tf.exp(all), all), 1)),
  }
}
