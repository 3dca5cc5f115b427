import { didYouMean, UserError } from '#core/base/errors'
import * as tf from '#tf'

/** Where tensors may live, fastest first. */
export const backends = ['tfjs-node-gpu', 'webgpu', 'wasm', 'cpu'] as const
export type Backend = (typeof backends)[number]

/** The backend that was taken, why, and what would give a faster one. */
export interface Choice {
  readonly name: Backend
  readonly reason: string
  /** What would give a faster one, like a line that installs it. */
  readonly faster?: string
}

/** How a host starts a backend. */
export interface Starter {
  /** Gives why it does not start, if so. */
  start(): Promise<string | undefined>
  /** Why it is not the one to take, though it has started. */
  slow?(): string | undefined
  /** What to do where it is not installed. */
  readonly install?: string
}
export type Starters = Readonly<Partial<Record<Backend, Starter>>>

/** What a starter gives where what it needs is not there. */
export const NOT_INSTALLED = 'not installed'
/** Measured: on a CPU its steps of models of 0.1M to 1M parameters take 1.4 to 4 times as long as our wasm kernels'. */
export const NO_GPU = 'finds no GPU, and on a CPU wasm is faster'

/**
 * Starts the wanted backend of tfjs, or with 'auto' the fastest that works on this host.
 * @throws UserError where the wanted one is unknown or does not start.
 */
export async function startBackend(wanted: string, starters: Starters): Promise<Choice> {
  const here = backends.filter((name) => starters[name])
  const chosen = wanted === 'auto' ? here : here.filter((name) => name === wanted)
  if (chosen.length === 0)
    throw new UserError(`no backend '${wanted}'${didYouMean(wanted, ['auto', ...here])}`)
  tf.enableProdMode() // tfjs prints advice otherwise
  const failures: string[] = []
  for (const name of chosen) {
    const starter = starters[name]!
    const failure = await attempt(starter)
    if (failure === undefined && wanted !== 'auto') return { name, reason: 'as asked for' }
    const slow = failure ?? starter.slow?.()
    if (slow !== undefined) {
      failures.push(`${name}: ${slow}`)
      continue
    }
    const reason =
      failures.length === 0 ? 'the fastest of all' : `the fastest that works here (${failures.join('; ')})`
    const faster = failures.length > 0 && !reason.includes(NO_GPU) ? starters[here[0]]?.install : undefined
    return { name, reason, faster }
  }
  const { install } = starters[chosen[0]]!
  const advice = install && failures[0].endsWith(NOT_INSTALLED) ? `; to install it: ${install}` : ''
  throw new UserError(`backend ${failures[0]}${advice}`)
}

/** Switches to a backend of tfjs, which may say false, or stay on another one without a word. */
export async function use(backend: string): Promise<string | undefined> {
  const started = await tf.setBackend(backend)
  return started && tf.getBackend() === backend ? undefined : 'does not start'
}

let attempts: Promise<string | undefined> = Promise.resolve(undefined)

/** Starts a backend; gives in one line why it does not, if so. One after the other: tfjs forgets the first of two. */
function attempt(starter: Starter): Promise<string | undefined> {
  attempts = attempts.then(() => startOne(starter))
  return attempts
}

async function startOne(starter: Starter): Promise<string | undefined> {
  try {
    return await starter.start()
  } catch (error) {
    const line = (error instanceof Error ? error.message : String(error)).split('\n')[0]
    return line.includes('native addon') ? `its native library is ${NOT_INSTALLED}` : line.slice(0, 100)
  }
}
