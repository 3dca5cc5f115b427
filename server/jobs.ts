import { parentPort } from 'node:worker_threads'
import { UserError } from '#core/base/errors'
import type { WireErrorCode } from '#core/record/wire'
import { WireFailure } from './errors.ts'

/** A job as a thread gets it. */
export interface Job {
  readonly id: number
  readonly given: unknown
}

/** What a thread says of a job. */
export type Done =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: Told }

/** An error on its way from one thread to another. */
interface Told {
  /** Of a mistake of whoever asked; our own have none. */
  readonly code?: WireErrorCode | 'USER'
  readonly message: string
  readonly stack?: string
}

/** In a thread: does one job after the other. */
export function answerJobs(answer: (given: never) => unknown): void {
  const port = parentPort
  if (!port) throw new Error('jobs are done in a thread')
  port.on('message', async ({ id, given }: Job) => {
    let done: Done
    try {
      done = { id, result: await answer(given as never) }
    } catch (error) {
      done = { id, error: tell(error) }
    }
    port.postMessage(done)
  })
}

function tell(error: unknown): Told {
  if (error instanceof WireFailure) return { code: error.code, message: error.message }
  if (error instanceof UserError) return { code: 'USER', message: error.message }
  return error instanceof Error ? { message: error.message, stack: error.stack } : { message: String(error) }
}

/** The error that a thread told of. */
export function revive({ code, message, stack }: Told): Error {
  if (code === 'USER') return new UserError(message)
  if (code !== undefined) return new WireFailure(code, message)
  const error = new Error(message)
  if (stack) error.stack = stack
  return error
}
