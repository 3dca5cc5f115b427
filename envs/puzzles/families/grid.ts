import type { Place } from './family.ts'

/** Whether all lines are as long as the first and made of `symbols`; a board has at least one cell. */
export const isGrid = (lines: readonly string[], symbols: string): boolean =>
  lines.length > 0 &&
  lines[0].length > 0 &&
  lines.every((line) => line.length === lines[0].length && [...line].every((cell) => symbols.includes(cell)))

/** What stands at a place; a wall outside. */
export const at = (rows: readonly string[], { row, column }: Place): string => rows[row]?.[column] ?? '#'

/** Where a symbol stands, row by row. */
export function placesOf(rows: readonly string[], symbol: string): Place[] {
  return rows.flatMap((line, row) =>
    [...line].flatMap((cell, column) => (cell === symbol ? [{ row, column }] : [])),
  )
}

/** The rows with another symbol at a place. */
export const put = (rows: readonly string[], { row, column }: Place, symbol: string): string[] =>
  rows.map((line, i) => (i === row ? line.slice(0, column) + symbol + line.slice(column + 1) : line))

/** A square of floor with walls around. */
export const room = (size: number): string[] =>
  Array.from({ length: size }, (_, row) =>
    row === 0 || row === size - 1 ? '#'.repeat(size) : `#${'-'.repeat(size - 2)}#`,
  )

/** Whether a line of a puzzle is a row of a board, and not made of words. */
export const isRow = (line: string): boolean => /^[#\-.$@abcd]{2,}$/.test(line)

/** The cells of a line: the single signs of a board's row, else words. */
export const readCells = (line: string): string[] => (isRow(line) ? [...line] : line.split(' '))
