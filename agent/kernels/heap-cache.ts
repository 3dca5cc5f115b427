import * as tf from '#tf'
import { type Operation, run } from './kernel.ts'
import type { CacheShape, KeyValueCache } from './key-values.ts'
import type { Heap } from './wasm.ts'

/**
 * Blocks of keys and values on the heap, changed in place. Prompts lie in blocks that the rows share, so a group
 * reads one copy; what a row writes lies in a block of its own.
 */
export class HeapCache implements KeyValueCache {
  private readonly heap: Heap
  private readonly shape: CacheShape
  /** Most tokens of a prompt, and of what is written, rounded up for the kernels. */
  private readonly capacity: readonly [number, number]
  /** Per row, its prompt's index and length. */
  private prompts: Int32Array
  private readonly shared: tf.Tensor[]
  private own: tf.Tensor[]
  private steps = 0

  constructor(heap: Heap, shape: CacheShape) {
    this.heap = heap
    this.shape = shape
    const longest = shape.lengths.reduce((most, length) => Math.max(most, length), 0)
    this.capacity = [Math.max(8, ceil8(longest)), Math.max(8, ceil8(shape.room))]
    this.prompts = new Int32Array(shape.lengths.length * 2)
    for (const [row, length] of shape.lengths.entries()) this.prompts.set([row, length], row * 2)
    this.shared = this.blocks(shape.lengths.length, 0)
    this.own = this.blocks(shape.lengths.length, 1)
  }

  get lengths(): Int32Array {
    return Int32Array.from(
      { length: this.prompts.length / 2 },
      (_, row) => this.prompts[row * 2 + 1] + this.steps,
    )
  }

  prefill(layer: number, qkv: tf.Tensor2D): void {
    const { width, heads, lengths } = this.shape
    let from = this.heap.address(qkv) + width * 4
    let block = this.heap.address(this.shared[layer])
    for (const length of lengths) {
      this.heap.run.fillCache(
        from,
        from + width * 4,
        width * 12,
        length,
        block,
        heads,
        width,
        this.capacity[0],
      )
      from += length * width * 12
      block += width * this.capacity[0] * 8
    }
  }

  attend(layer: number, qkv: tf.Tensor2D): tf.Tensor2D {
    if (this.steps >= this.shape.room)
      throw new Error(`the cache has room for ${this.shape.room} tokens a row`)
    const { prompts, capacity, steps } = this
    const inputs = { qkv, shared: this.shared[layer], own: this.own[layer] }
    return run('AttendCached', inputs, { prompts, capacity, steps, heads: this.shape.heads }) as tf.Tensor2D
  }

  advance(): void {
    this.steps++
  }

  select(rows: Int32Array): void {
    const old = this.own
    this.own = this.blocks(rows.length, 1)
    const bytes = this.shape.width * this.capacity[1] * 8
    if (this.steps > 0) {
      const [indices] = this.heap.scratch(rows.byteLength)
      this.heap.put(rows, indices)
      for (const [layer, from] of old.entries()) {
        const [source, target] = [from, this.own[layer]].map(this.heap.address)
        this.heap.run.copyBlocks(source, indices, target, rows.length, bytes)
      }
    }
    tf.dispose(old)
    const before = this.prompts
    this.prompts = new Int32Array(rows.length * 2)
    for (const [i, row] of rows.entries()) this.prompts.set(before.subarray(row * 2, row * 2 + 2), i * 2)
  }

  dispose(): void {
    tf.dispose([this.shared, this.own])
  }

  /** One tensor per layer with the blocks of `rows` sequences. */
  private blocks(rows: number, which: 0 | 1): tf.Tensor[] {
    const size = this.shape.width * this.capacity[which] * 2
    return Array.from({ length: this.shape.layers }, () =>
      tf.keep(tf.engine().makeTensorFromTensorInfo(this.heap.output(rows, size))),
    )
  }
}

interface Attributes {
  readonly prompts: Int32Array
  readonly capacity: readonly [number, number]
  readonly steps: number
  readonly heads: number
}

export const cacheOperation: Operation = {
  kernels: {
    AttendCached: (heap, { qkv, shared, own }, { prompts, capacity, steps, heads }: Attributes) => {
      const rows = qkv.shape[0]
      const width = qkv.shape[1] / 3
      const out = heap.output(rows, width)
      const [at, scores] = heap.scratch(prompts.byteLength, heap.run.cacheScratch(...capacity))
      heap.run.attendCached(
        ...[heap.address(qkv), rows, heads, width],
        ...[heap.put(prompts, at), heap.address(shared), capacity[0]],
        ...[heap.address(own), capacity[1], steps],
        ...[heap.address(out), scores],
      )
      return out
    },
  },
}

const ceil8 = (n: number): number => Math.ceil(n / 8) * 8
