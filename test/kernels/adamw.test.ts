import * as tf from '@tensorflow/tfjs'
import { describe, expect, test } from 'vitest'
import { chooseBackend } from '#agent/hosts/node/backend'
import { AdamW, globalNorm } from '#agent/kernels/ops'
import { expectClose, numbers, present } from './support.ts'

const make = () => ({
  matrix: tf.variable(tf.tensor2d(numbers(21, 'matrix'), [3, 7])),
  gain: tf.variable(tf.tensor1d(numbers(5, 'gain'))),
  still: tf.variable(tf.tensor1d([1, 2, 3])),
})
const gradientsAt = (step: number) => ({
  matrix: tf.tensor2d(numbers(21, `matrix ${step}`), [3, 7]),
  gain: tf.tensor1d(numbers(5, `gain ${step}`)),
})
const optionsOf = { beta1: 0.9, beta2: 0.98, weightDecay: 0.1, clip: 0.5 }

describe.each(present)('AdamW on %s', (backend) => {
  test('moves by the rate along the sign of a first gradient, and decays matrices only', async () => {
    await chooseBackend(backend)
    const weights = { w: tf.variable(tf.tensor2d([[4, -2]])), b: tf.variable(tf.tensor1d([3])) }
    const optimizer = new AdamW(weights, { weightDecay: 0.5, clip: 0 })
    const gradients = { w: tf.tensor2d([[10, -0.1]]), b: tf.tensor1d([-7]) }
    expect(await optimizer.update(gradients, 0.1)).toBeCloseTo(Math.sqrt(100 + 0.01 + 49), 5)
    expectClose(weights.w.dataSync(), [4 * 0.95 - 0.1, -2 * 0.95 + 0.1], 1e-5)
    expectClose(weights.b.dataSync(), [3.1], 1e-5)
    optimizer.dispose()
    tf.dispose([weights, gradients])
  })

  test('clips by the global norm: a gradient of any length moves alike', async () => {
    await chooseBackend(backend)
    const run = async (size: number) => {
      const weights = make()
      const optimizer = new AdamW(weights, optionsOf)
      for (let step = 0; step < 3; step++) {
        const gradients = gradientsAt(step)
        const scaled = { matrix: tf.mul(gradients.matrix, size), gain: tf.mul(gradients.gain, size) }
        expect(await optimizer.update(scaled, 0.01)).toBeCloseTo((await globalNorm(gradients)) * size, 2)
        tf.dispose([gradients, scaled])
      }
      const result = [...weights.matrix.dataSync(), ...weights.gain.dataSync()]
      expect([...weights.still.dataSync()]).toEqual([1, 2, 3])
      optimizer.dispose()
      tf.dispose(Object.values(weights))
      return result
    }
    expectClose(await run(100), await run(1), 1e-5)
  })

  test('leaves clones of the weights as they were', async () => {
    await chooseBackend(backend)
    const weights = make()
    const before = weights.matrix.clone()
    const optimizer = new AdamW(weights)
    const gradients = gradientsAt(0)
    await optimizer.update(gradients, 0.1)
    expect(before.dataSync()).toEqual(numbers(21, 'matrix'))
    expect(weights.matrix.dataSync()).not.toEqual(before.dataSync())
    optimizer.dispose()
    tf.dispose([before, gradients, weights])
  })

  test('goes on from what was saved, bit for bit', async () => {
    await chooseBackend(backend)
    const [whole, resumed] = [make(), make()]
    const first = new AdamW(whole, optionsOf)
    const half = new AdamW(resumed, optionsOf)
    let second = half
    for (let step = 0; step < 4; step++) {
      const gradients = gradientsAt(step)
      await first.update(gradients, 0.01)
      if (step === 2) {
        second = new AdamW(resumed, optionsOf)
        second.load(await half.save())
      }
      await second.update(gradients, 0.01)
      tf.dispose(gradients)
    }
    expect(resumed.matrix.dataSync()).toEqual(whole.matrix.dataSync())
    expect(await second.save()).toEqual(await first.save())
    for (const optimizer of [first, half, second]) optimizer.dispose()
    tf.dispose([whole, resumed])
  })
})

test('AdamW takes the same steps on wasm as on cpu', async () => {
  const train = async (backend: string) => {
    await chooseBackend(backend)
    const weights = make()
    const optimizer = new AdamW(weights, optionsOf)
    for (let step = 0; step < 5; step++) {
      const gradients = gradientsAt(step)
      await optimizer.update(gradients, 0.01)
      tf.dispose(gradients)
    }
    const after = Object.values(weights).map((weight) => weight.dataSync().slice())
    optimizer.dispose()
    tf.dispose(Object.values(weights))
    return after
  }
  const [wanted, actual] = [await train('cpu'), await train('wasm')]
  for (const [i, values] of wanted.entries()) expectClose(actual[i], values, 1e-5)
})
