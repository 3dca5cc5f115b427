import * as tf from '@tensorflow/tfjs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { chooseBackend } from '#agent/hosts/node/backend'
import { expectClose, numbers, onBackend } from './support.ts'

/** The product of two matrices in double precision. */
function reference(
  a: Float32Array,
  b: Float32Array,
  m: number,
  n: number,
  k: number,
  ta: boolean,
  tb: boolean,
) {
  const out = new Float64Array(m * n)
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      for (let p = 0; p < k; p++)
        out[i * n + j] += a[ta ? p * m + i : i * k + p] * b[tb ? j * k + p : p * n + j]
    }
  }
  return out
}

test('products of any shape and transposition are right', async () => {
  await chooseBackend('wasm')
  const size = fc.oneof(fc.integer({ min: 1, max: 40 }), fc.constantFrom(255, 256, 257, 300))
  fc.assert(
    fc.property(size, size, size, fc.boolean(), fc.boolean(), (m, n, k, ta, tb) => {
      const [a, b] = [numbers(m * k, 'a'), numbers(k * n, 'b')]
      const out = tf.tidy(() =>
        tf
          .matMul(tf.tensor2d(a, ta ? [k, m] : [m, k]), tf.tensor2d(b, tb ? [n, k] : [k, n]), ta, tb)
          .dataSync(),
      )
      expectClose(out, reference(a, b, m, n, k, ta, tb))
    }),
    { numRuns: 60, seed: 1 },
  )
})

test('wide products go in several blocks', async () => {
  const [wanted, actual] = await Promise.all([
    reference(numbers(7 * 600, 'a'), numbers(600 * 1030, 'b'), 7, 1030, 600, false, false),
    onBackend('wasm', () => [
      tf.matMul(
        tf.tensor2d(numbers(7 * 600, 'a'), [7, 600]),
        tf.tensor2d(numbers(600 * 1030, 'b'), [600, 1030]),
      ),
    ]),
  ])
  expectClose(actual[0], wanted)
})

const batches = ['3,4,5 x 3,5,6', '3,4,5 x 1,5,6', '1,4,5 x 3,5,6', '2,1,4,5 x 1,3,5,6', '2,3,4,5 x 3,5,6']

test.each(batches)('batches %s broadcast, either transposed', async (shapes) => {
  const [aShape, bShape] = shapes.split(' x ').map((shape) => shape.split(',').map(Number))
  const transposed = (x: tf.Tensor, yes: boolean) =>
    yes ? tf.transpose(x, [...x.shape.keys()].slice(0, -2).concat(x.rank - 1, x.rank - 2)) : x
  for (const [ta, tb] of [0, 1, 2, 3].map((bits) => [bits > 1, bits % 2 === 1])) {
    const [actual, wanted] = await onBackend('wasm', () => {
      const [a, b] = [aShape, bShape].map((shape) =>
        tf.tensor(numbers(tf.util.sizeFromShape(shape), 'x'), shape),
      )
      const terms = tf.mul(tf.expandDims(a, -1), tf.expandDims(b, -3))
      return [tf.matMul(transposed(a, ta), transposed(b, tb), ta, tb), tf.sum(terms, -2)]
    })
    expectClose(actual, wanted)
  }
})

test('fused products add a bias and activate', async () => {
  for (const activation of ['linear', 'relu', 'relu6', 'elu', 'sigmoid', 'leakyrelu'] as const) {
    const compute = () => [
      tf.fused.matMul({
        a: tf.tensor2d(numbers(35, 'a'), [7, 5]),
        b: tf.tensor2d(numbers(45, 'b'), [9, 5]),
        transposeB: true,
        bias: tf.tensor1d(numbers(9, 'c')),
        activation,
        leakyreluAlpha: 0.1,
      }),
    ]
    const wanted = await onBackend('cpu', compute)
    const actual = await onBackend('wasm', compute)
    expectClose(actual[0], wanted[0])
  }
})

test('products of nothing are zeros, or nothing', async () => {
  const [zeros, nothing] = await onBackend('wasm', () => [
    tf.matMul(tf.zeros([2, 0]), tf.zeros([0, 3])),
    tf.matMul(tf.zeros([0, 2]), tf.zeros([2, 3])),
  ])
  expect([...zeros]).toEqual([0, 0, 0, 0, 0, 0])
  expect([...nothing]).toEqual([])
})

test('products of integers are refused', async () => {
  await chooseBackend('wasm')
  const a = tf.tensor2d([1, 2], [1, 2], 'int32')
  const b = tf.tensor2d([1, 2], [2, 1], 'int32')
  expect(() =>
    tf.engine().runKernel('BatchMatMul', { a, b }, { transposeA: false, transposeB: false }),
  ).toThrow('products on wasm take float32, not int32 and int32')
  tf.dispose([a, b])
})

test('a clone outlives its tensor and shares its numbers', async () => {
  const [values] = await onBackend('wasm', () => {
    const before = tf.memory().numDataBuffers
    const x = tf.tensor1d([1, 2, 3])
    const clone = x.clone()
    expect(tf.memory().numDataBuffers).toBe(before + 1)
    x.dispose()
    return [clone]
  })
  expect([...values]).toEqual([1, 2, 3])
})
