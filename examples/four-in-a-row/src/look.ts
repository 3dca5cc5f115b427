import type { Item, Scene } from 'kickpush/env'
import { landing, legal } from './rules.ts'
import type { Four } from './state.ts'

/** Pixels of a cell, and scene units: patches of a frame are 16 x 16. */
export const CELL = 16
const BOARD = 0x2a4f86
const HOLE = 0x16294a
/** Where a disc would fall. */
const NEXT = 0x3f6fb5
const MINE = 0xf2c230
const FOE = 0xe0503c

/** What a cell shows to a seat: `me`, `foe`, `next` where a disc would fall, or `none`. */
function wordOf(state: Four, seat: number, column: number, row: number): 'me' | 'foe' | 'next' | 'none' {
  const who = state.cells[row * state.config.columns + column]
  if (who !== 0) return who === seat + 1 ? 'me' : 'foe'
  return landing(state, column) === row ? 'next' : 'none'
}

/** One word per cell as the seat sees it, rows from the top. */
export function text(state: Four, seat: number): string {
  const { columns, rows } = state.config
  return Array.from({ length: rows }, (_, y) =>
    Array.from({ length: columns }, (_, x) => wordOf(state, seat, x, rows - 1 - y)).join(' '),
  ).join('\n')
}

const FILLS = { me: MINE, foe: FOE, next: NEXT, none: HOLE } as const

/** The same facts as a display list: one's own discs are yellow. */
export function scene(state: Four, seat: number): Scene {
  const { columns, rows } = state.config
  const items: Item[] = []
  for (let cell = 0; cell < state.cells.length; cell++) {
    const column = cell % columns
    const row = Math.floor(cell / columns)
    items.push({
      id: `${state.cells[cell] === 0 ? 'hole' : 'disc'} ${cell}`,
      x: column * CELL,
      y: (rows - 1 - row) * CELL,
      shapes: [{ kind: 'ellipse', x: 8, y: 8, rx: 6, ry: 6, fill: FILLS[wordOf(state, seat, column, row)] }],
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
