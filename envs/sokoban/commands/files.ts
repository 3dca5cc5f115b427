import { z } from 'zod'
import { BadFile, FileErrors, UserError } from '#core/base/errors'
import { badLevels, told } from '#core/env/collection'
import type { Io } from '#core/env/command'
import { canonicalKey } from '../levels/level.ts'
import { type Entry, readCollection } from '../levels/xsb.ts'

/** Flags of commands that read level files. */
export const fileFlags = {
  _: z.array(z.string()).default([]).describe('<file>...: files to read, or folders of them'),
  file: z.array(z.string()).default([]).describe('a file or folder to read (may be given more than once)'),
  skipBad: z.boolean().default(false).describe('leave out levels that cannot be read, and say why'),
}

/** What those flags say. */
interface Files {
  readonly _: readonly string[]
  readonly file: readonly string[]
  readonly skipBad: boolean
}

/** A level of one of several files. */
export interface FiledEntry extends Entry {
  readonly file: string
}

/**
 * All levels of the files, in order; with `skipBad` without those that are bad, which are noted.
 * @throws FileErrors once all files are read, naming the bad levels of each that has any, or that it has no level.
 */
export async function readFiles({ _, file, skipBad }: Files, io: Io): Promise<FiledEntry[]> {
  const paths = [..._, ...file]
  if (paths.length === 0)
    throw new UserError('no level file is named (example: kickpush levels stats levels.txt)')
  const entries: FiledEntry[] = []
  const wrong: string[] = []
  for (const path of io.files(paths)) {
    try {
      const { entries: found, faults } = readCollection(await io.document(path))
      const total = found.length + faults.length
      const bad = badLevels(faults, total)
      if (bad !== null && !skipBad) throw new UserError(`${path}: ${bad} (--skip-bad leaves them out)`)
      if (total === 0 && !skipBad) throw new UserError(`${path}: no level in it (--skip-bad leaves it out)`)
      if (wrong.length > 0) continue
      for (const fault of faults) io.note(`${path}: ${told(fault)}; left out`)
      if (total === 0) io.note(`${path}: no level in it; left out`)
      for (const entry of found) entries.push({ ...entry, file: path })
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      if (skipBad && error instanceof BadFile) io.note(`${error.message}; left out`)
      else wrong.push(error.message)
    }
  }
  if (wrong.length > 0) throw new FileErrors(wrong)
  if (entries.length === 0) throw new UserError('no file holds a level')
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
