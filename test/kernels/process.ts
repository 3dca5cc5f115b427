// Run by process.test.ts in a process of its own: some training on wasm, and what is left of it.
import * as tf from '@tensorflow/tfjs'
import { chooseBackend } from '#agent/hosts/node/backend'
import {
  AdamW,
  attention,
  createCache,
  embed,
  gelu,
  layerNorm,
  linear,
  tokenScores,
} from '#agent/kernels/ops'
import { hashBytes } from '#core/base/hash'
import { numbers } from './numbers.ts'

const listeners = () =>
  process.listenerCount('uncaughtException') + process.listenerCount('unhandledRejection')

const before = listeners()
await chooseBackend('wasm')
const heard = listeners() - before

const matrix = (name: string, rows: number, columns: number) =>
  tf.variable(tf.tensor2d(numbers(rows * columns, name), [rows, columns]))
const vector = (name: string, size: number) => tf.variable(tf.tensor1d(numbers(size, name)))
const weights = {
  words: matrix('words', 43, 32),
  gain: vector('gain', 32),
  bias: vector('bias', 32),
  project: matrix('project', 32, 96),
  offset: vector('offset', 96),
}
const optimizer = new AdamW(weights)
const words = Int32Array.from({ length: 60 }, (_, i) => (i * 7) % 43)
const segments = { lengths: Int32Array.of(20, 17, 23), prefixes: Int32Array.of(-1, 0, 0) }
const {
  words: table,
  gain,
  bias,
  project,
  offset,
} = weights as unknown as Record<string, tf.Tensor2D & tf.Tensor1D>
const qkv = () => linear(layerNorm(embed(table, words), gain, bias), project, offset)
for (let step = 0; step < 3; step++) {
  const { value, grads } = tf.variableGrads(() => {
    const logits = tf.matMul(gelu(attention(qkv(), segments, 4)), table, false, true) as tf.Tensor2D
    const { logprobs, entropy } = tokenScores(logits, words)
    return tf.neg(tf.mean(tf.add(logprobs, tf.mul(entropy, 0.01))))
  })
  const byName = Object.fromEntries(
    Object.entries(weights).map(([name, weight]) => [name, grads[weight.name]]),
  )
  await optimizer.update(byName, 0.01)
  tf.dispose([value, grads])
}
const cache = createCache({ layers: 1, width: 32, heads: 4, lengths: segments.lengths, room: 2 })
cache.prefill(0, qkv())
const found = cache.attend(0, tf.slice2d(qkv(), [0, 0], [3, -1]))

const hashes = [...Object.values(weights), found].map((tensor) => {
  const values = tensor.dataSync<'float32'>()
  return hashBytes(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
})
console.log(JSON.stringify({ heard, hashes }))
