import { resolveConfig } from '#core/config'
import type { Env } from '#core/env'
import { seeded, uniform } from '#core/random'
import { findEnv } from '#core/registry'
import { type Split, seedsOf, splitOf } from '#core/split'
import { envs } from '#envs'
import type { Level } from './evaluate.ts'
import type { Source } from './recipe.ts'

/** Where levels come from: resolved sources with their cumulative shares. */
export interface Levels {
  readonly sources: readonly { readonly env: Env; readonly config: object; readonly upTo: number }[]
}

/** Seeds tried for a training level; beyond them the config leaves only one level to play. */
const TRIES = 64

/** @throws UserError when an environment or config is wrong. */
export function openLevels(data: readonly Source[]): Levels {
  const total = data.reduce((sum, { weight }) => sum + weight, 0)
  let upTo = 0
  return {
    sources: data.map((source) => {
      const env = findEnv(envs, source.env)
      upTo += source.weight / total
      return { env, config: resolveConfig(env, source.config), upTo }
    }),
  }
}

/**
 * A training level, named by `name` and written into its config: its source is drawn by weight, and seeds are tried
 * until one is in the training split.
 */
export function trainLevel({ sources }: Levels, name: string): Level {
  const draw = uniform(seeded(name))
  const { env, config } = sources.find(({ upTo }) => draw < upTo) ?? sources[sources.length - 1]
  for (let attempt = 0; ; attempt++) {
    const seed = `${name}~${attempt}`
    const inline = env.reset(config, seed).config
    const key = env.levelKey?.(inline, seed) ?? seed
    if (attempt === TRIES || splitOf(key) === 'train') return { env, config: inline, seed }
  }
}

/**
 * The first `count` levels of a seed that are in `split`, from the sources in turn; no two are the same.
 * @throws UserError when a config has too few levels.
 */
export function heldOutLevels({ sources }: Levels, split: Split, seed: string, count: number): Level[] {
  const each = Math.ceil(count / sources.length)
  const lists = sources.map(({ env, config }) =>
    seedsOf(env, config, split, seed, each).map(
      (one): Level => ({ env, config: env.reset(config, one).config, seed: one }),
    ),
  )
  return Array.from({ length: count }, (_, i) => lists[i % lists.length][Math.floor(i / lists.length)])
}
