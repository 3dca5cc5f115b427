import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { UserError } from '#core/base/errors'
import { badLevels, type CollectedLevel, told } from '#core/env/collection'
import type { Document } from '#core/env/document'
import type { Env } from '#core/env/env'
import { reasonOf } from './text.ts'

/** Ends of names that files of levels have; of a folder, other files are passed over. */
const ENDS = /\.(txt|xsb|sok|slc|xml|json)$/i

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
 * @throws UserError naming the bad levels of the first file that has any, or a file without a level.
 */
export async function* collectedLevels(
  env: Env,
  files: readonly string[],
  { skipBad, read, note }: CollectionOptions,
): AsyncGenerator<FiledLevel> {
  if (!env.levels) throw new UserError(`${env.id} has no level files`)
  for (const file of files) {
    const { levels, faults } = env.levels(await read(file))
    const bad = skipBad ? null : badLevels(faults, levels.length + faults.length)
    if (bad !== null) throw new UserError(`${file}: ${bad} (--skip-bad leaves them out)`)
    for (const fault of faults) note(`${file}: ${told(fault)}; left out`)
    if (levels.length === 0) throw new UserError(`'${file}' holds no level to play`)
    for (const level of levels) yield { ...level, file }
  }
}
