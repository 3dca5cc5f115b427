/**
 * `kickpush/agent`: agents by name, training and evaluation. Of Node; nothing is started before it is asked for.
 */
import { basename } from 'node:path'
import { nodeWith } from '#agent/hosts/node/index'
import { parseRecipe as parse, type Recipe } from '#agent/recipe/recipe'
import type { TrainProgress } from '#agent/trainer/stage'
import { type Trained, train as trainIn } from '#agent/trainer/train'
import { BUILT_IN, type Games, loadGames } from '#registry/games'
import { findModule } from '#registry/module'
import { FileStore } from '#stores/files'

export { evaluate, summarise } from '#agent/evaluation/evaluate'
export { createPolicy } from '#agent/hosts/node/policies'
export { readRecipe } from '#agent/hosts/node/recipe'
export type { Recipe } from '#agent/recipe/recipe'
export type { Games } from '#registry/games'

/**
 * The games that come with Kickpush and those of some modules, which threads can load as well.
 * @param modules paths, or names of installed packages.
 * @param from the folder they are looked for from.
 * @throws UserError for a module that is not there, cannot be loaded, or holds no game.
 */
export function gamesOf(modules: readonly string[], from = '.'): Promise<Games> {
  return loadGames(modules.map((name) => findModule(name, from)))
}

/**
 * The recipe in a YAML text.
 * @param overrides written over it, like 'stages.fre.updates=20'.
 * @throws UserError naming the key and what is allowed.
 */
export function parseRecipe(text: string, overrides: readonly string[] = []): Recipe {
  return parse(text, overrides, 'recipe')
}

/** What is trained, where and how. */
export interface TrainOptions {
  readonly recipe: Recipe
  /** The run's folder, which the viewer shows. */
  readonly out: string
  /** Those that come with Kickpush unless given. */
  readonly games?: Games
  /** Goes on from the newest checkpoint. */
  readonly resume?: boolean
  /** Threads; as many as shards and cores allow unless given, 0 trains in this thread. */
  readonly workers?: number
  readonly backend?: string
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: TrainProgress) => void
  /** One line about something else than an update. */
  readonly onNote?: (line: string) => void
}

/**
 * Runs a recipe's stages and its evaluation into a run folder.
 * @throws UserError for a recipe that cannot run here or a folder that is in the way, before anything is written.
 */
export function train({ out, games = BUILT_IN, ...options }: TrainOptions): Promise<Trained> {
  return trainIn({ ...options, host: nodeWith(games), store: new FileStore(out), run: basename(out) })
}
