import { chooseBackend } from '#agent/hosts/node/backend'
import { AdamW, attention, embed, gelu, layerNorm, linear, tokenScores } from '#agent/kernels/ops'
import { registerKernels, restoreKernels } from '#agent/kernels/register'
import { below, seeded, uniform } from '#core/base/random'
import * as tf from '#tf'
import type { Benchmark } from './benchmark.ts'

/** Products as training a decoder makes them: rows, depth, columns, and what is transposed. */
const PRODUCTS = {
  forward: { shape: [2048, 128, 512], transposed: [false, false] },
  'gradient.input': { shape: [2048, 512, 128], transposed: [false, true] },
  'gradient.weights': { shape: [128, 2048, 512], transposed: [true, false] },
} as const

/** A decoder of 0.84M parameters on 32 sequences of 64 tokens, and the small one on 32 of 70. */
const DECODERS = {
  '0.84M': { width: 128, blocks: 4, heads: 4, words: 192, sequences: 32, length: 64 },
  '0.1M': { width: 64, blocks: 2, heads: 4, words: 64, sequences: 32, length: 70 },
} as const

/** Our kernels on wasm beside tfjs's own, in one run: products in GFLOP, whole training steps in tokens. */
export async function kernelBenchmarks(): Promise<Benchmark[]> {
  await chooseBackend('wasm')
  const on = (kernels: () => void) => async () => {
    await chooseBackend('wasm')
    kernels()
  }
  const sides = { ours: on(registerKernels), stock: on(restoreKernels) }
  return Object.entries(sides).flatMap(([side, setup]) => [
    ...Object.entries(PRODUCTS).map(([name, product]) =>
      productBenchmark(`kernels.${name}.${side}`, product, setup),
    ),
    attentionBenchmark(`kernels.attention.${side}`, setup),
    ...Object.entries(DECODERS).map(([name, decoder]) =>
      stepBenchmark(`kernels.step.${name}.${side}`, decoder, setup),
    ),
  ])
}

/** Leaves our kernels in place, whichever side was measured. */
const teardown = registerKernels

function productBenchmark(
  name: string,
  { shape, transposed }: (typeof PRODUCTS)[keyof typeof PRODUCTS],
  setup: () => Promise<void>,
): Benchmark {
  const [rows, depth, columns] = shape
  const [a, b] = transposed
  const left = random(name, a ? [depth, rows] : [rows, depth])
  const right = random(name, b ? [columns, depth] : [depth, columns])
  const run = () => {
    tf.tidy(() => {
      tf.matMul(left, right, a, b)
    })
    return (2 * rows * depth * columns) / 1e9
  }
  return { name, unit: 'GFLOP', setup, run, teardown }
}

/** Attention of 32 sequences of 64 tokens forward and back; operations of the causal half are counted. */
function attentionBenchmark(name: string, setup: () => Promise<void>): Benchmark {
  const qkv = random(name, [2048, 384]) as tf.Tensor2D
  const segments = { lengths: new Int32Array(32).fill(64) }
  const gradient = tf.grad((x) => attention(x as tf.Tensor2D, segments, 4))
  const run = () => {
    tf.tidy(() => {
      gradient(qkv)
    })
    return (6 * 32 * 64 * 65 * 128) / 1e9
  }
  return { name, unit: 'GFLOP', setup, run, teardown }
}

interface Decoder {
  readonly width: number
  readonly blocks: number
  readonly heads: number
  readonly words: number
  readonly sequences: number
  readonly length: number
}

/** A step of imitation: forward, gradients, AdamW. */
function stepBenchmark(name: string, decoder: Decoder, setup: () => Promise<void>): Benchmark {
  const { width, blocks, words, sequences, length } = decoder
  const weights: Record<string, tf.Variable> = {
    words: variable(name, [words, width]),
    head: variable(name, [width, words]),
  }
  for (let i = 0; i < blocks; i++) {
    weights[`${i}.gain1`] = tf.variable(tf.ones([width]))
    weights[`${i}.gain2`] = tf.variable(tf.ones([width]))
    for (const [part, columns] of Object.entries({ attention: 3 * width, mix: width, widen: 4 * width })) {
      weights[`${i}.${part}`] = variable(name, [width, columns])
      weights[`${i}.${part}.bias`] = variable(name, [columns])
    }
    weights[`${i}.narrow`] = variable(name, [4 * width, width])
    weights[`${i}.narrow.bias`] = variable(name, [width])
    weights[`${i}.bias1`] = variable(name, [width])
    weights[`${i}.bias2`] = variable(name, [width])
  }
  const optimizer = new AdamW(weights)
  const generator = seeded(name)
  const read = Int32Array.from({ length: sequences * length }, () => below(generator, words))
  const wanted = Int32Array.from(read, () => below(generator, words))
  const segments = { lengths: new Int32Array(sequences).fill(length) }
  const run = async () => {
    const { value, grads } = tf.variableGrads(() => {
      const logits = forward(weights, decoder, read, segments)
      return tf.neg(tf.mean(tokenScores(logits, wanted).logprobs))
    })
    await optimizer.update(
      Object.fromEntries(Object.entries(weights).map(([key, weight]) => [key, grads[weight.name]])),
      1e-4,
    )
    tf.dispose([value, grads])
    return read.length
  }
  return { name, unit: 'tokens', setup, run, teardown }
}

function forward(
  weights: Record<string, tf.Variable>,
  { blocks, heads }: Decoder,
  read: Int32Array,
  segments: { lengths: Int32Array },
): tf.Tensor2D {
  const matrix = (name: string) => weights[name] as tf.Tensor2D
  const vector = (name: string) => weights[name] as tf.Tensor1D
  const apply = (x: tf.Tensor2D, name: string) => linear(x, matrix(name), vector(`${name}.bias`))
  let x = embed(matrix('words'), read)
  for (let i = 0; i < blocks; i++) {
    const normal = layerNorm(x, vector(`${i}.gain1`), vector(`${i}.bias1`))
    const found = attention(apply(normal, `${i}.attention`), segments, heads)
    x = tf.add(x, apply(found, `${i}.mix`))
    const wide = apply(layerNorm(x, vector(`${i}.gain2`), vector(`${i}.bias2`)), `${i}.widen`)
    x = tf.add(x, apply(gelu(wide), `${i}.narrow`))
  }
  return linear(x, matrix('head'))
}

function random(name: string, shape: number[]): tf.Tensor {
  const generator = seeded(`${name} ${shape}`)
  const values = Float32Array.from(
    { length: tf.util.sizeFromShape(shape) },
    () => (uniform(generator) - 0.5) / 4,
  )
  return tf.tensor(values, shape)
}

function variable(name: string, shape: number[]): tf.Variable {
  const initial = random(name, shape)
  const result = tf.variable(initial)
  initial.dispose()
  return result
}
