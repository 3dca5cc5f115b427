import * as tf from '#tf'
import type { Algorithm } from '../algorithms/algorithm.ts'
import type { Model, Noise, Sequence } from '../model/types.ts'

/** One turn as the policy update sees it; arrays have one number per response token. */
export interface Experience extends Sequence {
  /** Log-probabilities and values under the policy that wrote it. */
  readonly logprobs: Float32Array
  readonly values: Float32Array
  readonly advantages: Float32Array
  /** Targets of the value head. */
  readonly returns: Float32Array
  /** Log-probabilities under the stage's first policy; only where KL counts. */
  readonly reference?: Float32Array
}

/** Sums over response tokens, for metrics. */
export interface LossSums extends Record<string, number> {
  /** Minus the clipped surrogate. */
  policy: number
  /** Half the squared error of the value head. */
  value: number
  entropy: number
  /** KL (k3) to the policy that wrote the responses. */
  kl: number
  /** Tokens whose ratio was clipped. */
  clipped: number
  /** KL (k3) to the stage's first policy. */
  reference: number
}

const NONE = { policy: 0, value: 0, entropy: 0, kl: 0, clipped: 0, reference: 0 }
const NAMES = Object.keys(NONE) as (keyof typeof NONE)[]

export const emptyLossSums = (): LossSums => ({ ...NONE })

/** Adds what `policyLoss` told, and disposes of it. */
export async function addSums(sums: LossSums, totals: tf.Tensor1D): Promise<void> {
  const values = await totals.data()
  totals.dispose()
  for (const [i, name] of NAMES.entries()) sums[name] += values[i]
}

/**
 * The cross-entropy of responses, summed over their tokens and divided by `tokens`; to it adds that of what slots should
 * answer about the plan, times `sketch`.
 */
export function imitationLoss(
  model: Model,
  batch: readonly Sequence[],
  tokens: number,
  noise?: Noise,
  sketch = 0,
): tf.Scalar {
  const scores = model.score(batch, noise)
  const words = tf.sum(scores.logprobs)
  const sum = scores.sketch ? tf.add(words, tf.mul(tf.sum(scores.sketch), sketch)) : words
  return tf.div(tf.neg(sum), tokens)
}

/**
 * The clipped policy-gradient loss of a batch: PPO's surrogate, value loss, entropy bonus and KL (k3) to the
 * reference, summed over response tokens and divided by `tokens`, the tokens of the whole minibatch. Only tokens that
 * the policy wrote count; what the environment said is in the prompts. `tell` gets totals for `addSums`, which
 * outlive the gradient.
 */
export function policyLoss(
  model: Model,
  batch: readonly Experience[],
  options: Algorithm,
  tokens: number,
  tell: (totals: tf.Tensor1D) => void,
): tf.Scalar {
  const scores = model.score(batch)
  const old = flat(batch, 'logprobs')
  const advantages = flat(batch, 'advantages')
  const change = tf.sub(scores.logprobs, old)
  const ratio = tf.exp(change)
  const clamped = tf.clipByValue(ratio, 1 - options.clipLow, 1 + options.clipHigh)
  const surrogate = tf.sum(tf.minimum(tf.mul(ratio, advantages), tf.mul(clamped, advantages)))
  const value = tf.mul(0.5, tf.sum(tf.squaredDifference(scores.values, flat(batch, 'returns'))))
  const entropy = tf.sum(scores.entropy)
  let total = tf.sub(tf.mul(options.value, value), tf.add(surrogate, tf.mul(options.entropy, entropy)))
  let reference = tf.scalar(0)
  if (options.kl > 0) {
    const away = tf.sub(flat(batch, 'reference'), scores.logprobs)
    reference = tf.sum(tf.sub(tf.sub(tf.exp(away), 1), away))
    total = tf.add(total, tf.mul(options.kl, reference))
  }
  const totals: Record<keyof typeof NONE, tf.Tensor> = {
    policy: tf.neg(surrogate),
    value,
    entropy,
    kl: tf.sum(tf.sub(tf.sub(ratio, 1), change)),
    clipped: tf.sum(tf.cast(tf.notEqual(ratio, clamped), 'float32')),
    reference,
  }
  tell(tf.keep(tf.stack(NAMES.map((name) => totals[name])) as tf.Tensor1D))
  return tf.div(total, tokens) as tf.Scalar
}

function flat(
  batch: readonly Experience[],
  key: 'logprobs' | 'advantages' | 'returns' | 'reference',
): tf.Tensor1D {
  const length = batch.reduce((sum, { response }) => sum + response.length, 0)
  const out = new Float32Array(length)
  let at = 0
  for (const experience of batch) {
    const numbers = experience[key]
    if (!numbers) throw new Error(`an experience has no ${key}`)
    out.set(numbers, at)
    at += experience.response.length
  }
  return tf.tensor1d(out)
}
