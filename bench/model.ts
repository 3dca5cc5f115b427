import { chooseBackend } from '#agent/hosts/node/backend'
import { AdamW } from '#agent/kernels/ops'
import { gradients } from '#agent/model/gradients'
import { MiniLMM } from '#agent/model/minilmm'
import { SIZES } from '#agent/model/shape'
import type { Sequence, Slots } from '#agent/model/types'
import { SPECIALS } from '#agent/model/vocabulary'
import { below, type Random, seeded } from '#core/base/random'
import * as tf from '#tf'
import type { Benchmark } from './benchmark.ts'

const WORDS = [...SPECIALS, ...Array.from({ length: 80 }, (_, i) => `w${i}`)]
/** A board of 7 x 7 with a head that remembers two turns, and a response of a short thought and an answer. */
const SLOTS = 60
const TOKENS = 12

/**
 * Work of a small model on a backend: updates on separate prompts (imitation) and on groups of 8
 * responses per prompt, and rollouts. Tokens are those of prompts and responses that were learnt from or read, and
 * written; a prompt shared by a group counts once per response, as it would without sharing.
 */
export function modelBenchmarks(backend: string, suffix = ''): Benchmark[] {
  let model: MiniLMM
  let optimizer: AdamW
  const setup = async () => {
    await chooseBackend(backend)
    model = MiniLMM.create(SIZES.s, WORDS, 'bench')
    optimizer = new AdamW(model.weights)
  }
  const teardown = () => {
    model.dispose()
    optimizer.dispose()
  }
  const update = async (batch: readonly Sequence[]) => {
    const step = gradients(model.weights, () => tf.neg(tf.mean(model.score(batch).logprobs)) as tf.Scalar)
    await optimizer.update(step.gradients, 1e-4)
    tf.dispose([step.loss, step.gradients])
    return batch.reduce((sum, { prompt, response }) => sum + prompt.words.length + response.length, 0)
  }
  const rollout = async (prompts: readonly Slots[]) => {
    const randoms = prompts.map((_, i) => seeded(i))
    const written = await model.generate(prompts, { maxTokens: TOKENS, temperature: 1, randoms })
    return written.reduce((sum, { tokens }) => sum + tokens.length, 0)
  }
  const random = seeded('bench')
  // Plain JavaScript is so slow that a small batch tells as much.
  const part = backend === 'cpu' ? 8 : 1
  const separate = sequences(random, 32 / part, 1)
  const groups = sequences(random, 8 / part, 8)
  const prompts = sequences(random, 64 / part, 8).map(({ prompt }) => prompt)
  const unit = 'tokens'
  return [
    { name: `train.update.tokens${suffix}`, unit, setup, teardown, run: () => update(separate) },
    { name: `train.update.group.tokens${suffix}`, unit, setup, teardown, run: () => update(groups) },
    { name: `train.rollout.tokens${suffix}`, unit, setup, teardown, run: () => rollout(prompts) },
  ]
}

function sequences(random: Random, prompts: number, group: number): Sequence[] {
  const word = () => SPECIALS.length + below(random, WORDS.length - SPECIALS.length)
  return Array.from({ length: prompts }, () => {
    const prompt: Slots = {
      words: Int32Array.from({ length: SLOTS }, word),
      layers: Int32Array.from({ length: SLOTS }, (_, i) => (i < 11 ? 0 : 1)),
      rows: Int32Array.from({ length: SLOTS }, (_, i) => (i < 11 ? i >> 2 : Math.floor((i - 11) / 7))),
      columns: Int32Array.from({ length: SLOTS }, (_, i) => (i < 11 ? i & 3 : (i - 11) % 7)),
      patches: new Uint8Array(0),
    }
    return Array.from({ length: group }, () => ({
      prompt,
      response: Int32Array.from({ length: TOKENS }, word),
    }))
  }).flat()
}
