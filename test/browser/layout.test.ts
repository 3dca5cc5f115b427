import fc from 'fast-check'
import { expect, test } from 'vitest'
import { layOut } from '../../client/wall/layout.ts'

test('one board fills the height of the window and no more', () => {
  expect(layOut(1, 1400, 740, 1)).toEqual({ columns: 1, place: 644 })
  expect(layOut(1, 340, 740, 1)).toEqual({ columns: 1, place: 340 })
})

test('boards are as large as all of them can be, and scroll rather than be too small', () => {
  expect(layOut(16, 1400, 740, 1).columns).toBe(8)
  expect(layOut(16, 1400, 740, 0.625).columns).toBe(6)
  expect(layOut(64, 1400, 740, 1)).toEqual({ columns: 10, place: 129 })
})

test('the boards of a row fit into the width', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 64 }),
      fc.integer({ min: 300, max: 3840 }),
      fc.integer({ min: 100, max: 2160 }),
      fc.double({ min: 0.3, max: 3, noNaN: true }),
      (n, width, height, aspect) => {
        const { columns, place } = layOut(n, width, height, aspect)
        expect(columns).toBeGreaterThanOrEqual(1)
        expect(columns).toBeLessThanOrEqual(n)
        expect(columns * place + 12 * (columns - 1)).toBeLessThanOrEqual(width)
        expect(place).toBeGreaterThanOrEqual(128)
      },
    ),
  )
})
