import * as tf from '#tf'
import type { Heap } from './wasm.ts'

/** A kernel of ours: makes its output tensors on the heap and fills them. Its attributes are those it is run with. */
export type Kernel = (
  heap: Heap,
  inputs: Readonly<Record<string, tf.TensorInfo>>,
  attributes: never,
) => tf.TensorInfo | tf.TensorInfo[]

/** What one operation adds to tfjs's registries, by kernel name. */
export interface Operation {
  readonly kernels: Readonly<Record<string, Kernel>>
  readonly gradients?: Readonly<Record<string, Omit<tf.GradConfig, 'kernelName'>>>
}

/** Runs a kernel with one output through tfjs's engine, which records it for the gradient. */
export function run(kernel: string, inputs: Record<string, tf.Tensor>, attributes: object = {}): tf.Tensor {
  return tf.engine().runKernel(kernel, inputs, attributes as tf.NamedAttrMap)
}

/** The same for a kernel with several outputs. */
export function runMany(
  kernel: string,
  inputs: Record<string, tf.Tensor>,
  attributes: object = {},
): tf.Tensor[] {
  return tf.engine().runKernel(kernel, inputs, attributes as tf.NamedAttrMap)
}
