import { z } from 'zod'
import { UserError } from '#core/base/errors'
import { badLevels, told } from '#core/env/collection'
import type { Io } from '#core/env/command'
import { canonicalKey } from '../levels/level.ts'
import { type Entry, readCollection } from '../levels/xsb.ts'

/** Flags of commands that read level files. */
export const fileFlags = {
  _: z.array(z.string()).default([]).describe('<file>...: files to read'),
  file: z.array(z.string()).default([]).describe('a file to read (may be given more than once)'),
  skipBad: z.boolean().default(false).describe('leave out levels that cannot be read, and say why'),
}

/** What those flags say. */
interface Files {
  readonly _: readonly string[]
  readonly file: readonly string[]
  readonly skipBad: boolean
}

/**
 * All levels of the files, in order; with `skipBad` without those that are bad, which are noted.
 * @throws UserError naming a file and its bad levels, or a file without any level.
 */
export async function readFiles({ _, file, skipBad }: Files, io: Io): Promise<Entry[]> {
  const paths = [..._, ...file]
  if (paths.length === 0)
    throw new UserError('no level file is named (example: kickpush levels stats levels.txt)')
  const entries: Entry[] = []
  for (const path of paths) {
    const found = readCollection(await io.document(path))
    const bad = badLevels(found.faults, found.entries.length + found.faults.length)
    if (bad !== null && !skipBad) throw new UserError(`${path}: ${bad} (--skip-bad leaves them out)`)
    for (const fault of found.faults) io.note(`${path}: ${told(fault)}; left out`)
    if (found.entries.length === 0) throw new UserError(`${path}: no level in it`)
    for (const entry of found.entries) entries.push(entry)
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
