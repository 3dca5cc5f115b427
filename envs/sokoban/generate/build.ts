import { BOX, interior, LARGEST, type Level, TARGET, WALL } from '../levels/level.ts'
import type { Row } from '../levels/rows.ts'

/** Why rows are no level. */
export interface Problem {
  readonly line: number
  readonly reason: string
}

const PLAYER = 8
const FLAGS: Readonly<Record<string, number>> = {
  ' ': 0,
  '-': 0,
  _: 0,
  '#': WALL,
  '.': TARGET,
  $: BOX,
  '*': BOX | TARGET,
  '@': PLAYER,
  '+': PLAYER | TARGET,
  p: PLAYER,
  P: PLAYER | TARGET,
  b: BOX,
  B: BOX | TARGET,
  o: TARGET,
  // Held to be a target alone; where it means a box as well, the counts of both tell.
  O: TARGET,
}

/** The level that rows are, its outside walled up, or why they are none. */
export function buildLevel(rows: readonly Row[]): Level | Problem {
  const problem = (row: number, reason: string): Problem => ({ line: rows[row].line, reason })
  for (const [row, { problem: reason }] of rows.entries()) if (reason) return problem(row, reason)
  const height = rows.length
  const width = rows.reduce((most, { symbols }) => Math.max(most, symbols.length), 0)
  if (width > LARGEST || height > LARGEST) {
    return problem(0, `the level has ${height} rows and ${width} columns, more than ${LARGEST} x ${LARGEST}`)
  }
  const cells = new Uint8Array(width * height)
  let player = -1
  let boxes = 0
  let targets = 0
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < rows[row].symbols.length; column++) {
      const flags = FLAGS[rows[row].symbols[column]]
      if (flags & PLAYER) {
        if (player >= 0) return problem(row, `a second player, in column ${column + 1}`)
        player = row * width + column
      }
      if (flags & BOX) boxes++
      if (flags & TARGET) targets++
      cells[row * width + column] = flags & ~PLAYER
    }
  }
  if (player < 0) return problem(0, `the level has no player (@ or +)`)
  if (boxes === 0) return problem(0, `the level has no box ($ or *)`)
  if (boxes !== targets) return problem(0, `${boxes} boxes but ${targets} targets`)
  const level = { width, height, cells, player }
  const inside = interior(level)
  for (let cell = 0; cell < cells.length; cell++) {
    const row = Math.floor(cell / width)
    const column = cell - row * width
    const rim = row === 0 || row === height - 1 || column === 0 || column === width - 1
    if (rim && inside[cell]) {
      return problem(row, `the wall is open at row ${row + 1}, column ${column + 1}`)
    }
  }
  const outside = wallUp(level)
  if (outside === null) return level
  const row = Math.floor(outside / width)
  return problem(row, `a box or target outside the walls, in column ${outside - row * width + 1}`)
}

/** Turns bare floor outside the walls into wall. @returns the cell of a box or target there; null without one. */
function wallUp(level: Level): number | null {
  const { cells, width, height } = level
  const stack: number[] = []
  let stranded = -1
  const visit = (row: number, column: number): void => {
    if (row < 0 || column < 0 || row >= height || column >= width) return
    const cell = row * width + column
    if (cells[cell] & WALL) return
    if (cells[cell] !== 0 && stranded < 0) stranded = cell
    cells[cell] = WALL
    stack.push(cell)
  }
  for (let row = 0; row < height; row++) {
    visit(row, 0)
    visit(row, width - 1)
  }
  for (let column = 0; column < width; column++) {
    visit(0, column)
    visit(height - 1, column)
  }
  for (let cell = stack.pop(); cell !== undefined; cell = stack.pop()) {
    const row = Math.floor(cell / width)
    const column = cell - row * width
    visit(row - 1, column)
    visit(row + 1, column)
    visit(row, column - 1)
    visit(row, column + 1)
  }
  return stranded < 0 ? null : stranded
}
