import { setImmediate } from 'node:timers/promises'
import { WireFailure } from './errors.ts'

/** Milliseconds that a piece of work may keep the server's own thread before others have their turn. */
const SLICE = 3
/** Pieces of work that may wait, of one client and in all. */
const PER_CLIENT = 200
const MOST = 2_000

/** Lets others have their turn, when the slice is over. */
export type Pause = () => Promise<void>

/** For work that need not share its thread. */
export const unhurried: Pause = () => Promise.resolve()

interface Waiting {
  readonly work: (pause: Pause) => Promise<unknown>
  resolve(result: unknown): void
  reject(error: unknown): void
}

/**
 * Work of the server's own thread that grows with what it serves (searches, readings): done a slice at a time, one
 * piece after the other, in a bounded queue that clients take turns in. Whatever is asked for, a short answer waits a few
 * milliseconds.
 */
export class Slices {
  private readonly waiting = new Map<string, Waiting[]>()
  private count = 0
  private busy = false

  /**
   * @param client who wants it, by address.
   * @param work calls `pause` every few milliseconds.
   * @throws WireFailure BUSY when too much waits already, and what the work throws.
   */
  do<T>(client: string, work: (pause: Pause) => Promise<T>): Promise<T> {
    const queue = this.waiting.get(client) ?? []
    if (queue.length >= PER_CLIENT || this.count >= MOST) {
      throw new WireFailure(
        'BUSY',
        `${queue.length} requests of yours wait: ask again when some are answered`,
      )
    }
    return new Promise<T>((resolve, reject) => {
      queue.push({ work, resolve: resolve as (result: unknown) => void, reject })
      this.waiting.set(client, queue)
      this.count++
      this.next()
    })
  }

  private next(): void {
    const [entry] = this.waiting
    if (!entry || this.busy) return
    const [client, queue] = entry
    const { work, resolve, reject } = queue.shift()!
    this.waiting.delete(client)
    if (queue.length > 0) this.waiting.set(client, queue)
    this.count--
    this.busy = true
    setImmediate()
      .then(() => work(pauses()))
      .then(resolve, reject)
      .finally(() => {
        this.busy = false
        this.next()
      })
  }
}

function pauses(): Pause {
  let began = performance.now()
  return async () => {
    if (performance.now() - began < SLICE) return
    await setImmediate()
    began = performance.now()
  }
}
