import * as tf from '@tensorflow/tfjs'
import { attentionOperation } from './attention.ts'
import { embedOperation } from './embed.ts'
import { geluOperation } from './gelu.ts'
import { cacheOperation } from './heap-cache.ts'
import { linearOperation } from './linear.ts'
import { matmulOperation } from './matmul.ts'
import { normOperation } from './norm.ts'
import { scoresOperation } from './scores.ts'
import { openHeap } from './wasm.ts'

const operations = [
  attentionOperation,
  cacheOperation,
  embedOperation,
  geluOperation,
  linearOperation,
  matmulOperation,
  normOperation,
  scoresOperation,
]

/** Replaces tfjs's slow kernels on the running wasm backend, and adds those of our own operations. */
export function registerKernels(): void {
  const heap = openHeap()
  for (const { kernels, gradients } of operations) {
    for (const [kernelName, kernel] of Object.entries(kernels)) {
      if (tf.getKernel(kernelName, 'wasm')) tf.unregisterKernel(kernelName, 'wasm')
      tf.registerKernel({
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
