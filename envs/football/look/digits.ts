import type { Shape } from '#core/draw/scene'

/** Rows of 3 x 5 cells per digit, from the top, as bits (4 2 1). */
const ROWS = [
  [7, 5, 5, 5, 7],
  [2, 6, 2, 2, 7],
  [7, 1, 7, 4, 7],
  [7, 1, 3, 1, 7],
  [5, 5, 7, 1, 1],
  [7, 4, 7, 1, 7],
  [7, 4, 7, 5, 7],
  [7, 1, 1, 2, 2],
  [7, 5, 7, 5, 7],
  [7, 5, 7, 1, 7],
] as const

/**
 * A whole number as rectangles, its top middle at (x, y), cells of `size` units. Text has a least size in
 * pixels; these shrink to a spot of colour, so that a small frame shows a mark and a large one a number.
 */
export function digits(number: string, x: number, y: number, size: number, fill: number): Shape[] {
  const shapes: Shape[] = []
  const left = x - Math.floor(((4 * number.length - 1) * size) / 2)
  for (let i = 0; i < number.length; i++) {
    const rows = ROWS[Number(number[i])]
    for (let row = 0; row < rows.length; row++) {
      for (let column = 0; column < 3; column++) {
        if ((rows[row] & (4 >> column)) === 0) continue
        shapes.push({
          kind: 'rect',
          x: left + (4 * i + column) * size,
          y: y + row * size,
          w: size,
          h: size,
          fill,
        })
      }
    }
  }
  return shapes
}
