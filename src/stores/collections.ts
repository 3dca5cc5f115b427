import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { BadFile, FileErrors, UserError } from '#core/base/errors'
import { badLevels, type CollectedLevel, type Collection, told } from '#core/env/collection'
import type { Document } from '#core/env/document'
import type { Env } from '#core/env/env'
import { reasonOf } from './text.ts'

/** Ends of names that files of levels have; of a folder, other files are passed over. */
const ENDS = /\.(txt|xsb|sok|slc|xml|json)(\.gz)?$/i

/** A level of a collection file, and the file. */
export interface FiledLevel extends CollectedLevel {
  readonly file: string
}

export interface CollectionOptions {
  /** Leaves bad levels out, which are noted; else they are an error. */
  readonly skipBad: boolean
  readonly read: (path: string) => Promise<Document>
  readonly note: (line: string) => void
}

/**
 * The files that `paths` name: a folder stands for the level files in it and in the folders below, by name.
 * @throws UserError naming a path that cannot be read, or a folder without any.
 */
export function collectionFiles(paths: readonly string[]): string[] {
  return paths.flatMap((path) => {
    if (path === '-') return [path]
    try {
      if (!statSync(path).isDirectory()) return [path]
      const names = readdirSync(path, { recursive: true, encoding: 'utf8' })
      const files = names.filter((name) => ENDS.test(name)).sort()
      if (files.length === 0) throw new UserError(`'${path}' holds no file of levels`)
      return files.map((name) => join(path, name))
    } catch (error) {
      if (error instanceof UserError) throw error
      throw new UserError(`cannot read '${path}': ${reasonOf(error)}`)
    }
  })
}

/**
 * The levels of collection files, one after the other; what has nothing to play is left out and noted.
 * @throws FileErrors once all files are read, naming the bad levels of each that has any, or that it has no level.
 */
export async function* collectedLevels(
  env: Env,
  files: readonly string[],
  { skipBad, read, note }: CollectionOptions,
): AsyncGenerator<FiledLevel> {
  if (!env.levels) throw new UserError(`${env.id} has no level files`)
  const bad: string[] = []
  let count = 0
  for (const file of files) {
    let found: Collection
    try {
      found = env.levels(await read(file))
      mustBeGood(file, found, skipBad, '--skip-bad')
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      if (skipBad && error instanceof BadFile) note(`${error.message}; left out`)
      else bad.push(error.message)
      continue
    }
    if (bad.length > 0) continue
    for (const line of leftOut(file, found)) note(line)
    count += found.levels.length
    for (const level of found.levels) yield { ...level, file }
  }
  if (bad.length > 0) throw new FileErrors(bad)
  if (files.length > 0 && count === 0) throw new UserError(NOTHING)
}

const NOTHING = 'no file holds a level to play'

/** A line for each level of a file that is left out, or for the file: 'a.txt: line 6, level 2: a second player; left out'. */
export function leftOut(file: string, { levels, faults }: Collection): string[] {
  const lines = faults.map((fault) => `${file}: ${told(fault)}; left out`)
  return levels.length + faults.length === 0 ? [`${file}: it holds no level; left out`] : lines
}

/**
 * Whether a file can be used.
 * @param flag - in words: what leaves bad levels out, and files that hold no good one.
 * @throws UserError naming the file and its bad levels, or that it has none to play.
 */
export function mustBeGood(
  file: string,
  { levels, faults }: Collection,
  skipBad: boolean,
  flag: string,
): void {
  if (skipBad) return
  const bad = badLevels(faults, levels.length + faults.length)
  if (bad !== null) throw new UserError(`${file}: ${bad} (${flag} leaves them out)`)
  if (levels.length === 0) throw new UserError(`${file}: it holds no level to play (${flag} leaves it out)`)
}
