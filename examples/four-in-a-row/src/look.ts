import type { Item, Scene, Shape } from 'kickpush/env'
import { landing, legal, wins } from './rules.ts'
import type { Four } from './state.ts'

/** Pixels of a cell, and scene units: patches of a frame are 16 x 16. */
export const CELL = 16
const BOARD = 0x2a4f86
const HOLE = 0x16294a
/** Where a disc would fall. */
const NEXT = 0x3f6fb5
const MINE = 0xf2c230
const FOE = 0xe0503c

/** What cells show. */
export const SIGNS = ['me', 'foe', 'none', 'next', 'win', 'stop', 'mine', 'theirs', 'both'] as const
type Sign = (typeof SIGNS)[number]

/**
 * What a cell shows to a seat: `me`, `foe`, `next` where a disc would fall, or `none`. With hints, where a disc would make
 * four in a row: `win` and `stop` (a win of the other) where it would fall now, else `mine`, `theirs` or `both`.
 */
function signOf(state: Four, seat: number, column: number, row: number): Sign {
  const who = state.cells[row * state.config.columns + column]
  if (who !== 0) return who === seat + 1 ? 'me' : 'foe'
  const falls = landing(state, column) === row
  const own = state.config.hints && wins(state, seat, column, row)
  const other = state.config.hints && wins(state, 1 - seat, column, row)
  if (falls) return own ? 'win' : other ? 'stop' : 'next'
  return own && other ? 'both' : own ? 'mine' : other ? 'theirs' : 'none'
}

/** One word per cell as the seat sees it, rows from the top. */
export function text(state: Four, seat: number): string {
  const { columns, rows } = state.config
  return Array.from({ length: rows }, (_, y) =>
    Array.from({ length: columns }, (_, x) => signOf(state, seat, x, rows - 1 - y)).join(' '),
  ).join('\n')
}

const FILLS: Readonly<Record<Sign, number>> = {
  me: MINE,
  foe: FOE,
  next: NEXT,
  none: HOLE,
  win: NEXT,
  stop: NEXT,
  mine: HOLE,
  theirs: HOLE,
  both: HOLE,
}

/** The same facts as a display list: one's own discs are yellow; hints are small dots. */
export function scene(state: Four, seat: number): Scene {
  const { columns, rows } = state.config
  const items: Item[] = []
  for (let cell = 0; cell < state.cells.length; cell++) {
    const column = cell % columns
    const row = Math.floor(cell / columns)
    const sign = signOf(state, seat, column, row)
    const shapes: Shape[] = [{ kind: 'ellipse', x: 8, y: 8, rx: 6, ry: 6, fill: FILLS[sign] }]
    if (sign === 'win' || sign === 'mine' || sign === 'both') shapes.push(dot(sign === 'both' ? 5 : 8, MINE))
    if (sign === 'stop' || sign === 'theirs' || sign === 'both')
      shapes.push(dot(sign === 'both' ? 11 : 8, FOE))
    items.push({
      id: `${state.cells[cell] === 0 ? 'hole' : 'disc'} ${cell}`,
      x: column * CELL,
      y: (rows - 1 - row) * CELL,
      shapes,
    })
  }
  return { width: columns * CELL, height: rows * CELL, background: BOARD, items }
}

const dot = (x: number, fill: number): Shape => ({ kind: 'ellipse', x, y: 8, rx: 2, ry: 2, fill })

/** The column at a place of the scene, where it takes a disc of the seat. */
export function point(state: Four, seat: number, x: number, y: number): number | null {
  const { columns, rows } = state.config
  const column = Math.floor(x / CELL)
  if (column < 0 || column >= columns || y < 0 || y >= rows * CELL) return null
  return legal(state, seat)[column] ? column : null
}
