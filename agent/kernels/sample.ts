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
  for (let row = 0; row < rows; row++) {
    const start = row * vocabulary
    let best = start
    for (let i = start + 1; i < start + vocabulary; i++) if (values[i] > values[best]) best = i
    const most = values[best]
    let total = 0
    for (let i = start; i < start + vocabulary; i++) total += Math.exp(values[i] - most)
    const chosen =
      temperature > 0 ? pick(values, start, start + vocabulary, most, temperature, uniforms[row]) : best
    tokens[row] = chosen - start
    logprobs[row] = values[chosen] - most - Math.log(total)
  }
  return { tokens, logprobs }
}

function pick(
  values: Float32Array,
  start: number,
  end: number,
  most: number,
  temperature: number,
  u: number,
): number {
  let total = 0
  for (let i = start; i < end; i++) total += Math.exp((values[i] - most) / temperature)
  let left = u * total
  for (let i = start; i < end; i++) {
    left -= Math.exp((values[i] - most) / temperature)
    if (left < 0) return i
  }
  return end - 1
}
