import * as tf from '#tf'
import { type Operation, run, runMany } from './kernel.ts'
import { onHeap } from './wasm.ts'

/**
 * What a policy-gradient loss needs of logits [rows, vocabulary]: the log-probability of each row's target, and the
 * entropy of each row's distribution (in nats), both [rows] and differentiable.
 */
export function tokenScores(
  logits: tf.Tensor2D,
  targets: Int32Array,
): { logprobs: tf.Tensor1D; entropy: tf.Tensor1D } {
  if (onHeap()) {
    const [logprobs, entropy] = runMany('TokenScores', { logits }, { targets })
    return { logprobs: logprobs as tf.Tensor1D, entropy: entropy as tf.Tensor1D }
  }
  const all = tf.logSoftmax(logits)
  const chosen = tf.cast(tf.oneHot(tf.tensor1d(targets, 'int32'), logits.shape[1]), 'float32')
  return {
    logprobs: tf.sum(tf.mul(all, chosen), 1),
    entropy: tf.neg(tf.sum(tf.mul(tf.exp(all), all), 1)),
  }
}

export const scoresOperation: Operation = {
  kernels: {
    TokenScores: (heap, { logits }, { targets }: { targets: Int32Array }) => {
      const [rows, width] = logits.shape
      const outputs = [heap.output(rows), heap.output(rows)]
      const [at] = heap.scratch(targets.byteLength)
      heap.run.scores(heap.address(logits), heap.put(targets, at), ...outputs.map(heap.address), rows, width)
      return outputs
    },
    TokenScoresGrad: (heap, { logits, dlogprobs, dentropy }, { targets }: { targets: Int32Array }) => {
      const [rows, width] = logits.shape
      const dlogits = heap.output(rows, width)
      const [at] = heap.scratch(targets.byteLength)
      const gradients = [dlogprobs, dentropy, dlogits].map(heap.address)
      heap.run.scoresGrad(heap.address(logits), heap.put(targets, at), ...gradients, rows, width)
      return dlogits
    },
    Softmax: (heap, { logits }) => {
      const width = logits.shape[logits.shape.length - 1]
      const y = heap.output(...logits.shape)
      const rows = tf.util.sizeFromShape(logits.shape) / width
      heap.run.softmax(heap.address(logits), heap.address(y), rows, width)
      return y
    },
  },
  gradients: {
    TokenScores: {
      inputsToSave: ['logits'],
      gradFunc: (dys, [logits], attributes) => {
        const [dlogprobs, dentropy] = dys as tf.Tensor[]
        return { logits: () => run('TokenScoresGrad', { logits, dlogprobs, dentropy }, attributes) }
      },
    },
  },
}
