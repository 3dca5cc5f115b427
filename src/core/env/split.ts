import { UserError } from '../base/errors.ts'
import { hashText } from '../base/hash.ts'
import type { Env } from './env.ts'

export const SPLITS = ['train', 'valid', 'test'] as const
export type Split = (typeof SPLITS)[number]

/** The split a level belongs to, by the hash of its key: 80 % train, 10 % valid, 10 % test. */
export function splitOf(key: string): Split {
  const tenth = Number.parseInt(hashText(key).slice(0, 8), 16) % 10
  return tenth < 8 ? 'train' : tenth === 8 ? 'valid' : 'test'
}

/**
 * The first `count` seeds `<base>/<i>` whose level is in `split`: the splits share no level, whatever their bases.
 * Seeds of valid and test give different levels, so that each counts once; where a game has no level key, a seed
 * is its own.
 * @throws UserError when the config has too few levels.
 */
export function seedsOf(env: Env, config: object, split: Split, base: string, count: number): string[] {
  const seeds: string[] = []
  const seen = new Set<string>()
  // A tenth of the levels are in a small split; where far more seeds than that bring no new one, there is none.
  let last = 0
  for (let i = 0; seeds.length < count; i++) {
    if (i - last > 1000 + 100 * seeds.length) {
      throw new UserError(
        `${env.id}: only ${seeds.length} of ${count} ${split} levels among the seeds ${base}/0 to ${base}/${i - 1}`,
      )
    }
    const seed = `${base}/${i}`
    const key = env.levelKey ? env.levelKey(config, seed) : seed
    if (splitOf(key) !== split || (split !== 'train' && seen.has(key))) continue
    seen.add(key)
    seeds.push(seed)
    last = i
  }
  return seeds
}
