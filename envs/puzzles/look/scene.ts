import type { Item, Scene, Shape } from '#core/draw/scene'
import { COLUMNS, ROWS } from '../config.ts'
import { isRow, readCells } from '../families/grid.ts'
import type { Puzzles } from '../state.ts'
import { linesOf } from './text.ts'

/** Pixels of a cell in an agent's frame, and scene units: a word of five letters fits. */
export const CELL = 32
/** Lines of a puzzle, and one for what is answered. */
const LINES = ROWS + 1

const PAPER = 0xf4f1e8
const INK = 0x1f2430
const WALL = 0x8a4b3a
const FLOOR = 0xe2dccb
const DOT = 0xd8322a
const CRATE = 0xd9a015
const ME = 0x2fbf55
const RIGHT = 0x1f7f4f
const WRONG = 0xb3261e

export const SIZE = { width: COLUMNS * CELL, height: LINES * CELL } as const

/** The text's cells where they stand in it: signs of boards as pictures, words as words. */
export function scene(state: Puzzles): Scene {
  const items = linesOf(state).flatMap((line, row) => {
    const cells = readCells(line)
    return cells.flatMap((word, column) =>
      isRow(line)
        ? signOf(word, row, column)
        : [item(`word ${row} ${column}`, row, column, written(word, inkOf(state, cells, column)))],
    )
  })
  return { ...SIZE, background: PAPER, items }
}

const item = (id: string, row: number, column: number, ...shapes: Shape[]): Item => ({
  id,
  x: column * CELL,
  y: row * CELL,
  shapes,
})

/** A given word is green, a wrong last one red. */
function inkOf({ wrong }: Puzzles, cells: readonly string[], column: number): number {
  if (cells[0] !== 'answer' || column === 0) return INK
  return wrong > 0 && column === cells.length - 1 ? WRONG : RIGHT
}

/** The ground of a board's cell, and what is on it. */
function signOf(sign: string, row: number, column: number): Item[] {
  const fill = sign === '#' ? WALL : FLOOR
  const ground = item(`floor ${row} ${column}`, row, column, {
    kind: 'rect',
    x: 1,
    y: 1,
    w: CELL - 2,
    h: CELL - 2,
    fill,
  })
  const on = shapesOf(sign)
  const id = sign === '@' ? 'me' : `sign ${row} ${column}`
  return on.length > 0 ? [ground, item(id, row, column, ...on)] : [ground]
}

function shapesOf(sign: string): Shape[] {
  const middle = CELL / 2
  if (sign === '#' || sign === '-') return []
  if (sign === '.') return [{ kind: 'ellipse', x: middle, y: middle, rx: 5, ry: 5, fill: DOT }]
  if (sign === '$') return [{ kind: 'rect', x: 8, y: 8, w: CELL - 16, h: CELL - 16, fill: CRATE }]
  if (sign === '@') return [{ kind: 'ellipse', x: middle, y: middle, rx: 10, ry: 10, fill: ME }]
  return [{ kind: 'rect', x: 4, y: 4, w: CELL - 8, h: CELL - 8, fill: CRATE }, written(sign, INK)]
}

/** Short words are twice as large. */
function written(word: string, fill: number): Shape {
  const size = word.length > 2 ? 7 : 14
  return {
    kind: 'text',
    x: CELL / 2,
    y: Math.floor((CELL - size) / 2),
    size,
    text: word,
    align: 'center',
    fill,
  }
}
