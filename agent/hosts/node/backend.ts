import { createRequire } from 'node:module'
import { dirname, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as tf from '#tf'
import { setWasmPaths } from '#tf-wasm'
import { type Choice, NO_GPU, NOT_INSTALLED, type Starters, startBackend, use } from '../../backend.ts'
import { registerKernels } from '../../kernels/register.ts'

/**
 * Starts the wanted backend of tfjs, or with 'auto' the fastest that works on this machine.
 * @throws UserError where the wanted one is unknown or does not start.
 */
export function chooseBackend(wanted = 'auto'): Promise<Choice> {
  return startBackend(wanted, STARTERS)
}

/** The adapter that webgpu has found is a CPU's. */
let softwareAdapter = false

const STARTERS: Starters = {
  'tfjs-node-gpu': {
    install: 'npm install @tensorflow/tfjs-node-gpu@4.22.0',
    start: async () => {
      process.env.TF_CPP_MIN_LOG_LEVEL ??= '2'
      const packageName = '@tensorflow/tfjs-node-gpu'
      if (!installed(packageName)) return NOT_INSTALLED
      await import(packageName)
      return use('tensorflow')
    },
    slow: () => ((tf.backend() as { isUsingGpuDevice?: boolean }).isUsingGpuDevice ? undefined : NO_GPU),
  },
  webgpu: {
    install: 'npm install @tensorflow/tfjs-backend-webgpu@4.22.0 webgpu',
    start: async () => {
      const [dawn, backend] = ['webgpu', '@tensorflow/tfjs-backend-webgpu']
      if (!installed(backend) || !installed(dawn)) return NOT_INSTALLED
      const { create, globals } = await import(dawn)
      Object.assign(globalThis, globals)
      const gpu = create([])
      const adapter = await gpu.requestAdapter()
      if (!adapter) return 'no graphics adapter'
      softwareAdapter = adapter.info?.isFallbackAdapter ?? false
      const navigator = (globalThis as { navigator?: object }).navigator ?? {}
      Object.defineProperty(navigator, 'gpu', { value: gpu, configurable: true })
      Object.defineProperty(globalThis, 'navigator', { value: navigator, configurable: true })
      await import(backend)
      return use('webgpu')
    },
    slow: () => (softwareAdapter ? 'only a software adapter' : undefined),
  },
  wasm: {
    start: async () => {
      setWasmPaths(wasmFolder())
      const failure = await withoutListeners(() => use('wasm'))
      if (failure === undefined) registerKernels()
      return failure
    },
  },
  cpu: { start: () => use('cpu') },
}

/** tfjs's wasm loader listens for uncaught errors only to throw them again, with its whole source as the trace. */
async function withoutListeners<T>(work: () => Promise<T>): Promise<T> {
  const events = ['uncaughtException', 'unhandledRejection'] as const
  const before = events.map((event) => new Set(process.listeners(event as 'uncaughtException')))
  const result = await work()
  for (const [i, event] of events.entries()) {
    for (const listener of process.listeners(event as 'uncaughtException')) {
      if (!before[i].has(listener)) process.removeListener(event, listener)
    }
  }
  return result
}

const { resolve } = createRequire(import.meta.url)

/** Where the backend's WebAssembly is: in its package, or in a build beside its JavaScript. */
function wasmFolder(): string {
  if (import.meta.url.endsWith('.ts')) return dirname(resolve('@tensorflow/tfjs-backend-wasm')) + sep
  return fileURLToPath(new URL('../../../vendor/', import.meta.url))
}

function installed(name: string): boolean {
  try {
    resolve(name)
    return true
  } catch {
    return false
  }
}
