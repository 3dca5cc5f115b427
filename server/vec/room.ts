import { UserError } from '#core/base/errors'
import { MOST_THREADS } from './wire.ts'

/** What the connections of one server may hold together. */
const BYTES = 2 ** 31
const THREADS = MOST_THREADS
/** Bytes of a state's objects beside its numbers, which are there twice where they are being saved. */
const STATE = 2048
/** Copies of a batch on its way out. */
const COPIES = 3

/** What a connection wants to hold. */
export interface Need {
  /** Lanes and starts. */
  readonly states: number
  /** Bytes of a saved one. */
  readonly stateBytes: number
  /** Bytes of a batch, its texts included. */
  readonly batchBytes: number
  readonly threads: number
}

/** Memory and threads that all connections of a server share, so that many modest clients cannot end it. */
export class Room {
  #bytes = BYTES
  #threads = THREADS

  /** @returns gives it back; calling that again does nothing. @throws UserError when there is no room for it. */
  take({ states, stateBytes, batchBytes, threads }: Need): () => void {
    const bytes = states * (STATE + 2 * stateBytes) + COPIES * batchBytes
    if (bytes > this.#bytes)
      throw new UserError(
        `open: ${states} lanes and starts need about ${bytes} bytes, and this server has ${this.#bytes} left of ${BYTES}; take fewer, or wait for others to go`,
      )
    if (threads > this.#threads)
      throw new UserError(
        `open: this server has ${this.#threads} left of ${THREADS} threads (asked for ${threads}); take fewer, or wait for others to go`,
      )
    this.#bytes -= bytes
    this.#threads -= threads
    let held = true
    return () => {
      if (!held) return
      held = false
      this.#bytes += bytes
      this.#threads += threads
    }
  }
}
