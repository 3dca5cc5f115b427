/** Exit codes by signal, as shells give them. */
const CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const

/**
 * Resolves at the first Ctrl+C, termination signal or closed terminal with the exit code that says so; a second one
 * ends the process at once.
 * @param over when nobody waits any more, and signals mean what they always do.
 */
export function untilInterrupted(over?: AbortSignal): Promise<number> {
  return new Promise((resolve) => {
    let first = true
    for (const [signal, code] of Object.entries(CODES)) {
      const stop = () => {
        if (!first) process.exit(code)
        first = false
        resolve(code)
      }
      process.on(signal, stop)
      over?.addEventListener('abort', () => process.off(signal, stop))
    }
  })
}

/** Work that was ended by `untilInterrupted`. */
export class Interrupted extends Error {
  readonly code: number

  /** @param code the exit code. */
  constructor(code: number) {
    super('interrupted')
    this.code = code
  }
}
