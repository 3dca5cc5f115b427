import * as tf from '@tensorflow/tfjs'
import { describe, expect, test } from 'vitest'
import { chooseBackend } from '#agent/hosts/node/backend'
import { sample } from '#agent/kernels/ops'
import { expectClose, numbers, present } from './support.ts'

const ROWS = 1000

/** The same logits for every row, and evenly spread uniform numbers. */
const spread = Float64Array.from({ length: ROWS }, (_, i) => (i + 0.5) / ROWS)
const repeated = (logits: ArrayLike<number>) =>
  tf.tensor2d(
    Float32Array.from({ length: ROWS * logits.length }, (_, i) => logits[i % logits.length]),
    [ROWS, logits.length],
  )

/** Softmax of logits / temperature, in double precision. */
function probabilities(logits: Float32Array, temperature: number): number[] {
  const weights = Array.from(logits, (logit) => Math.exp(logit / temperature))
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return weights.map((weight) => weight / total)
}

describe.each(present)('sample on %s', (backend) => {
  test.each([0.25, 1, 3])('takes tokens as often as temperature %d says, in order', async (temperature) => {
    await chooseBackend(backend)
    for (const size of [1, 5, 43, 64]) {
      const logits = numbers(size, 'logits').map((value) => value * 3)
      const tensor = repeated(logits)
      const { tokens, logprobs } = await sample(tensor, temperature, spread)
      tensor.dispose()
      const counts = new Array<number>(size).fill(0)
      for (const token of tokens) counts[token]++
      const wanted = probabilities(logits, temperature)
      for (let i = 0; i < size; i++) expect(Math.abs(counts[i] - wanted[i] * ROWS)).toBeLessThan(2)
      expect([...tokens]).toEqual([...tokens].sort((a, b) => a - b))
      const plain = probabilities(logits, 1).map(Math.log)
      expectClose(
        logprobs,
        Float64Array.from(tokens, (token) => plain[token]),
        1e-5,
      )
    }
  })

  test('at temperature 0 takes the first of the most probable', async () => {
    await chooseBackend(backend)
    const tensor = tf.tensor2d([0, 2, 2, 1, -1e9, -5, -5, -6], [2, 4])
    expect([...(await sample(tensor, 0, [0.9, 0.9])).tokens]).toEqual([1, 1])
    tensor.dispose()
  })

  test('never takes what is ruled out', async () => {
    await chooseBackend(backend)
    const tensor = tf.tensor2d([-1e9, 0, -1e9, -1e9], [1, 4])
    for (const u of [0, 0.5, 1 - 2 ** -32]) expect([...(await sample(tensor, 1, [u])).tokens]).toEqual([1])
    tensor.dispose()
  })
})
