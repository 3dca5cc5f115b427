import * as tf from '#tf'
import type { Operation } from './kernel.ts'
import type { Heap } from './wasm.ts'

/** tf.matMul: the last two dimensions multiply, either transposed; the others are batches, broadcast where 1. */
function product(
  heap: Heap,
  a: tf.TensorInfo,
  b: tf.TensorInfo,
  { transposeA, transposeB }: Fused,
  bias?: tf.TensorInfo,
): tf.TensorInfo {
  if (a.dtype !== 'float32' || b.dtype !== 'float32') {
    throw new Error(`products on wasm take float32, not ${a.dtype} and ${b.dtype}`)
  }
  const [aRows, aColumns] = a.shape.slice(-2)
  const [bRows, bColumns] = b.shape.slice(-2)
  const [rows, depth] = transposeA ? [aColumns, aRows] : [aRows, aColumns]
  const columns = transposeB ? bRows : bColumns
  const batch = tf.broadcast_util.assertAndGetBroadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2))
  const out = heap.output(...batch, rows, columns)
  if (depth === 0) heap.run.clear(heap.address(out), tf.util.sizeFromShape(out.shape))
  const [from, by, to] = [heap.address(a), heap.address(b), heap.address(out)]
  const [scratch] = heap.scratch(heap.run.matmulScratch())
  const multiply = (m: number, aIndex: number, bIndex: number, cIndex: number) => {
    if (m * columns === 0) return
    heap.run.matmul(
      ...[m, columns, depth],
      ...[from + aIndex * aRows * aColumns * 4, ...(transposeA ? [4, aColumns * 4] : [aColumns * 4, 4])],
      ...[by + bIndex * bRows * bColumns * 4, ...(transposeB ? [4, bColumns * 4] : [bColumns * 4, 4])],
      ...[to + cIndex * rows * columns * 4, columns * 4],
      ...[bias ? heap.address(bias) : 0, 0],
      scratch,
    )
  }
  const size = tf.util.sizeFromShape(batch)
  const shared = tf.util.sizeFromShape(b.shape.slice(0, -2)) === 1
  if (shared && !transposeA) multiply(size * rows, 0, 0, 0)
  else {
    const aSteps = steps(a.shape.slice(0, -2), batch)
    const bSteps = steps(b.shape.slice(0, -2), batch)
    for (let i = 0; i < size; i++) multiply(rows, index(i, batch, aSteps), index(i, batch, bSteps), i)
  }
  return out
}

/** How far one step along each dimension of `batch` leads within `shape`: 0 where it is broadcast. */
function steps(shape: readonly number[], batch: readonly number[]): number[] {
  let step = 1
  const result = batch.map(() => 0)
  for (let i = shape.length - 1; i >= 0; i--) {
    if (shape[i] > 1) result[batch.length - shape.length + i] = step
    step *= shape[i]
  }
  return result
}

function index(i: number, batch: readonly number[], each: readonly number[]): number {
  let result = 0
  for (let d = batch.length - 1; d >= 0; d--) {
    result += (i % batch[d]) * each[d]
    i = Math.floor(i / batch[d])
  }
  return result
}

interface Fused {
  readonly transposeA?: boolean
  readonly transposeB?: boolean
  readonly activation?: string
  readonly leakyreluAlpha?: number
}

/** tfjs's kernels of the activations that a fused product may end with. */
const activations: Readonly<Record<string, string>> = {
  relu: 'Relu',
  relu6: 'Relu6',
  elu: 'Elu',
  sigmoid: 'Sigmoid',
  leakyrelu: 'LeakyRelu',
  prelu: 'Prelu',
}

export const matmulOperation: Operation = {
  kernels: {
    BatchMatMul: (heap, { a, b }, attributes: Fused) => product(heap, a, b, attributes),
    _FusedMatMul: (heap, { a, b, bias, preluActivationWeights: alpha }, attributes: Fused) => {
      const activation = activations[attributes.activation ?? 'linear']
      if (!activation) return product(heap, a, b, attributes, bias)
      const x = product(heap, a, b, attributes, bias)
      const kernel = tf.getKernel(activation, 'wasm').kernelFunc
      const attrs = { alpha: attributes.leakyreluAlpha ?? 0 }
      const y = kernel({ inputs: alpha ? { x, alpha } : { x }, attrs, backend: tf.backend() })
      tf.backend().disposeData(x.dataId)
      return y
    },
  },
}
