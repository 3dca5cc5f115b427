import { UserError } from '#core/base/errors'
import type { Env } from '#core/env/env'
import { addGames } from '#core/env/registry'
import type { RunInfo } from '#core/record/run'
import { envs } from '#envs'
import { importGame } from './import.ts'
import type { GameModule } from './module.ts'

/** Which games there are: a value that whoever plays is handed. */
export interface Games {
  /** Those that come with Kickpush, then those that were added. */
  readonly envs: readonly Env[]
  /** Where the added ones came from: plain data, of which a thread makes the same value (`loadGames`). */
  readonly added: readonly Added[]
}

/** A module and the ids of the games that it brought. */
export interface Added extends GameModule {
  readonly ids: readonly string[]
}

/** The games that come with Kickpush. */
export const BUILT_IN: Games = { envs, added: [] }

/**
 * The games that come with Kickpush and those of some modules, in their order.
 * @throws UserError in a line for a module that cannot be loaded, holds no game, or one whose id is taken.
 */
export async function loadGames(modules: readonly GameModule[]): Promise<Games> {
  let all: readonly Env[] = envs
  const added: Added[] = []
  for (const module of modules) {
    const exported = await importGame(module)
    try {
      const more = addGames(all, exported, { package: module.package, version: module.version })
      added.push({ ...module, ids: more.slice(all.length).map(({ id }) => id) })
      all = more
    } catch (error) {
      throw error instanceof UserError
        ? new UserError(`game module '${module.name}': ${error.message}`)
        : error
    }
  }
  return added.length === 0 ? BUILT_IN : { envs: all, added }
}

/** Packages of the games that were added, by id, as run.json tells them. */
export function packagesOf({ added }: Games): NonNullable<RunInfo['packages']> {
  return Object.fromEntries(
    added.flatMap(({ ids, name, package: own, version }) =>
      ids.map((id) => [id, { package: own, version, module: name }] as const),
    ),
  )
}
