import * as tf from '@tensorflow/tfjs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Algorithm } from '#agent/algorithms/algorithm'
import { type Experience, policyLoss } from '#agent/trainer/loss'
import { seeded } from '#core/base/random'
import { chooseBackend } from '../../agent/hosts/node/backend.ts'
import { AdamW } from '../../agent/kernels/ops.ts'
import { alignmentAccuracy, alignmentLoss, type Pair } from '../../agent/model/align.ts'
import { decodeModel, encodeModel } from '../../agent/model/checkpoint.ts'
import { PATCH_BYTES } from '../../agent/model/encode.ts'
import { gradients } from '../../agent/model/gradients.ts'
import { fillNormal } from '../../agent/model/init.ts'
import { MiniLMM } from '../../agent/model/minilmm.ts'
import { present } from '../kernels/support.ts'
import { framePrompt, gridPrompt, LOOKING, mixedBatch, sketched, WORDS, XS } from './fixtures.ts'

beforeAll(() => chooseBackend('wasm'))

it('draws numbers of the asked mean and deviation', () => {
  const draws = new Float32Array(20_000)
  fillNormal(draws, 0.5, seeded('normal'))
  const mean = draws.reduce((a, b) => a + b) / draws.length
  const variance = draws.reduce((a, b) => a + (b - mean) ** 2, 0) / draws.length
  expect(Math.abs(mean)).toBeLessThan(0.02)
  expect(Math.sqrt(variance)).toBeCloseTo(0.5, 1)
})

/** Along a random direction of each weight, the slope of a loss is what its gradient says. */
function expectSlopes(model: MiniLMM, loss: () => tf.Scalar): void {
  const step = gradients(model.weights, loss)
  const random = seeded('direction')
  for (const [name, weight] of Object.entries(model.weights)) {
    const direction = new Float32Array(weight.size)
    fillNormal(direction, 1, random)
    const along = tf.tensor(direction, weight.shape)
    const slope = tf.tidy(() => tf.sum(tf.mul(step.gradients[name], along)).dataSync()[0])
    const start = weight.clone()
    const size = 0.02 / Math.sqrt(weight.size)
    const at = (scale: number) => {
      weight.assign(tf.tidy(() => tf.add(start, tf.mul(along, scale))))
      return tf.tidy(() => loss().dataSync()[0])
    }
    const measured = (at(size) - at(-size)) / (2 * size)
    weight.assign(start)
    expect(Math.abs(slope - measured), name).toBeLessThan(2e-3 + 0.03 * Math.abs(measured))
  }
}

describe.each(present)('gradients agree with finite differences on %s', (backend) => {
  beforeAll(() => chooseBackend(backend))
  afterAll(() => chooseBackend('wasm'))

  it('of what slots are asked, looking around', () => {
    const model = MiniLMM.create(LOOKING, WORDS, 'sketch')
    const batch = sketched(mixedBatch('sketch'))
    expectSlopes(model, () => {
      const { logprobs, values, sketch } = model.score(batch)
      return tf.add(tf.add(tf.mean(logprobs), tf.mean(values)), tf.mean(sketch!)) as tf.Scalar
    })
    model.dispose()
  })

  it('of scores', () => {
    const model = MiniLMM.create(XS, WORDS, 'gradients')
    const batch = mixedBatch('gradients')
    expectSlopes(model, () => {
      const { logprobs, values, entropy } = model.score(batch)
      const policy = tf.add(tf.mean(logprobs), tf.mul(0.1, tf.mean(entropy)))
      return tf.add(policy, tf.mean(tf.square(tf.sub(values, 1)))) as tf.Scalar
    })
    model.dispose()
  })

  it('of the whole policy loss, clipped and unclipped', () => {
    const model = MiniLMM.create(XS, WORDS, 'policy')
    const sequences = mixedBatch('policy')
    const logprobs = tf.tidy(() => model.score(sequences).logprobs.dataSync())
    let at = 0
    const batch = sequences.map((sequence): Experience => {
      const own = logprobs.slice(at, at + sequence.response.length)
      at += own.length
      // Ratios of 1.05, 0.95 and 1.5: far from where the clipping begins.
      const old = own.map((logprob, i) => logprob - [0.05, -0.05, 0.4][i % 3])
      const numbers = (of: (i: number) => number) => Float32Array.from(own, (_, i) => of(i))
      return {
        ...sequence,
        logprobs: Float32Array.from(old),
        values: numbers(() => 0),
        advantages: numbers((i) => [1, -2, 0.5, -1][i % 4]),
        returns: numbers((i) => i / 4),
        reference: Float32Array.from(own, (logprob, i) => logprob + (i % 2 ? 0.3 : -0.3)),
      }
    })
    const options = Algorithm.parse({ kl: 0.1, value: 0.5, entropy: 0.05 })
    expectSlopes(model, () => policyLoss(model, batch, options, at, (totals) => totals.dispose()))
    model.dispose()
  })
})

describe('gradients', () => {
  it('reach only the weights asked for', () => {
    const model = MiniLMM.create(XS, WORDS, 'frozen')
    const vision = Object.fromEntries(
      Object.entries(model.weights).filter(([name]) => name.startsWith('vision.')),
    )
    const step = gradients(vision, () => tf.mean(model.score(mixedBatch('frozen')).logprobs) as tf.Scalar)
    expect(Object.keys(step.gradients).sort()).toEqual(['vision.projector.bias', 'vision.projector.weight'])
    model.dispose()
  })

  it('with noise differ, but only by the generator', () => {
    const model = MiniLMM.create(XS, WORDS, 'noise')
    const scores = (seed?: string) =>
      tf.tidy(() => {
        const noise = seed === undefined ? undefined : { deviation: 0.3, random: seeded(seed) }
        return model.score(mixedBatch('noise'), noise).logprobs.arraySync()
      })
    expect(scores('a')).toEqual(scores('a'))
    expect(scores('a')).not.toEqual(scores('b'))
    expect(scores('a')).not.toEqual(scores())
    model.dispose()
  })
})

it('ends at the same bytes when it is stopped half way, saved and loaded', async () => {
  const batches = Array.from({ length: 6 }, (_, i) => mixedBatch(`resume/${i}`))
  const train = async (model: MiniLMM, optimizer: AdamW, from: number, to: number) => {
    for (const [i, batch] of batches.slice(from, to).entries()) {
      const noise = { deviation: 0.01, random: seeded(`noise/${from + i}`) }
      const step = gradients(
        model.weights,
        () => tf.neg(tf.mean(model.score(batch, noise).logprobs)) as tf.Scalar,
      )
      await optimizer.update(step.gradients, 1e-2)
      tf.dispose([step.loss, step.gradients])
    }
  }
  const straight = MiniLMM.create(XS, WORDS, 'resume')
  await train(straight, new AdamW(straight.weights), 0, 6)

  const first = MiniLMM.create(XS, WORDS, 'resume')
  const optimizer = new AdamW(first.weights)
  await train(first, optimizer, 0, 3)
  const { shape, vocabulary } = first
  const bytes = encodeModel({ shape, vocabulary, weights: await first.read() }, { envs: {}, seen: '' })
  const { model: second } = decodeModel(bytes, 'first')
  const resumed = new AdamW(second.weights)
  resumed.load(await optimizer.save())
  await train(second, resumed, 3, 6)
  expect(await second.read()).toEqual(await straight.read())
})

describe('alignment', () => {
  it('brings patches to the words at their places, and then frames score as texts do', async () => {
    const model = MiniLMM.create(XS, WORDS, 'align')
    const vision = Object.fromEntries(
      Object.entries(model.weights).filter(([name]) => name.startsWith('vision.')),
    )
    const optimizer = new AdamW(vision)
    const pairs = Array.from({ length: 12 }, (_, i) => pairOf(`align/${i}`))
    expect(alignmentAccuracy(model, pairs)).toBeLessThan(0.5)
    const before = difference(model, pairs)
    for (let update = 0; update < 60; update++) {
      const step = gradients(vision, () => alignmentLoss(model, pairs))
      await optimizer.update(step.gradients, 1e-3)
      tf.dispose([step.loss, step.gradients])
    }
    expect(alignmentAccuracy(model, pairs)).toBe(1)
    expect(difference(model, pairs)).toBeLessThan(0.25 * before)
    model.dispose()
    optimizer.dispose()
  })
})

/** Mean distance between the log-probabilities of one response to the texts and to the frames. */
function difference(model: MiniLMM, pairs: readonly Pair[]): number {
  const { response } = mixedBatch('align')[0]
  const batch = (key: keyof Pair) => pairs.map((pair) => ({ prompt: pair[key], response }))
  return tf.tidy(() => {
    const [text, frame] = [model.score(batch('text')).logprobs, model.score(batch('frame')).logprobs]
    return tf.mean(tf.abs(tf.sub(text, frame))).dataSync()[0]
  })
}

/** A grid of words and its picture: every word has a pattern of pixels of its own, with a little noise. */
function pairOf(seed: string): Pair {
  const random = seeded(seed)
  const text = gridPrompt(random)
  const frame = framePrompt(random)
  text.words.set(frame.words.subarray(0, 2))
  for (let patch = 0; patch < text.words.length - 2; patch++) {
    const pattern = seeded(text.words[patch + 2])
    const noise = new Float32Array(PATCH_BYTES)
    fillNormal(noise, 60, pattern)
    for (let i = 0; i < PATCH_BYTES; i++) {
      const jitter = frame.patches[patch * PATCH_BYTES + i] / 16
      frame.patches[patch * PATCH_BYTES + i] = Math.min(255, Math.max(0, 120 + noise[i] + jitter))
    }
  }
  return { text, frame }
}
