import type { Io } from '#core/env/command'

/** How often (ms) progress is printed where lines cannot be rewritten. */
const PLAIN = 10_000
/** Work shorter than this (ms) needs no progress, and a terminal no more than this many lines a second. */
const SHORT = 1000
const FASTEST = 10

/** One line that says how far long work is: rewritten on a terminal, now and then a plain line elsewhere. */
export class ProgressLine {
  readonly #io: Io
  readonly #terminal = process.stderr.isTTY === true
  #shown = ''
  #last = Number.NEGATIVE_INFINITY

  constructor(io: Io) {
    this.#io = io
  }

  show(line: string): void {
    if (this.#terminal) {
      this.#shown = line.slice(0, (process.stderr.columns ?? 80) - 1)
      process.stderr.write(`\r\x1b[2K${this.#shown}`)
    } else if (this.#io.now() - this.#last >= PLAIN) {
      this.#last = this.#io.now()
      this.#io.note(line)
    }
  }

  /** A line that stays, above the progress. */
  note(line: string): void {
    if (this.#shown) process.stderr.write('\r\x1b[2K')
    this.#io.note(line)
    if (this.#shown) process.stderr.write(this.#shown)
  }

  /** Leaves the last line where it stands. */
  end(): void {
    if (this.#shown) process.stderr.write('\n')
    this.#shown = ''
  }
}

/** Progress of work that can be counted: how much of how much, how fast, how long still. */
export class Counter {
  readonly #io: Io
  readonly #all: number
  readonly #what: string
  readonly #line: ProgressLine
  readonly #began: number
  #done = 0
  #next: number

  /** @param what is counted, as a plural. */
  constructor(io: Io, all: number, what: string) {
    this.#io = io
    this.#all = all
    this.#what = what
    this.#line = new ProgressLine(io)
    this.#began = io.now()
    this.#next = this.#began + SHORT
  }

  /** One more is done. */
  add(): void {
    this.#done++
    const now = this.#io.now()
    // The last is told by what comes of them all.
    if (now < this.#next || this.#done === this.#all) return
    this.#next = now + 1000 / FASTEST
    const rate = (1000 * this.#done) / (now - this.#began)
    const left = duration((this.#all - this.#done) / rate)
    this.#line.show(`${this.#done} of ${this.#all} ${this.#what}, ${rate.toFixed(1)}/s, ${left} left`)
  }

  end(): void {
    this.#line.end()
  }
}

/** Seconds as people say them. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return '?'
  const whole = Math.ceil(seconds)
  if (whole < 60) return `${whole} s`
  const minutes = Math.floor(whole / 60)
  return minutes < 60 ? `${minutes} min ${whole % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}
