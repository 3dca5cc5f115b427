import type { Io } from '#core/command'

/** How often (ms) a line of progress is printed where lines cannot be rewritten. */
const PLAIN = 10_000

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
