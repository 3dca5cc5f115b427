import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Cell, pack } from '../../client/board/pack.ts'

const size = fc.record({ width: fc.integer({ min: 1, max: 700 }), height: fc.integer({ min: 1, max: 700 }) })

function overlap(a: Cell, b: Cell): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height
}

test('boards lie side by side on the surface, none over another, none outside', () => {
  fc.assert(
    fc.property(
      fc.array(size, { minLength: 1, maxLength: 64 }),
      fc.integer({ min: 100, max: 2000 }),
      (sizes, limit) => {
        const { cells, width, height } = pack(sizes, limit)
        expect(cells.length).toBeGreaterThan(0)
        expect(width).toBeLessThanOrEqual(limit)
        expect(height).toBeLessThanOrEqual(limit)
        for (const [i, cell] of cells.entries()) {
          expect(cell.x + cell.width).toBeLessThanOrEqual(width)
          expect(cell.y + cell.height).toBeLessThanOrEqual(height)
          expect(cell.width).toBe(Math.min(sizes[i].width, limit))
          for (const other of cells.slice(i + 1)) expect(overlap(cell, other)).toBe(false)
        }
      },
    ),
  )
})
