import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { openPack } from '#agent/hosts/node/packs'
import { Source } from '#agent/recipe/recipe'
import { heldOutLevels, openLevels, trainLevel } from '#agent/trainer/levels'
import { UserError } from '#core/base/errors'
import { SPLITS, splitOf } from '#core/env/split'
import { envs } from '#envs'

const folder = mkdtempSync(join(tmpdir(), 'levels-'))
afterAll(() => rmSync(folder, { recursive: true }))
mkdirSync(join(folder, 'pack'))
const corridor = (length: number) =>
  `${'#'.repeat(length + 4)}\n#@$${' '.repeat(length - 1)}.#\n${'#'.repeat(length + 4)}`
// More files than are kept at once.
for (let i = 0; i < 12; i++) {
  const levels = Array.from({ length: 4 }, (_, j) => corridor(1 + 4 * i + j))
  writeFileSync(join(folder, 'pack', `${i}.txt`), levels.join('\n\n'))
}
const source = (levels: unknown, more: object = {}) => [Source.parse({ env: 'sokoban', levels, ...more })]
const textOf = ({ config }: { config: object }) => (config as { level: string }).level

test('a recipe draws its levels from files, each split its own', () => {
  const levels = openLevels(envs, source(join(folder, 'pack')), openPack)
  const train = Array.from({ length: 200 }, (_, i) => trainLevel(levels, `a/${i}`))
  for (const { env, config, seed } of train) expect(splitOf(env.levelKey?.(config, seed) ?? '')).toBe('train')
  const [trained, valid, held] = [
    new Set(train.map(textOf)),
    ...(['valid', 'test'] as const).map((split) => new Set(heldOutLevels(levels, split, 's', 2).map(textOf))),
  ]
  expect(trained.size).toBeGreaterThan(25)
  expect([valid.size, held.size]).toEqual([2, 2])
  for (const text of [...valid, ...held]) expect(trained.has(text)).toBe(false)
  expect(trainLevel(openLevels(envs, source([join(folder, 'pack')]), openPack), 'a/7')).toEqual(train[7])
  // All levels of the files are in one of the splits.
  const counts = SPLITS.map((split) => {
    for (let count = 1; ; count++) {
      try {
        heldOutLevels(levels, split, 's', count)
      } catch {
        return count - 1
      }
    }
  })
  expect(counts.reduce((sum, count) => sum + count)).toBe(48)
})

test('the config of a source stays around its levels', () => {
  const levels = openLevels(
    envs,
    source(join(folder, 'pack'), { config: { maxSteps: 33, actionSet: 'gym' } }),
    openPack,
  )
  expect(trainLevel(levels, 'x').config).toMatchObject({ maxSteps: 33, actionSet: 'gym' })
})

test('what is left out is said; bad levels are refused unless they may be skipped', () => {
  const file = join(folder, 'some.txt')
  writeFileSync(file, `${corridor(2)}\n\n#####\n#@ *#\n#####\n\n####\n#@ #\n####`)
  expect(() => openLevels(envs, source(file), openPack)).not.toThrow()
  expect(() => trainLevel(openLevels(envs, source(file), openPack), 'x')).toThrow(
    'line 9, level 3: the level has no box',
  )
  expect(openLevels(envs, source(file, { skipBad: true }), openPack).sources[0].pack?.check()).toEqual([
    `${file}: line 9, level 3: the level has no box ($ or *); left out`,
    `${file}: line 5, level 2: every box stands on a target already; left out`,
  ])
  expect(textOf(trainLevel(openLevels(envs, source(file, { skipBad: true }), openPack), 'x'))).toContain('@$')
  expect(() => openLevels(envs, source(join(folder, 'none')), openPack)).toThrow(UserError)
  expect(() =>
    heldOutLevels(openLevels(envs, source(join(folder, 'pack')), openPack), 'test', 's', 40),
  ).toThrow('test levels in the files')
})

test('files that make no sense are left out with skipBad, and drawn past', () => {
  const mixed = join(folder, 'mixed')
  mkdirSync(mixed)
  writeFileSync(join(mixed, 'a.slc'), '<SokobanLevels><Level>'.padEnd(5000))
  writeFileSync(join(mixed, 'b.txt'), [1, 2, 3, 4, 5, 6].map(corridor).join('\n\n'))
  writeFileSync(join(mixed, 'c.txt'), 'words '.repeat(1000))
  expect(openLevels(envs, source(mixed, { skipBad: true }), openPack).sources[0].pack?.check()).toEqual([
    `${join(mixed, 'a.slc')}: line 1: not well-formed XML (unclosed tag: Level); left out`,
    `${join(mixed, 'c.txt')}: it holds no level; left out`,
  ])
  const levels = openLevels(envs, source(mixed, { skipBad: true }), openPack)
  const drawn = Array.from({ length: 30 }, (_, i) => textOf(trainLevel(levels, `m/${i}`)))
  expect(new Set(drawn).size).toBeGreaterThan(2)
  expect(() => openLevels(envs, source(mixed), openPack).sources[0].pack?.check()).toThrow('a.slc: line 1')
})
