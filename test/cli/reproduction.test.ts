import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse as parseYaml } from 'yaml'
import type { Cell } from '#agent/trainer/cells'
import { readRecipe } from '#agent/trainer/recipe'
import { scaled } from '#agent/trainer/reproduce'
import { reproductionReport, Study } from '#cli/reproduction'
import { run } from './run.ts'

const study = Study.parse(parseYaml(readFileSync('recipes/studies/lmm-r1.yaml', 'utf8')))

/** An agent that solves the first `solved` of 100 levels. */
function cell(agent: string, modality: Cell['modality'], solved: number): Cell {
  const results = Array.from({ length: 100 }, (_, index) => ({
    index,
    seed: `${index}`,
    success: index < solved,
    return: 0,
    score: 50,
    steps: 5,
    turns: 2,
    malformed: 0,
    thoughts: 0,
    words: 0,
    claims: 0,
    truths: 0,
    outcome: '',
  }))
  return { agent, modality, blind: false, results }
}

async function report(...online: Cell[]): Promise<string> {
  const recipe = await readRecipe('recipes/lmm-r1.yaml')
  const seeds = [{ seed: 1, online, global: [], transfer: [] }]
  return reproductionReport({ study, recipe, seeds, metrics: [[]], command: 'x', machine: 'y', date: 'z' })
}

test('a claim has its difference, all seeds and no verdict, or was not reached', async () => {
  const text = await report(
    cell('start', 'text', 40),
    cell('fre-text', 'text', 70),
    cell('sft', 'text', 40),
    cell('shuffled', 'text', 10),
  )
  expect(text).toMatch(/\| FRE > base on text \| 30\.0 \[.*\] \| 30\.0 \|/)
  expect(text).toMatch(/\| SFT > base on text \| 0\.0 \[.*\] \| 0\.0 \|/)
  expect(text).toMatch(/must not hold\) \| -30\.0 \[.*\] \| -30\.0 \|/)
  expect(text).toContain('| MGT > base on frames | | not reached |')
  expect(text).toContain('no verdict')
  expect(text).not.toMatch(/\| (the opposite is )?shown \|/)
  expect(text).toMatch(/\| FRE-Text \| 70\.0 \[.*\] \| {2}\|/)
})

test('every agent of the study is one of its recipe', async () => {
  const { evaluation } = await readRecipe('recipes/lmm-r1.yaml')
  for (const { agent } of study.rows) expect(evaluation?.agents).toContain(agent)
})

test('a budget scales every stage, to one update at least', async () => {
  const recipe = await readRecipe('recipes/lmm-r1.yaml')
  const half = scaled(recipe, 2, 0.5)
  expect(half.seed).toBe('2')
  expect(half.stages.map(({ updates }) => updates)).toEqual(recipe.stages.map(({ updates }) => updates / 2))
  expect(scaled(recipe, 1, 1e-9).stages.every(({ updates }) => updates === 1)).toBe(true)
})

test('an unknown study is refused', async () => {
  const { code, err } = await run('reproduce', 'lmm-r2')
  expect(code).toBe(2)
  expect(err[0]).toMatch(/did you mean 'lmm-r1'/)
})
