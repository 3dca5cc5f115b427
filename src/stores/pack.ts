import { readFileSync, statSync } from 'node:fs'
import { decodeText } from '#core/base/decode'
import { UserError } from '#core/base/errors'
import { below, type Random, shuffle, uniform } from '#core/base/random'
import { badLevels, type CollectedLevel, told } from '#core/env/collection'
import type { Env } from '#core/env/env'
import { collectionFiles } from './collections.ts'
import { MOST_BYTES, reasonOf } from './text.ts'
import { parseDocument } from './xml.ts'

/** Files whose levels are kept while others are asked for. */
const KEPT = 8

/**
 * Any number of collection files to draw levels from: they are listed at once, read when a level of theirs is drawn,
 * and forgotten again. The same draws give the same levels as long as the files stay as they are.
 */
export class LevelPack {
  readonly #env: Env
  readonly #skipBad: boolean
  readonly #files: readonly { readonly path: string; readonly upTo: number }[]
  readonly #kept = new Map<string, readonly CollectedLevel[]>()

  /** @throws UserError naming a path that cannot be read. */
  constructor(env: Env, paths: readonly string[], skipBad: boolean) {
    this.#env = env
    this.#skipBad = skipBad
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
    const total = this.#files[this.#files.length - 1].upTo
    const at = uniform(random) * total
    const file = this.#files.find(({ upTo }) => at < upTo) ?? this.#files[this.#files.length - 1]
    const levels = this.#levelsOf(file.path)
    return levels[below(random, levels.length)].config
  }

  /** What each level adds to a config, files and their levels in drawn order. @throws UserError as `draw` does. */
  *all(random: Random): Generator<object> {
    for (const { path } of shuffle(random, [...this.#files])) {
      for (const { config } of shuffle(random, [...this.#levelsOf(path)])) yield config
    }
  }

  /** A line for each level that is left out. @throws UserError as `draw` does. */
  *leftOut(): Generator<string> {
    for (const { path } of this.#files) {
      for (const fault of read(this.#env, path, this.#skipBad).faults)
        yield `${path}: ${told(fault)}; left out`
    }
  }

  #levelsOf(path: string): readonly CollectedLevel[] {
    const known = this.#kept.get(path)
    if (known !== undefined) return known
    const { levels } = read(this.#env, path, this.#skipBad)
    if (this.#kept.size >= KEPT) this.#kept.delete(this.#kept.keys().next().value!)
    this.#kept.set(path, levels)
    return levels
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

function read(env: Env, path: string, skipBad: boolean) {
  if (!env.levels) throw new UserError(`${env.id} has no level files`)
  let bytes: Uint8Array
  try {
    bytes = readFileSync(path)
  } catch (error) {
    throw new UserError(`cannot read '${path}': ${reasonOf(error)}`)
  }
  const found = env.levels(parseDocument(decodeText(bytes), path))
  const bad = skipBad ? null : badLevels(found.faults, found.levels.length + found.faults.length)
  if (bad !== null) throw new UserError(`${path}: ${bad} ('skipBad' leaves them out)`)
  if (found.levels.length === 0) throw new UserError(`'${path}' holds no level to play`)
  return found
}
