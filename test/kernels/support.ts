import * as tf from '@tensorflow/tfjs'
import { expect } from 'vitest'
import { chooseBackend } from '#agent/hosts/node/backend'
import { numbers } from './numbers.ts'

export { numbers } from './numbers.ts'

/** Backends that every machine has. */
export const present = ['cpu', 'wasm'] as const

/** What `compute` gives on a backend, as plain numbers. */
export async function onBackend(name: string, compute: () => tf.Tensor[]): Promise<number[][]> {
  await chooseBackend(name)
  const before = tf.memory().numTensors
  const tensors = tf.tidy(compute)
  const values = tensors.map((tensor) => Array.from(tensor.dataSync()))
  tf.dispose(tensors)
  expect(tf.memory().numTensors, 'tensors left behind').toBe(before)
  return values
}

/** Differs by at most `tolerance` times the largest number. */
export function expectClose(actual: ArrayLike<number>, wanted: ArrayLike<number>, tolerance = 1e-4): void {
  expect(actual.length).toBe(wanted.length)
  let largest = 1e-3
  let worst = 0
  for (let i = 0; i < wanted.length; i++) {
    largest = Math.max(largest, Math.abs(wanted[i]))
    worst = Math.max(
      worst,
      Number.isFinite(actual[i]) ? Math.abs(actual[i] - wanted[i]) : Number.POSITIVE_INFINITY,
    )
  }
  expect(worst / largest).toBeLessThan(tolerance)
}

/** A named operation over some inputs, given as shapes. */
export interface Case {
  readonly name: string
  readonly shapes: readonly number[][]
  readonly apply: (...inputs: tf.Tensor[]) => tf.Tensor
}

/** The output of a case, then the gradient of a random weighting of it over each input. */
export function valueAndGradients({ name, shapes, apply }: Case): tf.Tensor[] {
  const inputs = shapes.map((shape, i) =>
    tf.tensor(numbers(tf.util.sizeFromShape(shape), `${name}/${i}`), shape),
  )
  const loss = (...xs: tf.Tensor[]) => {
    const y = apply(...xs)
    return tf.sum(tf.mul(y, tf.tensor(numbers(y.size, `${name}/weights`), y.shape))) as tf.Scalar
  }
  return [apply(...inputs), ...tf.grads(loss)(inputs)]
}

/** The same gradients by central differences, in single precision: good to about 1 %. */
export function differences({ name, shapes, apply }: Case): number[][] {
  const inputs = shapes.map((shape, i) => numbers(tf.util.sizeFromShape(shape), `${name}/${i}`))
  const loss = () =>
    tf.tidy(() => {
      const y = apply(...inputs.map((values, i) => tf.tensor(values, shapes[i])))
      const weights = numbers(y.size, `${name}/weights`)
      let sum = 0
      for (const [i, value] of y.dataSync().entries()) sum += value * weights[i]
      return sum
    })
  const step = 1 / 64
  return inputs.map((values) =>
    Array.from(values, (value, i) => {
      values[i] = value + step
      const above = loss()
      values[i] = value - step
      const below = loss()
      values[i] = value
      return (above - below) / (2 * step)
    }),
  )
}
