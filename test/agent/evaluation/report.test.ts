import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { resultLines } from '#cli/results'
import { scratch, toy, trainIn } from '../toy.ts'

test('a report has temperature 0 beside the temperature of sampling, and names the split', async () => {
  using place = scratch()
  const recipe = toy(
    'stages.imitation.updates=2',
    'stages.fre.updates=1',
    'stages.shuffled.updates=1',
    'shards=1',
    'data=[{ env: sokoban, config: { preset: tiny-1, maxLength: 5 } }]',
    'evaluation={ agents: [random, imitation, fre], modalities: [text], episodes: 6, split: valid, seed: s, greedy: [imitation, fre], blind: [fre], conversation: { maxTurns: 2 }, compare: [{ agent: fre, baseline: imitation, modality: text }] }',
  )
  const { cells } = await trainIn(join(place.folder, 'run'), { recipe, workers: 0 })
  expect(cells.map(({ agent, blind, greedy }) => [agent, blind, greedy])).toEqual([
    ['random', false, false],
    ['imitation', false, false],
    ['fre', false, false],
    ['imitation', false, true],
    ['fre', false, true],
    ['fre', true, false],
  ])
  const report = readFileSync(join(place.folder, 'run', 'report.md'), 'utf8')
  expect(report).toContain('## Valid levels')
  expect(report).toMatch(/\| agent \| sees \| success % \| at temperature 0 \| return/)
  expect(report.match(/^\| fre \| text \| [\d.]+ \[.*?\] \| [\d.]+ \[.*?\] \| /gm)).toHaveLength(1)
  expect(report).toContain('| fre - imitation | text, temperature 0 |')
  if (!recipe.evaluation) throw new Error('the recipe has an evaluation')
  const [head, columns] = resultLines(recipe.evaluation, cells)
  expect(head).toBe('success in % of 6 valid levels [95 % interval]')
  expect(columns).toMatch(/text +text, greedy$/)
})
