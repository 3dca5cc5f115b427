import * as tf from '#tf'
import { attentionOperation } from './attention.ts'
import { embedOperation } from './embed.ts'
import { geluOperation } from './gelu.ts'
import { cacheOperation } from './heap-cache.ts'
import { identityOperation } from './identity.ts'
import { linearOperation } from './linear.ts'
import { matmulOperation } from './matmul.ts'
import { nearOperation } from './near.ts'
import { normOperation } from './norm.ts'
import { sampleOperation } from './sample.ts'
import { scoresOperation } from './scores.ts'
import { closeHeap, openHeap } from './wasm.ts'

const operations = [
  attentionOperation,
  cacheOperation,
  embedOperation,
  geluOperation,
  identityOperation,
  linearOperation,
  matmulOperation,
  nearOperation,
  normOperation,
  sampleOperation,
  scoresOperation,
]

/** tfjs's own kernels that ours stand in for, while they do. */
const replaced = new Map<string, tf.KernelConfig | undefined>()

/** Replaces tfjs's slow kernels on the running wasm backend, and adds those of our own operations. */
export function registerKernels(): void {
  const heap = openHeap()
  if (replaced.size > 0) return
  for (const { kernels, gradients } of operations) {
    for (const [kernelName, kernel] of Object.entries(kernels)) {
      replaced.set(kernelName, tf.getKernel(kernelName, 'wasm'))
      replace(kernelName, {
        kernelName,
        backendName: 'wasm',
        kernelFunc: ({ inputs, attrs }) =>
          kernel(heap, inputs as Record<string, tf.TensorInfo>, attrs as never),
      })
    }
    for (const [kernelName, gradient] of Object.entries(gradients ?? {})) {
      if (!tf.getGradient(kernelName)) tf.registerGradient({ kernelName, ...gradient })
    }
  }
}

/** Puts tfjs's own kernels back, to compare with: operations are compositions on wasm too. */
export function restoreKernels(): void {
  for (const [kernelName, kernel] of replaced) replace(kernelName, kernel)
  replaced.clear()
  closeHeap()
}

function replace(kernelName: string, kernel: tf.KernelConfig | undefined): void {
  if (tf.getKernel(kernelName, 'wasm')) tf.unregisterKernel(kernelName, 'wasm')
  if (kernel) tf.registerKernel(kernel)
}
