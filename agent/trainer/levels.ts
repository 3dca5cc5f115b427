import { UserError } from '#core/base/errors'
import { type Random, seeded, uniform } from '#core/base/random'
import { resolveConfig } from '#core/env/config'
import type { Env } from '#core/env/env'
import { findEnv } from '#core/env/registry'
import { type Split, seedsOf, splitOf } from '#core/env/split'
import type { Level } from '#core/play/match'
import type { Unreadable } from '../model/readable.ts'
import type { Source } from '../recipe/recipe.ts'

/** Levels in files (in Node, src/stores/pack.ts). */
export interface Pack {
  /** What a drawn level adds to a config. @throws UserError naming a file that is bad. */
  draw(random: Random): object
  /** What each level adds to a config, in drawn order. @throws UserError naming a file that is bad. */
  all(random: Random): Iterable<object>
  /** Reads all files; gives a line for each level that is left out. @throws FileErrors naming all files that are bad. */
  check(): readonly string[]
}

/** Opens files of an environment's levels. @throws UserError when they cannot be read. */
export type OpenPack = (
  env: Env,
  files: readonly string[],
  options: {
    /** Leaves bad levels out; else they are an error. */
    readonly skipBad: boolean
    /** Why a level with what it adds to a config is of no use to who draws it, or null: such a level is bad. */
    readonly problem?: (config: object) => string | null
  },
) => Pack

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

/**
 * @param unreadable - of who is to read the levels: those of files that cannot be read are bad.
 * @throws UserError when an environment or config is wrong.
 */
export function openLevels(
  envs: readonly Env[],
  data: readonly Source[],
  openPack: OpenPack,
  unreadable?: Unreadable,
): Levels {
  const total = data.reduce((sum, { weight }) => sum + weight, 0)
  let upTo = 0
  return {
    sources: data.map((source) => {
      const env = findEnv(envs, source.env)
      upTo += source.weight / total
      const config = resolveConfig(env, source.config)
      return { env, config, pack: packOf(env, config, source, openPack, unreadable), upTo }
    }),
  }
}

/** The files of a source. @throws UserError when they cannot be read. */
function packOf(
  env: Env,
  config: object,
  { levels, skipBad = false }: Source,
  open: OpenPack,
  unreadable?: Unreadable,
): Pack | undefined {
  const problem =
    unreadable &&
    ((own: object) => unreadable({ env, config: resolveConfig(env, { ...config, ...own }), seed: '' }))
  return levels && open(env, levels, { skipBad, problem })
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
