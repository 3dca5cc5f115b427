import { least, most } from '#core/base/lists'

/** Height of the lines below a board and the space around it; space between places; what a place is wider than its board. */
const CAPTION = 84
const GAP = 12
const FRAME = 18

/** Boards narrower than this are not shrunk further: the page scrolls. */
const NARROWEST = 110

/** Width of the place of a board that is so many times as wide as high, in CSS pixels. */
export function widthOf(ratio: number, row: number): number {
  return Math.floor(ratio * row) + FRAME
}

/**
 * The height (CSS pixels) of all boards at which they are largest while rows of them, each in the shape of its board,
 * fit into `width` by `height`; where they would be too small, as high as the fewest boards in a row allow.
 * @param ratios width over height of each board, in their order.
 */
export function layOut(ratios: readonly number[], width: number, height: number): number {
  if (ratios.length === 0) return 0
  const fits = (row: number) => rowsOf(ratios, width, row) * (row + CAPTION + GAP) - GAP <= height
  const highest = Math.floor((width - FRAME) / most(ratios))
  const lowest = Math.min(highest, Math.ceil(NARROWEST / least(ratios)))
  for (let row = Math.min(highest, Math.floor(height - CAPTION)); row >= lowest; row--)
    if (fits(row)) return row
  // They scroll: as high as as many rows allow.
  const rows = rowsOf(ratios, width, lowest)
  let row = lowest
  while (row < highest && rowsOf(ratios, width, row + 1) === rows) row++
  return row
}

/** Rows that boards take, one after the other. */
export function rowsOf(ratios: readonly number[], width: number, row: number): number {
  let rows = 0
  let left = 0
  for (const ratio of ratios) {
    const wide = widthOf(ratio, row)
    if (rows === 0 || left < wide + GAP) {
      rows++
      left = width - wide
    } else left -= wide + GAP
  }
  return rows
}
