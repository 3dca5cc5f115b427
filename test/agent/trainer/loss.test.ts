import * as tf from '@tensorflow/tfjs'
import { beforeAll, expect, test } from 'vitest'
import { Algorithm } from '#agent/algorithms/algorithm'
import { clippedSurrogate, klEstimate } from '#agent/algorithms/objective'
import type { Model, Sequence } from '#agent/model/types'
import { addSums, type Experience, emptyLossSums, imitationLoss, policyLoss } from '#agent/trainer/loss'

beforeAll(() => tf.setBackend('cpu'))

const SLOTS = {
  words: new Int32Array(0),
  layers: new Int32Array(0),
  rows: new Int32Array(0),
  columns: new Int32Array(0),
  patches: new Uint8Array(0),
}

/** A model that scores every batch with given numbers: its weights are the scores themselves. */
function scores(logprobs: number[], values: number[], entropy: number[]) {
  const weights = {
    logprobs: tf.variable(tf.tensor1d(logprobs)),
    values: tf.variable(tf.tensor1d(values)),
    entropy: tf.variable(tf.tensor1d(entropy)),
  }
  const model: Model = {
    vocabulary: [],
    weights,
    generate: async () => [],
    score: () => weights,
    dispose: () => tf.dispose(Object.values(weights)),
  }
  return { model, weights }
}

const OLD = [-1, -2, -0.5]
const NEW = [-0.5, -2.1, -1.5]
const ADVANTAGES = [1, -1, 2]
const batch = [
  [0, 2],
  [2, 3],
].map(
  ([from, to]): Experience => ({
    prompt: SLOTS,
    response: new Int32Array(to - from),
    logprobs: Float32Array.from(OLD.slice(from, to)),
    values: new Float32Array(to - from),
    advantages: Float32Array.from(ADVANTAGES.slice(from, to)),
    returns: Float32Array.from([1, 0.5, 0].slice(from, to)),
    reference: Float32Array.from([-1, -1, -1].slice(from, to)),
  }),
)

test('the policy loss is the clipped surrogate, value error, entropy and KL of every token', async () => {
  const { model } = scores(NEW, [0, 1, 2], [0.7, 0.6, 0.5])
  const options = Algorithm.parse({ clipLow: 0.2, clipHigh: 0.3, value: 0.5, entropy: 0.1, kl: 0.01 })
  const sums = emptyLossSums()
  const totals: tf.Tensor1D[] = []
  const loss = policyLoss(model, batch, options, 3, (told) => totals.push(told)).dataSync()[0]
  await addSums(sums, totals[0])

  const ratios = NEW.map((logprob, i) => Math.exp(logprob - OLD[i]))
  const surrogate = ratios.reduce((sum, r, i) => sum + clippedSurrogate(r, ADVANTAGES[i], 0.2, 0.3), 0)
  // Value errors 1, 0.5, 2: half their squares add up to 2.625.
  const kl = NEW.reduce((sum, logprob) => sum + klEstimate(logprob, -1), 0)
  expect(sums.policy).toBeCloseTo(-surrogate, 5)
  expect(sums.value).toBeCloseTo(2.625, 5)
  expect(sums.entropy).toBeCloseTo(1.8, 5)
  expect(sums.reference).toBeCloseTo(kl, 5)
  // Ratios 1.65 and 0.37 lie outside 0.8 to 1.3, 0.90 inside.
  expect(sums.clipped).toBe(2)
  expect(loss).toBeCloseTo((-surrogate + 0.5 * 2.625 - 0.1 * 1.8 + 0.01 * kl) / 3, 5)
})

test('no gradient flows where the objective is clipped', () => {
  const { model, weights } = scores(NEW, [0, 1, 2], [0.7, 0.6, 0.5])
  const options = Algorithm.parse({ value: 0, entropy: 0 })
  const { grads } = tf.variableGrads(
    () => policyLoss(model, batch, options, 3, (totals) => totals.dispose()),
    [weights.logprobs],
  )
  const gradient = Array.from(Object.values(grads)[0].dataSync())
  // Token 0 is good and already too likely; token 1 is within; token 2 is good and became less likely.
  expect(gradient[0]).toBe(0)
  expect(gradient[1]).toBeCloseTo(Math.exp(-0.1) / 3, 5)
  expect(gradient[2]).toBeCloseTo((-2 * Math.exp(-1)) / 3, 5)
})

test('imitation is the mean negative log-probability', () => {
  const { model } = scores([-1, -2, -3], [0, 0, 0], [0, 0, 0])
  const sequences: Sequence[] = [{ prompt: SLOTS, response: new Int32Array(3) }]
  expect(imitationLoss(model, sequences, 3).dataSync()[0]).toBeCloseTo(2, 6)
})
