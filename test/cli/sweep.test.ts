import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { settingsOf } from '#agent/study/sweep'
import { scratch } from '../agent/toy.ts'
import { run } from './run.ts'

const RECIPE = `
name: tiny
model: xs
shards: 1
data: [{ env: sokoban, config: { preset: tiny-1, maxLength: 4 } }]
stages:
  - { name: fre, kind: fre, updates: 1, groups: 2, groupSize: 2, optimizer: { rate: 0.001 }, conversation: { maxTurns: 2, actionsPerTurn: 2 } }
  - { name: align, kind: align, updates: 1, batch: 1, optimizer: { rate: 0.001 } }
`

test('a grid is every combination of its values, the last key changing fastest', () => {
  const settings = settingsOf(['a.rate=0.1, 0.2', 'b.data=[{x: 1, y: [2, 3]}],null'])
  expect(settings.map(({ overrides }) => overrides)).toEqual([
    ['a.rate=0.1', 'b.data=[{"x":1,"y":[2,3]}]'],
    ['a.rate=0.1', 'b.data=null'],
    ['a.rate=0.2', 'b.data=[{"x":1,"y":[2,3]}]'],
    ['a.rate=0.2', 'b.data=null'],
  ])
  expect(new Set(settings.map(({ name }) => name)).size).toBe(4)
  for (const { name } of settings) expect(name).toMatch(/^[\w.~-]{1,69}$/)
  expect(settingsOf([])).toEqual([{ overrides: [], name: 'as-is' }])
})

test('a sweep trains what is missing, and shows every run in a table and a picture', async () => {
  using place = scratch()
  const [file, out] = ['recipe.yaml', 'out'].map((name) => join(place.folder, name))
  writeFileSync(file, RECIPE)
  const words = ['--agent', 'fre', '--episodes', '3', '--backend', 'wasm', '--lanes', '2', '--out', out]
  const grid = (...rates: string[]) => ['--grid', `stages.fre.optimizer.rate=${rates.join(',')}`]
  const first = await run('sweep', file, ...grid('0.001', '0.5'), '--seeds', '1-2', ...words)
  expect(first.code, first.err.join('\n')).toBe(0)
  const { judging, figures } = JSON.parse(readFileSync(join(out, 'sweep.json'), 'utf8'))
  expect(judging).toEqual({ agent: 'fre', modality: 'text', episodes: 3, temperature: 0 })
  expect(figures.map(({ set }: { set: string[] }) => set)).toEqual([
    ['stages.fre.optimizer.rate=0.001'],
    ['stages.fre.optimizer.rate=0.5'],
  ])
  const runs = figures.flatMap((one: { runs: { seed: string; success: number }[] }) => one.runs)
  expect(runs.map(({ seed }: { seed: string }) => seed)).toEqual(['1', '2', '1', '2'])
  // Judged on valid levels: what each run's own evaluation says.
  const name = settingsOf(['stages.fre.optimizer.rate=0.001,0.5'])[0].name
  const cell = JSON.parse(readFileSync(join(out, name, 'seed-1', 'evaluation', 'fre-text.json'), 'utf8'))
  expect(cell.basis).toMatchObject({ split: 'valid', episodes: 3, temperature: 0 })
  const won = cell.results.filter(({ success }: { success: boolean }) => success).length
  expect(runs[0].success).toBe(won / 3)
  const text = first.out.join('\n')
  for (const rate of ['0.001', '0.5'])
    expect(text).toMatch(new RegExp(`\\| stages.fre.optimizer.rate=${rate} \\| [\\d.]+ `))
  expect(readFileSync(join(out, 'sweep.svg'), 'utf8').match(/<circle/g)).toHaveLength(4)

  // Again nothing is trained; with a value more, only that.
  const metrics = join(out, name, 'seed-1', 'metrics.jsonl')
  const { mtimeMs } = statSync(metrics)
  const again = await run('sweep', file, ...grid('0.001', '0.5'), '--seeds', '1-2', ...words)
  expect(again.out).toEqual(first.out)
  expect(again.err.filter((line) => /trains in|goes on in/.test(line))).toEqual([])
  const wider = await run('sweep', file, ...grid('0.001', '0.5', '0.002'), '--seeds', '1', ...words)
  expect(wider.err.filter((line) => /trains in|goes on in/.test(line))).toEqual([
    expect.stringContaining('stages.fre.optimizer.rate=0.002, seed 1: trains in'),
  ])
  expect(statSync(metrics).mtimeMs).toBe(mtimeMs)
  // Another recipe in the same folder is another sweep.
  writeFileSync(file, RECIPE.replace('groups: 2', 'groups: 3'))
  const other = await run('sweep', file, ...grid('0.001'), '--seeds', '1', ...words)
  expect(other).toMatchObject({ code: 2, out: [] })
  expect(other.err.at(-1)).toContain('was begun with another recipe')
}, 600_000)

test.each([
  [['--grid', 'stages.fre.updates'], 'write key=value,value'],
  [['--grid', 'stages.fre.updates='], 'needs a value'],
  [['--grid', 'stages.fre.updates=1,1'], '1 is there twice'],
  [['--grid', 'shards=1', '--grid', 'shards=2'], '--grid shards: is there twice'],
  [['--grid', 'stages.fre.update=1,2'], "unknown key 'update'; did you mean 'updates'?"],
  [['--agent', 'mgt'], 'the recipe has the stages fre, align'],
  [['--seeds', '1-'], '--seeds'],
  [[], 'stage align does not talk'],
])('%s is refused: %s', async (words, message) => {
  using place = scratch()
  const file = join(place.folder, 'recipe.yaml')
  writeFileSync(file, RECIPE)
  const { code, out, err } = await run('sweep', file, ...words, '--out', join(place.folder, 'out'))
  expect({ code, out }).toEqual({ code: 2, out: [] })
  expect(err).toEqual([expect.stringContaining(message)])
})
