import type * as tf from '@tensorflow/tfjs'

/**
 * One token per row of logits [rows, vocabulary]. At temperature 0 the most probable (the first of equals), else the
 * token under which the row's uniform number in [0, 1) falls. Log-probabilities are those at temperature 1.
 */
export function sample(
  logits: tf.Tensor2D,
  temperature: number,
  uniforms: ArrayLike<number>,
): { tokens: Int32Array; logprobs: Float32Array } {
  const [rows, vocabulary] = logits.shape
  const values = logits.dataSync<'float32'>()
  const tokens = new Int32Array(rows)
  const logprobs = new Float32Array(rows)
  const weights = new Float64Array(vocabulary)
  for (let row = 0; row < rows; row++) {
    const start = row * vocabulary
    let best = 0
    for (let i = 1; i < vocabulary; i++) if (values[start + i] > values[start + best]) best = i
    const most = values[start + best]
    const total = exponentials(values, start, most, 1, weights)
    let chosen = best
    if (temperature === 1) chosen = pick(weights, uniforms[row] * total)
    else if (temperature > 0) {
      chosen = pick(weights, uniforms[row] * exponentials(values, start, most, temperature, weights))
    }
    tokens[row] = chosen
    logprobs[row] = values[start + chosen] - most - Math.log(total)
  }
  return { tokens, logprobs }
}

/** Fills `weights` with exp((value - most) / temperature) of the values from `start` on; their sum. */
function exponentials(
  values: Float32Array,
  start: number,
  most: number,
  temperature: number,
  weights: Float64Array,
): number {
  let total = 0
  for (let i = 0; i < weights.length; i++) {
    const weight = Math.exp((values[start + i] - most) / temperature)
    weights[i] = weight
    total += weight
  }
  return total
}

/** The index under which `at`, a number below the sum of the weights, falls. */
function pick(weights: Float64Array, at: number): number {
  let left = at
  for (let i = 0; i < weights.length; i++) {
    left -= weights[i]
    if (left < 0) return i
  }
  return weights.length - 1
}
