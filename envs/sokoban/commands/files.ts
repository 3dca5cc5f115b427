import type { Io } from '#core/command'
import { UserError } from '#core/errors'
import { canonicalKey } from '../level.ts'
import { type Entry, readLevels } from '../xsb.ts'

/**
 * All levels of the files, in order.
 * @throws UserError naming the file and line of the first mistake, or a file without any level.
 */
export async function readFiles(paths: readonly string[], io: Io): Promise<Entry[]> {
  if (paths.length === 0)
    throw new UserError('no level file is named (example: kickpush levels stats levels.txt)')
  const entries: Entry[] = []
  for (const path of paths) {
    const text = await io.read(path)
    let found: Entry[]
    try {
      found = readLevels(text)
    } catch (error) {
      if (error instanceof UserError) throw new UserError(`${path}: ${error.message}`)
      throw error
    }
    if (found.length === 0) throw new UserError(`${path}: no level in it`)
    for (const entry of found) entries.push(entry)
  }
  return entries
}

/** The entries whose level is not, up to symmetry, one of those before. */
export function distinct(entries: readonly Entry[]): Entry[] {
  const seen = new Set<string>()
  return entries.filter(({ level }) => {
    const key = canonicalKey(level)
    return !seen.has(key) && seen.add(key)
  })
}

/** Says now and then how far long work is. */
export function progress(io: Io, total: number, what: string): (done: number) => void {
  const start = io.now()
  let last = start
  return (done) => {
    const now = io.now()
    if (now - last < 5000 || done === total) return
    last = now
    const rate = (1000 * done) / (now - start)
    io.note(
      `${done} of ${total} ${what}, ${rate.toFixed(1)} per second, ${Math.ceil((total - done) / rate)} s left`,
    )
  }
}
