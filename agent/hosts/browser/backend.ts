import * as tf from '#tf'
import { setWasmPaths } from '#tf-wasm'
import { type Choice, type Starters, startBackend, use } from '../../backend.ts'
import { registerKernels } from '../../kernels/register.ts'
import { gradients } from './gradients.ts'
import { kernels } from './kernels.ts'
import { whyNoWebgpu } from './webgpu.ts'

/**
 * Starts backends of tfjs in a browser.
 * @param wasm address of its WebAssembly with SIMD.
 * @param webgpu loads its backend for WebGPU, where the page has one.
 */
export function backendsAt(
  wasm: string,
  webgpu?: () => Promise<unknown>,
): (wanted?: string) => Promise<Choice> {
  const starters: Starters = {
    webgpu: {
      start: async () => {
        const failure = await whyNoWebgpu(webgpu !== undefined)
        if (failure !== undefined) return failure
        await webgpu?.()
        registerGradients()
        return use('webgpu')
      },
    },
    wasm: {
      start: async () => {
        // Its threaded build has another heap, which our kernels do not share; the other cores come from workers.
        tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false)
        if (tf.getBackend() !== 'wasm') {
          setWasmPaths(pathsOf(wasm))
          registerNeeded()
          registerGradients()
        }
        const failure = await use('wasm')
        if (failure === undefined) registerKernels()
        return failure
      },
    },
  }
  return (wanted = 'auto') => startBackend(wanted, starters)
}

/** Before the backend starts: kernels are set up with it. */
function registerNeeded(): void {
  for (const kernel of kernels) if (!tf.getKernel(kernel.kernelName, 'wasm')) tf.registerKernel(kernel)
}

function registerGradients(): void {
  for (const gradient of gradients) if (!tf.getGradient(gradient.kernelName)) tf.registerGradient(gradient)
}

/** tfjs wants to know all its builds, and loads the one with SIMD. */
function pathsOf(wasm: string): Record<string, string> {
  const builds = ['tfjs-backend-wasm', 'tfjs-backend-wasm-simd', 'tfjs-backend-wasm-threaded-simd']
  return Object.fromEntries(builds.map((name) => [`${name}.wasm`, wasm]))
}
