import fc from 'fast-check'
import { expect, test } from 'vitest'
import { layOut, rowsOf, widthOf } from '../../client/wall/layout.ts'

const boards = (n: number, ratio: number) => Array.from({ length: n }, () => ratio)

test('one board fills the height of the window and no more', () => {
  expect(layOut([1], 1400, 740)).toBe(656)
  expect(layOut([1], 340, 740)).toBe(322)
})

test('boards are as large as all of them can be, and scroll rather than be too small', () => {
  expect(rowsOf(boards(16, 1), 1400, layOut(boards(16, 1), 1400, 740))).toBe(3)
  expect(rowsOf(boards(16, 1.6), 1400, layOut(boards(16, 1.6), 1400, 740))).toBe(3)
  const small = layOut(boards(64, 1), 1400, 740)
  expect(small).toBeGreaterThanOrEqual(110)
  expect(rowsOf(boards(64, 1), 1400, small)).toBe(7)
})

test('a board has the shape of what it shows: among square ones a wide one is wider, not lower', () => {
  const ratios = [1, 1.6, 1, 1.6]
  const row = layOut(ratios, 1400, 740)
  expect(ratios.map((ratio) => widthOf(ratio, row) - 18)).toEqual(
    [row, 1.6 * row, row, 1.6 * row].map(Math.floor),
  )
  // In places of one width, each as high as a square, 16 wide boards leave 38 % of theirs empty.
  expect(1.6 * layOut(boards(16, 1.6), 1400, 740)).toBeGreaterThan(layOut(boards(16, 1), 1400, 740))
})

test('the boards of a row fit into the width', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0.4, max: 3, noNaN: true }), { minLength: 1, maxLength: 64 }),
      fc.integer({ min: 320, max: 3840 }),
      fc.integer({ min: 100, max: 2160 }),
      (ratios, width, height) => {
        const row = layOut(ratios, width, height)
        for (const ratio of ratios) expect(widthOf(ratio, row)).toBeLessThanOrEqual(width)
        const larger = layOut(ratios, width, height + 200)
        expect(larger).toBeGreaterThanOrEqual(Math.min(row, 110))
      },
    ),
  )
})
