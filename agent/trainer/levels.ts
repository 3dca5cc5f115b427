import { UserError } from '#core/base/errors'
import { type Random, seeded, uniform } from '#core/base/random'
import { resolveConfig } from '#core/env/config'
import type { Env } from '#core/env/env'
import { findEnv } from '#core/env/registry'
import { type Split, seedsOf, splitOf } from '#core/env/split'
import type { Level } from '#core/play/match'
import type { Source } from '../recipe/recipe.ts'

/** Levels in files (in Node, src/stores/pack.ts). */
export interface Pack {
  /** What a drawn level adds to a config. @throws UserError naming a file that is bad. */
  draw(random: Random): object
  /** What each level adds to a config, in drawn order. @throws UserError naming a file that is bad. */
  all(random: Random): Iterable<object>
  /** A line for each level that is left out. @throws UserError naming a file that is bad. */
  leftOut(): Iterable<string>
}

/** Opens files of an environment's levels. @throws UserError when they cannot be read. */
export type OpenPack = (env: Env, files: readonly string[], skipBad: boolean) => Pack

/** Where levels come from: resolved sources with their cumulative shares. */
export interface Levels {
  readonly sources: readonly {
    readonly env: Env
    readonly config: object
    /** The files that levels are drawn from, where they are not made from seeds. */
    readonly pack?: Pack
    readonly upTo: number
  }[]
}

/** Seeds tried for a training level; beyond them the config leaves only one level to play. */
const TRIES = 64

/** @throws UserError when an environment or config is wrong. */
export function openLevels(envs: readonly Env[], data: readonly Source[], openPack: OpenPack): Levels {
  const total = data.reduce((sum, { weight }) => sum + weight, 0)
  let upTo = 0
  return {
    sources: data.map((source) => {
      const env = findEnv(envs, source.env)
      upTo += source.weight / total
      return { env, config: resolveConfig(env, source.config), pack: packOf(env, source, openPack), upTo }
    }),
  }
}

/** The files of a source. @throws UserError when they cannot be read. */
function packOf(env: Env, { levels, skipBad }: Source, open: OpenPack): Pack | undefined {
  return levels && open(env, levels, skipBad ?? false)
}

/** A line for each level that is left out of the files of some sources. @throws UserError for files that are bad. */
export function* leftOut(
  envs: readonly Env[],
  data: readonly Source[],
  openPack: OpenPack,
): Generator<string> {
  for (const source of data) yield* packOf(findEnv(envs, source.env), source, openPack)?.leftOut() ?? []
}

/**
 * A training level, named by `name` and written into its config: its source is drawn by weight, and seeds are tried
 * until one is in the training split.
 */
export function trainLevel({ sources }: Levels, name: string): Level {
  const draw = uniform(seeded(name))
  const { env, config, pack } = sources.find(({ upTo }) => draw < upTo) ?? sources[sources.length - 1]
  for (let attempt = 0; ; attempt++) {
    const seed = `${name}~${attempt}`
    const own = pack && resolveConfig(env, { ...config, ...pack.draw(seeded(`${seed}/level`)) })
    const inline = env.reset(own ?? config, seed).config
    const key = env.levelKey?.(inline, seed) ?? seed
    if (attempt === TRIES || splitOf(key) === 'train') return { env, config: inline, seed }
  }
}

/** A level that one of the sources has given before. */
export function levelAt(
  { sources }: Levels,
  {
    env,
    config,
    seed,
  }: { readonly env: string; readonly config: Readonly<Record<string, unknown>>; readonly seed: string },
): Level {
  const source = sources.find((one) => one.env.id === env)
  if (!source) throw new Error(`no source plays ${env}`)
  return { env: source.env, config: resolveConfig(source.env, config), seed }
}

/**
 * The first `count` levels of a seed that are in `split`, from the sources in turn; no two are the same.
 * @throws UserError when a config has too few levels.
 */
export function heldOutLevels({ sources }: Levels, split: Split, seed: string, count: number): Level[] {
  const each = Math.ceil(count / sources.length)
  const lists = sources.map(({ env, config, pack }) =>
    pack
      ? levelsOf(env, config, pack, split, seed, each)
      : seedsOf(env, config, split, seed, each).map(
          (one): Level => ({ env, config: env.reset(config, one).config, seed: one }),
        ),
  )
  return Array.from({ length: count }, (_, i) => lists[i % lists.length][Math.floor(i / lists.length)])
}

/** The first `count` different levels of files in a split. @throws UserError when they hold fewer. */
function levelsOf(env: Env, config: object, pack: Pack, split: Split, seed: string, count: number): Level[] {
  const levels: Level[] = []
  const seen = new Set<string>()
  for (const own of pack.all(seeded(`${seed}/files`))) {
    if (levels.length === count) return levels
    const resolved = resolveConfig(env, { ...config, ...own })
    const key = env.levelKey?.(resolved, seed) ?? JSON.stringify(own)
    if (splitOf(key) !== split || seen.has(key)) continue
    seen.add(key)
    levels.push({ env, config: resolved, seed: `${seed}/${levels.length}` })
  }
  if (levels.length === count) return levels
  throw new UserError(`${env.id}: only ${levels.length} of ${count} ${split} levels in the files`)
}
