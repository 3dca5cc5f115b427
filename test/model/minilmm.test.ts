import * as tf from '@tensorflow/tfjs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { seeded } from '#core/base/random'
import { chooseBackend } from '../../agent/hosts/node/backend.ts'
import { AdamW } from '../../agent/kernels/ops.ts'
import { gradients } from '../../agent/model/gradients.ts'
import { MiniLMM } from '../../agent/model/minilmm.ts'
import { readOut } from '../../agent/model/readout.ts'
import type { Sequence } from '../../agent/model/types.ts'
import { framePrompt, gridPrompt, LOOKING, mixedBatch, sketched, WORDS, XS } from './fixtures.ts'

describe.each([
  ['cpu', 'plain', XS],
  ['wasm', 'plain', XS],
  ['cpu', 'looking around', LOOKING],
  ['wasm', 'looking around', LOOKING],
] as const)('MiniLMM on %s, %s', (backend, _, shape) => {
  let model: MiniLMM
  beforeAll(async () => {
    await chooseBackend(backend)
    model = MiniLMM.create(shape, WORDS, 'model')
  })
  afterAll(() => model.dispose())

  it('scores what it writes with the log-probabilities and values it wrote it with', async () => {
    const batch = mixedBatch('write')
    const randoms = batch.map((_, i) => seeded(`write/${i}`))
    const prompts = batch.map(({ prompt }) => prompt)
    const written = await model.generate(prompts, { maxTokens: 9, temperature: 1, randoms })
    const again = written.map(({ tokens }, i) => ({ prompt: prompts[i], response: tokens }))
    const [logprobs, values] = tf.tidy(() => {
      const scores = model.score(again)
      return [scores.logprobs.arraySync(), scores.values.arraySync()]
    })
    expectClose(
      logprobs,
      written.flatMap((w) => [...w.logprobs]),
    )
    expectClose(
      values,
      written.flatMap((w) => [...w.values]),
    )
  })

  it('scores the first word of an answer among those that were not banned, and no other word', () => {
    const { words } = model
    const banned = Int32Array.of(words.token('Up'), words.token('Left'), words.token('#'))
    const [{ prompt }] = mixedBatch('mask')
    const answered = (word: number): Sequence => ({
      prompt,
      response: Int32Array.of(words.special('<think>'), words.special('<answer>'), word, word),
    })
    const free = (word: number) => logprobsOf(model, [answered(word)])
    const left = Math.log(1 - [...banned].reduce((sum, word) => sum + Math.exp(free(word)[2]), 0))
    for (const word of [words.token('Down'), words.special('<end>')]) {
      const [a, b, c, d] = free(word)
      // Another sequence of the batch may begin with anything.
      const [masked, other] = tf.tidy(() => {
        const { logprobs } = model.score([{ ...answered(word), banned }, answered(banned[0])])
        return [logprobs.arraySync().slice(0, 4), logprobs.arraySync().slice(4)]
      })
      expectClose(masked, [a, b, c - left, d])
      expectClose(other, free(banned[0]))
    }
  })

  it('scores at another temperature what is drawn there', () => {
    const [{ prompt }] = mixedBatch('temperature')
    const every = model.vocabulary.map((_, word) => ({ prompt, response: Int32Array.of(word) }))
    const at = (temperature?: number) =>
      tf.tidy(() => {
        const { logprobs, entropy } = model.score(every, undefined, temperature)
        return { logprobs: logprobs.arraySync(), entropy: entropy.arraySync()[0] }
      })
    const plain = at().logprobs
    expect(at(1).logprobs).toEqual(plain)
    for (const temperature of [0.3, 2]) {
      const total = plain.reduce((sum, x) => sum + Math.exp(x / temperature), 0)
      const wanted = plain.map((x) => x / temperature - Math.log(total))
      const found = at(temperature)
      expectClose(found.logprobs, wanted)
      expectClose([found.entropy], [-wanted.reduce((sum, x) => sum + x * Math.exp(x), 0)])
    }
  })

  it('writes the same to a prompt whatever else is in the batch', async () => {
    const prompts = mixedBatch('batch').map(({ prompt }) => prompt)
    const options = { maxTokens: 12, temperature: 1 }
    const randoms = prompts.map((_, i) => seeded(i))
    const together = await model.generate(prompts, { ...options, randoms })
    for (const [i, prompt] of prompts.entries()) {
      const random = seeded(i)
      const [alone] = await model.generate([prompt], { ...options, randoms: [random] })
      expect(alone.tokens).toEqual(together[i].tokens)
      expect(random, 'the generator goes on from the same place').toEqual(randoms[i])
    }
  })

  it('gives sequences of a shared prompt the scores of prompts of their own', () => {
    const batch = mixedBatch('share')
    const own = batch.map(({ prompt, response }) => ({ prompt: { ...prompt }, response }))
    expectClose(logprobsOf(model, batch), logprobsOf(model, own))
  })

  it('reads a frame and a text at the same places', () => {
    const random = seeded('places')
    const text = gridPrompt(random)
    const frame = framePrompt(random)
    expect(frame.rows).toEqual(text.rows)
    expect(frame.columns).toEqual(text.columns)
    const moved = { ...text, rows: text.rows.map((row) => row + 1) }
    const response = Int32Array.from([20, 21])
    expect(logprobsOf(model, [{ prompt: text, response }])).not.toEqual(
      logprobsOf(model, [{ prompt: moved, response }]),
    )
  })

  it('reads the same to its end as it is exported', async () => {
    const [{ prompt, response }] = mixedBatch('export')
    const tokens = Int32Array.from([model.words.special('<start>'), ...response.slice(0, -1)])
    const { logits } = await readOut(model, prompt, tokens)
    const [row, size] = [response.length - 1, model.words.size]
    const last = logits.slice(row * size, (row + 1) * size)
    const total = last.reduce((sum, x) => sum + Math.exp(x), 0)
    expectClose([last[response[row]] - Math.log(total)], [logprobsOf(model, [{ prompt, response }])[row]])
  })

  it('learns a handful of sequences by heart', async () => {
    const learner = MiniLMM.create({ ...shape, width: 16 }, WORDS, 'learner')
    const batch = mixedBatch('heart').slice(2, 4)
    const optimizer = new AdamW(learner.weights)
    const loss = () => tf.neg(tf.mean(learner.score(batch).logprobs)) as tf.Scalar
    const first = tf.tidy(() => loss().dataSync()[0])
    let last = first
    for (let update = 0; update < 14; update++) {
      const step = gradients(learner.weights, loss)
      await optimizer.update(step.gradients, 3e-2)
      last = step.loss.dataSync()[0]
      tf.dispose([step.loss, step.gradients])
    }
    optimizer.dispose()
    learner.dispose()
    expect(first).toBeGreaterThan(2.5)
    expect(last).toBeLessThan(0.5)
  })

  it('leaks no tensors', async () => {
    const batch = mixedBatch('leak')
    const before = tf.memory().numTensors
    tf.dispose(tf.tidy(() => ({ ...model.score(batch) })))
    await model.generate(
      batch.map(({ prompt }) => prompt),
      { maxTokens: 5, temperature: 0, randoms: [], alternatives: true },
    )
    expect(tf.memory().numTensors).toBe(before)
  })
})

it('begins as if it did not look around, and reads otherwise once it does', async () => {
  await chooseBackend('wasm')
  const model = MiniLMM.create(LOOKING, WORDS, 'near')
  const [sequence] = mixedBatch('near')
  const blind = logprobsOf(model, [sequence])
  const around = model.weights['blocks.0.near']
  expect(around.shape).toEqual([9, XS.width])
  around.assign(tf.onesLike(around))
  expect(logprobsOf(model, [sequence])).not.toEqual(blind)
  model.dispose()
})

it('gives a sketch once to sequences of a shared prompt', () => {
  const model = MiniLMM.create(LOOKING, WORDS, 'sketch')
  const [first, , second] = sketched(mixedBatch('sketch'))
  expect(first.prompt).toBe(second.prompt)
  const of = (batch: Sequence[]) => tf.tidy(() => Array.from(model.score(batch).sketch!.dataSync()))
  expectClose(of([first, second]), of([first]))
  expect(tf.tidy(() => model.score(mixedBatch('sketch')).sketch)).toBeUndefined()
  model.dispose()
})

it('scores alike on cpu and wasm', async () => {
  const batch = mixedBatch('alike')
  const scores: number[][] = []
  for (const backend of ['cpu', 'wasm']) {
    await chooseBackend(backend)
    const model = MiniLMM.create(XS, WORDS, 'alike')
    scores.push(logprobsOf(model, batch))
    model.dispose()
  }
  expectClose(scores[0], scores[1])
})

function logprobsOf(model: MiniLMM, batch: readonly Sequence[]): number[] {
  return tf.tidy(() => model.score(batch).logprobs.arraySync())
}

function expectClose(actual: readonly number[], expected: readonly number[]): void {
  expect(actual.length).toBe(expected.length)
  for (let i = 0; i < actual.length; i++) expect(Math.abs(actual[i] - expected[i])).toBeLessThan(1e-4)
}
