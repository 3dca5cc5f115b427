import { io } from '#cli/io'
import { main } from '#cli/main'
import type { Io } from '#core/env/command'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** A command that serves, running in this process. */
export interface Running {
  readonly url: string
  /** What it printed so far. */
  readonly out: readonly string[]
  readonly err: readonly string[]
  /** Interrupts it. @returns its exit code. */
  stop(): Promise<number>
}

/** Runs a command that serves until it has printed its address. */
export async function serving(...words: string[]): Promise<Running> {
  const out: string[] = []
  const err: string[] = []
  let code: Promise<number> | undefined
  const url = await new Promise<string>((resolve, reject) => {
    const print = (line: string) => {
      out.push(line)
      const address = /http:\/\/\S+/.exec(line)
      if (address) resolve(address[0])
    }
    const captured: Io = { ...io, print, note: (line) => err.push(line) }
    code = main(words, captured)
    code.then(() => reject(new Error(err.join('\n'))), reject)
  })
  const stop = async () => {
    process.emit('SIGTERM')
    const ended = await code!
    // A process that serves ends now; this one goes on, and its next signal is not the second.
    for (const signal of SIGNALS) process.removeAllListeners(signal)
    return ended
  }
  return { url, out, err, stop }
}
