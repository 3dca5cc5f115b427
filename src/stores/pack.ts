import { readFileSync, statSync } from 'node:fs'
import { BadFile, FileErrors, UserError } from '#core/base/errors'
import { below, type Random, shuffle, uniform } from '#core/base/random'
import { type CollectedLevel, type Collection, told } from '#core/env/collection'
import type { Env } from '#core/env/env'
import { collectionFiles, leftOut, mustBeGood } from './collections.ts'
import { MOST_BYTES, reasonOf, textOf } from './text.ts'
import { parseDocument } from './xml.ts'

/** Files whose levels are kept while others are asked for. */
const KEPT = 8
/** Levels that are drawn from a file before all of them are looked at. */
const TRIES = 16
/** What leaves bad levels out, in a recipe. */
const FLAG = "'skipBad'"

export interface PackOptions {
  /** Leaves bad levels out; else they are an error. */
  readonly skipBad: boolean
  /** Why a level with what it adds to a config is of no use to whoever draws it, or null: such a level is bad. */
  readonly problem?: (config: object) => string | null
}

/**
 * Any number of collection files to draw levels from: they are listed at once, read when a level of theirs is drawn,
 * and forgotten again. The same draws give the same levels as long as the files stay as they are.
 */
export class LevelPack {
  readonly #env: Env
  readonly #options: PackOptions
  readonly #files: readonly { readonly path: string; readonly upTo: number }[]
  readonly #kept = new Map<string, Collection['levels']>()

  /** @throws UserError naming a path that cannot be read. */
  constructor(env: Env, paths: readonly string[], options: PackOptions) {
    this.#env = env
    this.#options = options
    let upTo = 0
    this.#files = collectionFiles(paths).map((path) => {
      upTo += sizeOf(path)
      return { path, upTo }
    })
  }

  /**
   * What a drawn level adds to a config: files count by their size, levels of a file alike.
   * @throws UserError naming a file without a level, or its bad levels.
   */
  draw(random: Random): object {
    const files = this.#files
    const at = uniform(random) * files[files.length - 1].upTo
    const drawn = files.findIndex(({ upTo }) => at < upTo)
    const first = drawn < 0 ? files.length - 1 : drawn
    // A file of which nothing is left stands for the one after it.
    for (let i = 0; i < files.length; i++) {
      const { path } = files[(first + i) % files.length]
      const levels = this.#levelsOf(path)
      // As if drawn from those that are of use, and most often at the first try.
      for (let attempt = 0; attempt < TRIES && levels.length > 0; attempt++) {
        const level = levels[below(random, levels.length)]
        if (this.#isOfUse(path, level)) return level.config
      }
      const left = levels.filter((level) => this.#isOfUse(path, level))
      if (left.length > 0) return left[below(random, left.length)].config
    }
    throw new UserError(`${files[0].path}: it holds no level to play`)
  }

  /** What each level adds to a config, files and their levels in drawn order. @throws UserError as `draw` does. */
  *all(random: Random): Generator<object> {
    for (const { path } of shuffle(random, [...this.#files])) {
      for (const level of shuffle(random, [...this.#levelsOf(path)])) {
        if (this.#isOfUse(path, level)) yield level.config
      }
    }
  }

  /**
   * Reads all files. @returns a line for each level that is left out.
   * @throws FileErrors naming the bad levels of each file.
   */
  check(): string[] {
    const { skipBad, problem = () => null } = this.#options
    const lines: string[] = []
    const bad: string[] = []
    for (const { path } of this.#files) {
      try {
        const found = withProblems(read(this.#env, path), problem)
        mustBeGood(path, found, skipBad, FLAG)
        for (const line of leftOut(path, found)) lines.push(line)
      } catch (error) {
        if (!(error instanceof UserError)) throw error
        if (skipBad && error instanceof BadFile) lines.push(`${error.message}; left out`)
        else bad.push(error.message)
      }
    }
    if (bad.length > 0) throw new FileErrors(bad)
    return lines
  }

  /** The levels of a file, those among them that are of no use. */
  #levelsOf(path: string): Collection['levels'] {
    const known = this.#kept.get(path)
    if (known !== undefined) return known
    const found = this.#read(path)
    mustBeGood(path, found, this.#options.skipBad, FLAG)
    if (this.#kept.size >= KEPT) this.#kept.delete(this.#kept.keys().next().value!)
    this.#kept.set(path, found.levels)
    return found.levels
  }

  /** What a file holds; nothing of a bad one where bad levels may be left out. */
  #read(path: string): Collection {
    try {
      return read(this.#env, path)
    } catch (error) {
      if (this.#options.skipBad && error instanceof BadFile) return { levels: [], faults: [] }
      throw error
    }
  }

  /** @throws UserError naming a level that is not, where none may be left out. */
  #isOfUse(path: string, level: CollectedLevel): boolean {
    const { skipBad, problem } = this.#options
    const reason = problem?.(level.config) ?? null
    if (reason !== null && !skipBad) throw new UserError(`${path}: ${told({ ...level, reason, bad: true })}`)
    return reason === null
  }
}

/** The collection with those of its levels that have a problem among what is bad. */
function withProblems(
  { levels, faults }: Collection,
  problem: (config: object) => string | null,
): Collection {
  const reasons = levels.map(({ config }) => problem(config))
  const more = levels.flatMap(({ number, line, name }, i) => {
    const reason = reasons[i]
    return reason === null ? [] : [{ number, line, name, reason, bad: true }]
  })
  if (more.length === 0) return { levels, faults }
  return {
    levels: levels.filter((_, i) => reasons[i] === null),
    faults: [...faults, ...more].sort((a, b) => a.number - b.number),
  }
}

function sizeOf(path: string): number {
  try {
    const { size } = statSync(path)
    if (size > MOST_BYTES) throw new UserError(`cannot read '${path}': it has more than ${MOST_BYTES} bytes`)
    return size
  } catch (error) {
    if (error instanceof UserError) throw error
    throw new UserError(`cannot read '${path}': ${reasonOf(error)}`)
  }
}

function read(env: Env, path: string): Collection {
  if (!env.levels) throw new UserError(`${env.id} has no level files`)
  let bytes: Uint8Array
  try {
    bytes = readFileSync(path)
  } catch (error) {
    throw new UserError(`cannot read '${path}': ${reasonOf(error)}`)
  }
  return env.levels(parseDocument(textOf(bytes, path), path))
}
