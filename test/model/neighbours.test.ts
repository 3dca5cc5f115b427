import { expect, test } from 'vitest'
import { seeded } from '#core/base/random'
import { without } from '../../agent/model/encode.ts'
import { neighbours } from '../../agent/model/neighbours.ts'
import { onSlots } from '../../agent/model/sketch.ts'
import type { Slots } from '../../agent/model/types.ts'
import { framePrompt, gridPrompt, LOOKING, XS } from './fixtures.ts'

/** By row, the nine around it. */
const around = (prompts: readonly Slots[], rows: number) => {
  const index = neighbours(LOOKING, prompts, rows)!
  return Array.from({ length: rows }, (_, row) => [...index.slice(row * 9, row * 9 + 9)])
}

/** A head of two words, then 2 rows of 3. */
const grid = gridPrompt(seeded('a'), 2, 3)

test('a slot has those around its place, in reading order, of its own prompt', () => {
  const rows = around([grid, grid], 18)
  expect(rows[0]).toEqual([-1, -1, -1, -1, 0, 1, -1, -1, -1])
  expect(rows[3]).toEqual([-1, -1, -1, 2, 3, 4, 5, 6, 7])
  expect(rows[7]).toEqual([3, 4, -1, 6, 7, -1, -1, -1, -1])
  expect(rows[8 + 3]).toEqual([-1, -1, -1, 10, 11, 12, 13, 14, 15])
  expect(rows[16]).toEqual(Array(9).fill(-1))
  expect(neighbours(XS, [grid], 8)).toBeUndefined()
})

test('it is mutual, and words and patches do not mix', () => {
  const frame = framePrompt(seeded('b'), 2, 3)
  const both = Object.fromEntries(
    Object.entries(grid).map(([key, of]) => [
      key,
      Int32Array.from([...of, ...(frame[key as 'words'] ?? []).slice(2)]),
    ]),
  ) as unknown as Slots
  const rows = around([both], both.words.length)
  expect(rows[8 + 1]).toEqual([-1, -1, -1, 8, 9, 10, 11, 12, 13])
  for (const [row, taps] of rows.entries()) {
    for (const [tap, other] of taps.entries()) if (other >= 0) expect(rows[other][8 - tap]).toBe(row)
  }
})

test('words are left out of observations only, and answers go with the places that stay', () => {
  const words = Int32Array.of(20, 20, 20, 21, 22, 20, 21, 22)
  const thin = without({ ...grid, words }, [20, 22])
  expect([...thin.words]).toEqual([20, 20, 21, 21])
  expect([...thin.rows.slice(2), ...thin.columns.slice(2)]).toEqual([0, 1, 1, 1])
  const sketch = { columns: 3, answers: [Uint8Array.of(1, 2, 3, 4, 5, 6)] }
  expect(onSlots(thin, sketch)).toEqual([Int32Array.of(-1, -1, 2, 5)])
})
