import { setTimeout as wait } from 'node:timers/promises'

/** The time, as whatever follows runs and watchers knows it. */
export interface Clock {
  /** Milliseconds since 1970 as the machine believes, to compare with those of files: it may jump either way. */
  now(): number
  /** Milliseconds since some beginning; only grows. */
  elapsed(): number
  /** Waits; false as soon as the signal says that there is no more to wait for. */
  sleep(ms: number, signal: AbortSignal): Promise<boolean>
}

/** The machine's own. */
export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  sleep: (ms, signal) => wait(ms, true, { signal }).catch(() => false),
}
