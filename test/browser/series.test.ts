import { expect, test } from 'vitest'
import { bandOf, csv, pointsOf, smoothed } from '../../client/training/series.ts'

const rows = [
  { update: 0, stage: 'a', loss: 3, episodes: 10, seconds: 60 },
  { update: 1, stage: 'a', episodes: 10, seconds: 30 },
  { update: 2, stage: 'b', loss: 1, episodes: 20, seconds: 30 },
]

test('a metric is drawn over updates, or over what they have summed up to', () => {
  expect(pointsOf(rows, 'loss', 'update')).toEqual({ x: [0, 2], y: [3, 1] })
  expect(pointsOf(rows, 'loss', 'episodes')).toEqual({ x: [10, 40], y: [3, 1] })
  expect(pointsOf(rows, 'loss', 'seconds')).toEqual({ x: [1, 2], y: [3, 1] })
  expect(pointsOf([{ update: 0, stage: 'a', loss: 3 }], 'loss', 'episodes')).toEqual({ x: [], y: [] })
})

test('smoothing by half: hand-worked, and nothing changes a constant', () => {
  // Weights 1/2 and 1/4 of two values, over their sum 3/4.
  expect(smoothed([0, 3], 0.5)).toEqual([0, 2])
  expect(smoothed([5, 5, 5], 0.9).map((y) => Number(y.toFixed(9)))).toEqual([5, 5, 5])
  expect(smoothed([1, 2], 0)).toEqual([1, 2])
})

test('a band has the mean, least and greatest where all runs have a value', () => {
  const band = bandOf([
    { x: [0, 1, 2], y: [1, 2, 9] },
    { x: [0, 1], y: [3, 4] },
  ])
  expect(band).toEqual({ x: [0, 1], mean: [2, 3], low: [1, 2], high: [3, 4] })
})

test('a table has a column per run and an empty cell where one has nothing', () => {
  const columns = [
    { name: 'a', points: { x: [0, 2], y: [1, 2] } },
    { name: 'b,c', points: { x: [2], y: [5] } },
  ]
  expect(csv('updates', columns)).toBe('updates,a,"b,c"\n0,1,\n2,2,5\n')
})
