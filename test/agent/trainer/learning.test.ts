import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ALGORITHMS } from '#agent/algorithms/algorithm'
import { Recipe } from '#agent/recipe/recipe'
import type { MetricsRow } from '#core/record/run'
import { scratch, toy, trainIn } from '../toy.ts'

test('a small model learns the corridor from rewards, and not from rewards of other episodes', async () => {
  using place = scratch()
  const rows: MetricsRow[] = []
  await trainIn(join(place.folder, 'run'), {
    recipe: toy(),
    workers: 0,
    onProgress: ({ row }) => rows.push(row),
  })
  const success = (stage: string): number[] =>
    rows.filter((row) => row.stage === stage).map((row) => Number(row.success))
  const learnt = success('fre')
  const shuffled = success('shuffled')
  expect(learnt[0]).toBeLessThan(0.75)
  expect(Math.min(...learnt.slice(-3))).toBeGreaterThan(0.85)
  expect(Math.max(...shuffled.slice(-3))).toBeLessThan(0.7)
}, 600_000)

test('every algorithm learns the corridor as it comes', async () => {
  using place = scratch()
  const given = toy()
  const [imitation, fre] = given.stages
  const stages = ALGORITHMS.map((name) => ({ ...fre, name, from: imitation.name, algorithm: { name } }))
  const rows: MetricsRow[] = []
  await trainIn(join(place.folder, 'run'), {
    recipe: Recipe.parse({ ...given, stages: [imitation, ...stages] }),
    workers: 0,
    onProgress: ({ row }) => rows.push(row),
  })
  for (const name of ALGORITHMS) {
    const success = rows.filter(({ stage }) => stage === name).map((row) => Number(row.success))
    expect(success[0], name).toBeLessThan(0.75)
    expect(Math.max(...success.slice(-2)), name).toBeGreaterThan(0.85)
  }
}, 600_000)
