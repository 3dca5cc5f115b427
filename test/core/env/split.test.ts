import { expect, test } from 'vitest'
import { resolveConfig } from '#core/env/config'
import type { Env } from '#core/env/env'
import { SPLITS, seedsOf, splitOf } from '#core/env/split'
import { toy } from '../../toy.ts'

const env: Env = toy
const config = resolveConfig(env, { cells: 20, walkers: 2 })
const keyOf = (seed: string) => env.levelKey?.(config, seed) ?? ''

test('splits share no level, whatever the seeds, and valid and test hold each level once', () => {
  const keys = SPLITS.map((split) => seedsOf(env, config, split, `any ${split}`, 150).map(keyOf))
  const sets = keys.map((of) => new Set(of))
  for (const [i, a] of sets.entries()) {
    for (const b of sets.slice(i + 1)) expect([...a].filter((key) => b.has(key))).toEqual([])
  }
  expect(sets[1].size).toBe(150)
  expect(sets[2].size).toBe(150)
})

test('seeds are found again, and more of them begin the same', () => {
  const some = seedsOf(env, config, 'test', '1', 20)
  expect(seedsOf(env, config, 'test', '1', 40).slice(0, 20)).toEqual(some)
})

test('about a tenth is valid and a tenth is test', () => {
  const count = { train: 0, valid: 0, test: 0 }
  for (let i = 0; i < 10_000; i++) count[splitOf(`key ${i}`)]++
  expect(count.train / 10_000).toBeCloseTo(0.8, 1)
  expect(count.valid / 10_000).toBeCloseTo(0.1, 1)
})

test('a game without level keys is split by seed', () => {
  const { levelKey, ...plain } = env
  expect(levelKey).toBeDefined()
  for (const seed of seedsOf(plain, config, 'valid', 'x', 30)) expect(splitOf(seed)).toBe('valid')
})

test('says so when a config has too few levels', () => {
  const tiny = resolveConfig(env, { cells: 3 })
  expect(() => seedsOf(env, tiny, 'test', '1', 50)).toThrow(/only \d+ of 50 test levels/)
})
