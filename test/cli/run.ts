import { io } from '#cli/io'
import { main } from '#cli/main'
import type { Io } from '#core/env/command'

/** What a command line printed, and its exit code. */
export async function run(...words: string[]): Promise<{ code: number; out: string[]; err: string[] }> {
  const out: string[] = []
  const err: string[] = []
  const captured: Io = { ...io, print: (line) => out.push(line), note: (line) => err.push(line) }
  return { code: await main(words, captured), out, err }
}
