import type { Worker } from 'node:worker_threads'
import { startThread, type ThreadEntry } from '#threads/thread'
import { WireFailure } from './errors.ts'
import { type Done, type Job, revive } from './jobs.ts'

const NO_ANSWER = -1

export interface PoolOptions {
  /** Threads; each is started with its first job. */
  readonly threads: number
  /** Jobs of one client that may wait or be done at once. */
  readonly perClient: number
  /** Jobs that may wait or be done in all. */
  readonly most: number
}

interface Waiting {
  readonly given: unknown
  readonly client: string
  readonly transfer: readonly ArrayBuffer[]
  resolve(result: unknown): void
  reject(error: Error): void
}

/** One thread, and the jobs that wait for it: clients take turns, so that one with many keeps nobody else waiting. */
interface Lane {
  worker: Worker | null
  /** Rises when the thread had to be started again: whatever it remembered is gone. */
  life: number
  readonly waiting: Map<string, Waiting[]>
  jobs: number
  doing: Waiting | null
}

/**
 * Threads that do what takes long, so that a server's own thread is always free to answer. Jobs wait in a bounded
 * queue; a client that asks for too much at once is refused.
 */
export class Pool {
  private readonly entry: ThreadEntry
  private readonly options: PoolOptions
  private readonly log: (line: string) => void
  private readonly lanes: Lane[]
  private readonly clients = new Map<string, number>()
  private jobs = 0
  private closed = false

  constructor(entry: ThreadEntry, options: PoolOptions, log: (line: string) => void) {
    this.entry = entry
    this.options = options
    this.log = log
    this.lanes = Array.from({ length: options.threads }, () => ({
      worker: null,
      life: 0,
      waiting: new Map(),
      jobs: 0,
      doing: null,
    }))
  }

  /** The thread with the fewest jobs. */
  freest(): number {
    let best = 0
    for (const [i, lane] of this.lanes.entries()) if (lane.jobs < this.lanes[best].jobs) best = i
    return best
  }

  /** Changes when the thread was started again. */
  life(thread: number): number {
    return this.lanes[thread].life
  }

  /**
   * Has a job done.
   * @param client who wants it, by address.
   * @param thread which must do it; the freest unless given.
   * @throws WireFailure BUSY when too much waits already, and what the job throws.
   */
  ask(
    client: string,
    given: unknown,
    { thread = this.freest(), transfer = [] }: { thread?: number; transfer?: readonly ArrayBuffer[] } = {},
  ): Promise<unknown> {
    const { perClient, most } = this.options
    const own = this.clients.get(client) ?? 0
    if (own >= perClient || this.jobs >= most) {
      const whose = own >= perClient ? `${own} of yours` : `${this.jobs}`
      throw new WireFailure('BUSY', `${whose} wait to be done: ask again when some are answered`)
    }
    const lane = this.lanes[thread]
    return new Promise((resolve, reject) => {
      const queue = lane.waiting.get(client) ?? []
      queue.push({ given, client, transfer, resolve, reject })
      lane.waiting.set(client, queue)
      this.count(lane, client, 1)
      this.next(lane)
    })
  }

  /** Tells a thread something that is no work, and that nobody waits for. */
  tell(thread: number, given: unknown): void {
    this.lanes[thread].worker?.postMessage({ id: NO_ANSWER, given } satisfies Job)
  }

  async close(): Promise<void> {
    this.closed = true
    await Promise.all(this.lanes.map(({ worker }) => worker?.terminate()))
  }

  private count(lane: Lane, client: string, change: 1 | -1): void {
    lane.jobs += change
    this.jobs += change
    const own = (this.clients.get(client) ?? 0) + change
    if (own > 0) this.clients.set(client, own)
    else this.clients.delete(client)
  }

  /** Gives the thread its next job, of the client that waited for a turn longest. */
  private next(lane: Lane): void {
    if (lane.doing || this.closed) return
    const [entry] = lane.waiting
    if (!entry) return
    const [client, queue] = entry
    const job = queue.shift()!
    lane.waiting.delete(client)
    if (queue.length > 0) lane.waiting.set(client, queue)
    lane.doing = job
    lane.worker ??= this.start(lane)
    lane.worker.postMessage({ id: 0, given: job.given } satisfies Job, job.transfer)
  }

  private start(lane: Lane): Worker {
    const worker = startThread(this.entry)
    worker.unref()
    worker.on('message', (done: Done) => {
      if (done.id === NO_ANSWER) return
      this.settle(lane, (job) =>
        'error' in done ? job.reject(revive(done.error)) : job.resolve(done.result),
      )
    })
    let problem = 'it ended'
    worker.on('error', (error) => {
      problem = error.message
    })
    worker.on('exit', () => {
      if (lane.worker === worker) lane.worker = null
      lane.life++
      if (this.closed) return
      this.log(`server: a thread broke down (${problem}) and is started again`)
      this.settle(lane, (job) =>
        job.reject(new WireFailure('INTERNAL', 'what was asked broke a thread down')),
      )
    })
    return worker
  }

  private settle(lane: Lane, tell: (job: Waiting) => void): void {
    const job = lane.doing
    if (!job) return
    lane.doing = null
    this.count(lane, job.client, -1)
    tell(job)
    this.next(lane)
  }
}
