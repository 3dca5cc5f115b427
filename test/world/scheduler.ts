interface Event {
  readonly time: number
  readonly order: number
  readonly what: () => void
}

/** The milliseconds since 1970 at which every world begins. */
const EPOCH = 1_800_000_000_000

/**
 * The only source of time in a world. Events happen one after the other; between two of them all that was waiting
 * for a promise goes on until it waits again, so that the same events give the same world.
 */
export class Scheduler {
  /** Simulated milliseconds since the world began. */
  now = 0
  /** How far the machine's idea of the time is off. */
  offset = 0
  events = 0
  readonly #heap: Event[] = []
  #order = 0

  /** What the machine believes the time to be (milliseconds since 1970). */
  wall(): number {
    return Math.floor(EPOCH + this.now + this.offset)
  }

  after(ms: number, what: () => void): void {
    const heap = this.#heap
    const event = { time: this.now + Math.max(0, ms), order: this.#order++, what }
    let at = heap.length
    heap.push(event)
    while (at > 0) {
      const above = (at - 1) >> 1
      if (!before(event, heap[above])) break
      heap[at] = heap[above]
      at = above
    }
    heap[at] = event
  }

  /** Lets time pass until `ms` from now, or until `over` says so. */
  async run(ms: number, over: () => boolean): Promise<void> {
    const until = this.now + ms
    await settled()
    while (this.#heap.length > 0 && this.#heap[0].time <= until && !over()) {
      const event = this.#next()
      this.now = event.time
      this.events++
      event.what()
      await settled()
    }
    if (!over()) this.now = until
  }

  #next(): Event {
    const heap = this.#heap
    const first = heap[0]
    const last = heap.pop()!
    if (heap.length === 0) return first
    let at = 0
    for (;;) {
      let below = 2 * at + 1
      if (below >= heap.length) break
      if (below + 1 < heap.length && before(heap[below + 1], heap[below])) below++
      if (!before(heap[below], last)) break
      heap[at] = heap[below]
      at = below
    }
    heap[at] = last
    return first
  }
}

const before = (a: Event, b: Event): boolean => a.time < b.time || (a.time === b.time && a.order < b.order)

/** When all that could go on without an event has done so. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** A program that runs in the world; killed, it does nothing more, whatever it was doing. */
export class Process {
  alive = true
  readonly name: string
  readonly scheduler: Scheduler
  readonly #atEnd: (() => void)[] = []

  constructor(scheduler: Scheduler, name: string) {
    this.scheduler = scheduler
    this.name = name
  }

  after(ms: number, what: () => void): void {
    this.scheduler.after(ms, () => {
      if (this.alive) what()
    })
  }

  /** Never resolves in a process that is gone. */
  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => this.after(ms, resolve))
  }

  /** Calls `what` when the process ends. */
  atEnd(what: () => void): void {
    this.#atEnd.push(what)
  }

  kill(): void {
    if (!this.alive) return
    this.alive = false
    for (const what of this.#atEnd) what()
  }
}

/** What a call of a process that is gone gives. */
export const never = <T>(): Promise<T> => new Promise(() => {})
