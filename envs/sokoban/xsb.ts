import { UserError } from '#core/errors'
import { BOX, interior, LARGEST, type Level, TARGET, WALL } from './level.ts'
import { isRow, linesOf, type Row, rowsOf } from './rows.ts'

/** A level of a collection, with what the file says about it. */
export interface Entry {
  readonly level: Level
  /** From a header (`; 7`, `Title: ...`) before or after the level. */
  readonly name?: string
  /** Line of its first row, from 1. */
  readonly line: number
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
}
/** The symbol of a cell as XSB writes it. */
export function symbolOf(flags: number, player: boolean, floor = ' '): string {
  if (flags & WALL) return '#'
  if (player) return flags & TARGET ? '+' : '@'
  if (flags & BOX) return flags & TARGET ? '*' : '$'
  return flags & TARGET ? '.' : floor
}

/** XSB rows joined by newlines. */
export function writeLevel(level: Level, floor = ' '): string {
  let text = ''
  for (let cell = 0; cell < level.cells.length; cell++) {
    if (cell > 0 && cell % level.width === 0) text += '\n'
    text += symbolOf(level.cells[cell], cell === level.player, floor)
  }
  return text
}

/** A collection file: every level under its `; name` header (its index where it has none). */
export function writeLevels(entries: readonly { readonly level: Level; readonly name?: string }[]): string {
  return entries.map((entry, i) => `; ${entry.name ?? i}\n${writeLevel(entry.level)}\n`).join('\n')
}

/**
 * The one level of a text: XSB rows, or run-length encoded with `|` between rows.
 * @throws UserError naming the line.
 */
export function readLevel(text: string): Level {
  const entries = readLevels(text)
  if (entries.length === 1) return entries[0].level
  throw new UserError(
    entries.length === 0
      ? 'no level in the text: rows of # wall, @ player, $ box, . target, * box on target, + player on target'
      : `expected one level, found ${entries.length}`,
  )
}

/**
 * The levels of a collection: XSB, Boxoban and their relatives. Rows may be ragged, floors may be spaces,
 * `-` or `_`, rows may be run-length encoded, names may stand before or after, lines may end in CRLF.
 * Floor outside the walls becomes wall.
 * @throws UserError naming the line of the first mistake.
 */
export function readLevels(text: string): Entry[] {
  const lines = linesOf(text)
  const entries: Entry[] = []
  let at = 0
  let before: string | undefined
  while (at < lines.length) {
    if (!isRow(lines, at, false)) {
      // Only a heading right above a level names it; one below the last level belongs to that one.
      before = nameOf(lines[at])
      at++
      continue
    }
    const rows: Row[] = []
    for (; at < lines.length && isRow(lines, at, rows.length > 0); at++) rows.push(...rowsOf(lines, at))
    let name = before
    before = undefined
    if (name === undefined) {
      name = at < lines.length ? nameOf(lines[at]) : undefined
      // A heading that touches the next level as well is that level's.
      if (at + 1 < lines.length && isRow(lines, at + 1, false)) name = undefined
      else if (name !== undefined) at++
    }
    entries.push({ level: build(rows), name, line: rows[0].line })
  }
  return entries
}

/** '7' of '; 7' or 'Level 7', 'Maze' of 'Title: Maze' or "'Maze'"; undefined for other lines. */
function nameOf(line: string): string | undefined {
  const trimmed = line.trim()
  const name =
    /^;\s*(.*)$/.exec(trimmed)?.[1] ??
    /^title\s*:\s*(.*)$/i.exec(trimmed)?.[1] ??
    /^(?:level|maze)\b\s*:?\s*(\d+)$/i.exec(trimmed)?.[1]
  const quoted = /^'(.*)'$/.exec(name ?? trimmed)?.[1]
  return (quoted ?? name)?.trim().slice(0, 200) || undefined
}

/** A checked level. */
function build(rows: readonly Row[]): Level {
  const line = (row: number) => `line ${rows[row].line}`
  const height = rows.length
  const width = rows.reduce((most, { symbols }) => Math.max(most, symbols.length), 0)
  if (width > LARGEST || height > LARGEST) {
    throw new UserError(
      `${line(0)}: the level has ${height} rows and ${width} columns, more than ${LARGEST} x ${LARGEST}`,
    )
  }
  const cells = new Uint8Array(width * height)
  let player = -1
  let boxes = 0
  let targets = 0
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < rows[row].symbols.length; column++) {
      const flags = FLAGS[rows[row].symbols[column]]
      if (flags & PLAYER) {
        if (player >= 0) throw new UserError(`${line(row)}: a second player, in column ${column + 1}`)
        player = row * width + column
      }
      if (flags & BOX) boxes++
      if (flags & TARGET) targets++
      cells[row * width + column] = flags & ~PLAYER
    }
  }
  if (player < 0) throw new UserError(`${line(0)}: the level has no player (@ or +)`)
  if (boxes === 0) throw new UserError(`${line(0)}: the level has no box ($ or *)`)
  if (boxes !== targets) throw new UserError(`${line(0)}: ${boxes} boxes but ${targets} targets`)
  const level = { width, height, cells, player }
  const inside = interior(level)
  for (let cell = 0; cell < cells.length; cell++) {
    const row = Math.floor(cell / width)
    const column = cell - row * width
    const rim = row === 0 || row === height - 1 || column === 0 || column === width - 1
    if (rim && inside[cell]) {
      throw new UserError(`${line(row)}: the wall is open at row ${row + 1}, column ${column + 1}`)
    }
  }
  wallUp(level, line)
  return level
}

/** Turns bare floor outside the walls into wall; boxes and targets may not stand there. */
function wallUp(level: Level, line: (row: number) => string): void {
  const { cells, width, height } = level
  const stack: number[] = []
  const visit = (row: number, column: number): void => {
    if (row < 0 || column < 0 || row >= height || column >= width) return
    const cell = row * width + column
    if (cells[cell] & WALL) return
    if (cells[cell] !== 0)
      throw new UserError(`${line(row)}: a box or target outside the walls, in column ${column + 1}`)
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
}
