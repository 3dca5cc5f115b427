import { createRequire } from 'node:module'
import { dirname, sep } from 'node:path'
import * as tf from '@tensorflow/tfjs'
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm'
import { didYouMean, UserError } from '#core/errors'
import { registerKernels } from './kernels/register.ts'

/** Where tensors may live, fastest first. */
export const backends = ['tfjs-node-gpu', 'webgpu', 'wasm', 'cpu'] as const
export type Backend = (typeof backends)[number]

/** The backend that was taken, why, and what would give a faster one. */
export interface Choice {
  readonly name: Backend
  readonly reason: string
  /** The line that would install a faster one. */
  readonly faster?: string
}

const INSTALL: Partial<Record<Backend, string>> = {
  'tfjs-node-gpu': 'npm install @tensorflow/tfjs-node-gpu@4.22.0',
  webgpu: 'npm install @tensorflow/tfjs-backend-webgpu@4.22.0 webgpu',
}

const NOT_INSTALLED = 'not installed'
/** The adapter that webgpu has found is a CPU's. */
let softwareAdapter = false

/** Measured: on a CPU its steps of models of 0.1M to 1M parameters take 1.4 to 4 times as long as our wasm kernels'. */
const NO_GPU = 'finds no GPU, and on a CPU wasm is faster'

/**
 * Starts the wanted backend of tfjs, or with 'auto' the fastest that works on this machine.
 * @throws UserError where the wanted one is unknown or does not start.
 */
export async function chooseBackend(wanted: 'auto' | Backend | (string & {}) = 'auto'): Promise<Choice> {
  if (wanted !== 'auto' && !backends.includes(wanted as Backend)) {
    throw new UserError(`no backend '${wanted}'${didYouMean(wanted, ['auto', ...backends])}`)
  }
  tf.enableProdMode() // tfjs prints advice otherwise
  const failures: string[] = []
  for (const name of wanted === 'auto' ? backends : [wanted as Backend]) {
    const failure = await attempt(name)
    if (failure !== undefined) {
      failures.push(`${name}: ${failure}`)
      continue
    }
    if (wanted !== 'auto') return { name, reason: 'as asked for' }
    const slow = slower(name)
    if (slow !== undefined) {
      failures.push(`${name}: ${slow}`)
      continue
    }
    const reason =
      failures.length === 0 ? 'the fastest of all' : `the fastest that works here (${failures.join('; ')})`
    const faster = failures.length > 0 && !reason.includes(NO_GPU) ? INSTALL['tfjs-node-gpu'] : undefined
    return { name, reason, faster }
  }
  const install = failures[0].endsWith(NOT_INSTALLED) ? `; to install it: ${INSTALL[wanted as Backend]}` : ''
  throw new UserError(`backend ${failures[0]}${install}`)
}

/** Why a backend that has started is still not the one to take, if so. */
function slower(name: Backend): string | undefined {
  const { isUsingGpuDevice } = tf.backend() as { isUsingGpuDevice?: boolean }
  if (name === 'tfjs-node-gpu' && !isUsingGpuDevice) return NO_GPU
  if (name === 'webgpu' && softwareAdapter) return 'only a software adapter'
  return undefined
}

let attempts: Promise<string | undefined> = Promise.resolve(undefined)

/** Starts a backend; gives in one line why it does not, if so. One after the other: tfjs forgets the first of two. */
function attempt(name: Backend): Promise<string | undefined> {
  attempts = attempts.then(() => startOne(name))
  return attempts
}

async function startOne(name: Backend): Promise<string | undefined> {
  try {
    return await start[name]()
  } catch (error) {
    const line = (error instanceof Error ? error.message : String(error)).split('\n')[0]
    return line.includes('native addon') ? `its native library is ${NOT_INSTALLED}` : line.slice(0, 100)
  }
}

const start: Record<Backend, () => Promise<string | undefined>> = {
  'tfjs-node-gpu': async () => {
    process.env.TF_CPP_MIN_LOG_LEVEL ??= '2'
    if (!installed('@tensorflow/tfjs-node-gpu')) return NOT_INSTALLED
    const packageName = '@tensorflow/tfjs-node-gpu'
    await import(packageName)
    return use('tensorflow')
  },
  webgpu: async () => {
    if (!installed('@tensorflow/tfjs-backend-webgpu') || !installed('webgpu')) return NOT_INSTALLED
    const [dawn, backend] = ['webgpu', '@tensorflow/tfjs-backend-webgpu']
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
  wasm: async () => {
    setWasmPaths(dirname(resolve('@tensorflow/tfjs-backend-wasm')) + sep)
    const failure = await withoutListeners(() => use('wasm'))
    if (failure === undefined) registerKernels()
    return failure
  },
  cpu: () => use('cpu'),
}

/** tfjs may say false, or stay on another backend without a word. */
async function use(backend: string): Promise<string | undefined> {
  const started = await tf.setBackend(backend)
  return started && tf.getBackend() === backend ? undefined : 'does not start'
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

function installed(name: string): boolean {
  try {
    resolve(name)
    return true
  } catch {
    return false
  }
}
