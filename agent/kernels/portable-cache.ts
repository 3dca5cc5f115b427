import * as tf from '#tf'
import type { CacheShape, KeyValueCache } from './key-values.ts'

/** Keys and values as tensors [rows, heads, time, width / heads] that grow by concatenation; a mask hides padding. */
export class PortableCache implements KeyValueCache {
  lengths: Int32Array
  private readonly shape: CacheShape
  /** Longest prompt: the columns before it are padded, those after it are steps all rows share. */
  private readonly prompt: number
  private steps = 0
  private prompts: Int32Array
  private readonly keys: tf.Tensor4D[] = []
  private readonly values: tf.Tensor4D[] = []

  constructor(shape: CacheShape) {
    this.shape = shape
    this.lengths = shape.lengths.slice()
    this.prompts = shape.lengths.slice()
    this.prompt = shape.lengths.reduce((most, length) => Math.max(most, length), 0)
  }

  prefill(layer: number, qkv: tf.Tensor2D): void {
    const [keys, values] = tf.tidy(() => {
      const index = new Int32Array(this.prompts.length * this.prompt)
      let start = 0
      for (let row = 0; row < this.prompts.length; row++) {
        for (let t = 0; t < this.prompts[row]; t++) index[row * this.prompt + t] = start + t
        start += this.prompts[row]
      }
      return this.split(tf.gather(qkv, tf.tensor1d(index, 'int32')), this.prompt).slice(1)
    })
    this.keys[layer] = tf.keep(keys)
    this.values[layer] = tf.keep(values)
  }

  attend(layer: number, qkv: tf.Tensor2D): tf.Tensor2D {
    const { width, heads } = this.shape
    const [out, keys, values] = tf.tidy(() => {
      const [q, k, v] = this.split(qkv, 1)
      const keys = tf.concat([this.keys[layer], k], 2)
      const values = tf.concat([this.values[layer], v], 2)
      const scores = tf.mul(tf.matMul(q, keys, false, true), 1 / Math.sqrt(width / heads))
      const weights = tf.softmax(tf.add(scores, this.mask()) as tf.Tensor4D)
      return [tf.reshape(tf.matMul(weights, values), qkv.shape.with(1, width)), keys, values]
    })
    tf.dispose([this.keys[layer], this.values[layer]])
    this.keys[layer] = tf.keep(keys as tf.Tensor4D)
    this.values[layer] = tf.keep(values as tf.Tensor4D)
    return out as tf.Tensor2D
  }

  advance(): void {
    this.steps++
    this.lengths = this.lengths.map((length) => length + 1)
  }

  select(rows: Int32Array): void {
    this.lengths = rows.map((row) => this.lengths[row])
    this.prompts = rows.map((row) => this.prompts[row])
    for (const tensors of [this.keys, this.values]) {
      for (const [layer, old] of tensors.entries()) {
        tensors[layer] = tf.keep(tf.tidy(() => tf.gather(old, tf.tensor1d(rows, 'int32'))))
        old.dispose()
      }
    }
  }

  dispose(): void {
    tf.dispose([this.keys, this.values])
  }

  /** qkv [rows x time, 3 width] as queries, keys and values [rows, heads, time, width / heads]. */
  private split(qkv: tf.Tensor2D, time: number): tf.Tensor4D[] {
    const { width, heads } = this.shape
    const each = [qkv.shape[0] / time, time, 3, heads, width / heads]
    return tf.unstack(tf.transpose(tf.reshape(qkv, each), [2, 0, 3, 1, 4])) as tf.Tensor4D[]
  }

  /** [rows, 1, 1, time]: a large negative number at the padded columns of each prompt. */
  private mask(): tf.Tensor4D {
    const time = this.prompt + this.steps + 1
    const mask = new Float32Array(this.prompts.length * time)
    for (let row = 0; row < this.prompts.length; row++) {
      mask.fill(-1e9, row * time + this.prompts[row], row * time + this.prompt)
    }
    return tf.tensor4d(mask, [this.prompts.length, 1, 1, time])
  }
}
