import type { Item, Scene } from 'kickpush/env'
import { legal } from './rules.ts'
import type { Four } from './state.ts'

/** Pixels of a cell, and scene units: patches of a frame are 16 x 16. */
export const CELL = 16
const BOARD = 0x2a4f86
const HOLE = 0x16294a
const MINE = 0xf2c230
const FOE = 0xe0503c

/** One word per cell as the seat sees it, rows from the top. */
export function text({ config: { columns, rows }, cells }: Four, seat: number): string {
  const word = (who: number): string => (who === 0 ? 'none' : who === seat + 1 ? 'me' : 'foe')
  return Array.from({ length: rows }, (_, y) =>
    Array.from({ length: columns }, (_, x) => word(cells[(rows - 1 - y) * columns + x])).join(' '),
  ).join('\n')
}

/** The same facts as a display list: one's own discs are yellow. */
export function scene({ config: { columns, rows }, cells }: Four, seat: number): Scene {
  const items: Item[] = []
  for (let cell = 0; cell < cells.length; cell++) {
    const x = (cell % columns) * CELL
    const y = (rows - 1 - Math.floor(cell / columns)) * CELL
    const fill = cells[cell] === 0 ? HOLE : cells[cell] === seat + 1 ? MINE : FOE
    items.push({
      id: `${cells[cell] === 0 ? 'hole' : 'disc'} ${cell}`,
      x,
      y,
      shapes: [{ kind: 'ellipse', x: 8, y: 8, rx: 6, ry: 6, fill }],
    })
  }
  return { width: columns * CELL, height: rows * CELL, background: BOARD, items }
}

/** The column at a place of the scene, where it takes a disc of the seat. */
export function point(state: Four, seat: number, x: number, y: number): number | null {
  const { columns, rows } = state.config
  const column = Math.floor(x / CELL)
  if (column < 0 || column >= columns || y < 0 || y >= rows * CELL) return null
  return legal(state, seat)[column] ? column : null
}
