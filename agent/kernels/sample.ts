import * as tf from '#tf'
import { type Operation, runMany } from './kernel.ts'
import { onHeap } from './wasm.ts'

/**
 * One token per row of logits [rows, vocabulary]. At temperature 0 the most probable (the first of equals), else the
 * token under which the row's uniform number in [0, 1) falls. Log-probabilities are those at temperature 1.
 */
export async function sample(
  logits: tf.Tensor2D,
  temperature: number,
  uniforms: ArrayLike<number>,
): Promise<{ tokens: Int32Array; logprobs: Float32Array }> {
  const [rows, vocabulary] = logits.shape
  if (onHeap()) return onHeapSample(logits, temperature, uniforms)
  const values = await logits.data<'float32'>()
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

/** The same by a kernel: only tokens and log-probabilities leave the heap. */
function onHeapSample(logits: tf.Tensor2D, temperature: number, uniforms: ArrayLike<number>) {
  const bits = Int32Array.from({ length: logits.shape[0] }, (_, row) =>
    Math.floor(uniforms[row] * 4294967296),
  )
  const [tokens, logprobs] = runMany('Sample', { logits }, { temperature, bits })
  const result = { tokens: tokens.dataSync<'int32'>(), logprobs: logprobs.dataSync<'float32'>() }
  tf.dispose([tokens, logprobs])
  return result
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

export const sampleOperation: Operation = {
  kernels: {
    Sample: (heap, { logits }, { temperature, bits }: { temperature: number; bits: Int32Array }) => {
      const [rows, width] = logits.shape
      const outputs = [heap.integers(rows), heap.output(rows)]
      const [tokens, logprobs] = outputs.map(heap.address)
      const [at, weights] = heap.scratch(bits.byteLength, width * 4)
      heap.put(bits, at)
      heap.run.sample(heap.address(logits), at, temperature, tokens, logprobs, rows, width, weights)
      return outputs
    },
  },
}
