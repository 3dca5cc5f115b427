import { UserError } from '#core/errors'
import { BOX, interior, LARGEST, type Level, TARGET, WALL } from './level.ts'

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
const ROW = /^[#@+$*. \-_]*$/
const ENCODED = /^[#@+$*.\-_\d|()]*$/
const STRANGER = /[^#@+$*. \-_\d|()]/
/** Longest text of one run-length encoded line: a grid of 50 x 50 and its row marks. */
const LONGEST = 2 * LARGEST * (LARGEST + 1)

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
  if (entries.length !== 1) throw new UserError(`expected one level, found ${entries.length}`)
  return entries[0].level
}

/**
 * The levels of a collection: XSB, Boxoban and their relatives. Rows may be ragged, floors may be spaces,
 * `-` or `_`, rows may be run-length encoded, names may stand before or after, lines may end in CRLF.
 * Floor outside the walls becomes wall.
 * @throws UserError naming the line of the first mistake.
 */
export function readLevels(text: string): Entry[] {
  const lines = text.split(/\r\n|\r|\n/)
  const entries: Entry[] = []
  let at = 0
  let before: string | undefined
  while (at < lines.length) {
    if (!isRow(lines[at], at)) {
      const heading = nameOf(lines[at])
      // Only a heading right above a level names it; one below the last level belongs to that one.
      before = heading
      at++
      continue
    }
    const first = at
    const rows: string[] = []
    for (; at < lines.length && isRow(lines[at], at); at++) rows.push(...expand(lines[at], at))
    let name = before
    before = undefined
    if (name === undefined) {
      name = at < lines.length ? nameOf(lines[at]) : undefined
      // A heading that touches the next level as well is that level's.
      if (at + 1 < lines.length && isRow(lines[at + 1], at + 1)) name = undefined
      else if (name !== undefined) at++
    }
    entries.push({ level: build(rows, first, encoded(lines[first])), name, line: first + 1 })
  }
  return entries
}

function encoded(line: string): boolean {
  return /[\d|(]/.test(line)
}

function isRow(line: string, at: number): boolean {
  if (!line.includes('#')) return false
  if (ROW.test(line)) return true
  const trimmed = line.trim()
  if (ENCODED.test(trimmed)) return !/\d$/.test(trimmed)
  // Walls on both ends of a line: meant as a row, with a symbol nobody knows.
  if (trimmed.length > 1 && trimmed.startsWith('#') && trimmed.endsWith('#')) {
    const stranger = STRANGER.exec(trimmed)
    if (stranger) throw new UserError(`line ${at + 1}: unknown symbol '${stranger[0]}' in a row of a level`)
  }
  return false
}

/** '7' of '; 7', 'Maze' of 'Title: Maze' or "'Maze'"; undefined for other lines. */
function nameOf(line: string): string | undefined {
  const trimmed = line.trim()
  const name = /^;\s*(.*)$/.exec(trimmed)?.[1] ?? /^title\s*:\s*(.*)$/i.exec(trimmed)?.[1]
  const quoted = /^'(.*)'$/.exec(name ?? trimmed)?.[1]
  return (quoted ?? name)?.trim().slice(0, 200) || undefined
}

/** The rows of one line. */
function expand(line: string, at: number): string[] {
  let text = line.trimEnd()
  if (!encoded(text)) return [text]
  text = text.trim()
  if (text.length > LONGEST) throw tooLarge(at)
  for (;;) {
    const group = /(\d*)\(([^()]*)\)/.exec(text)
    if (!group) break
    text =
      text.slice(0, group.index) + repeat(group[2], group[1], at) + text.slice(group.index + group[0].length)
  }
  if (/[()]/.test(text)) throw new UserError(`line ${at + 1}: unbalanced brackets`)
  let out = ''
  for (const run of text.matchAll(/(\d*)([^\d])/g)) {
    out += repeat(run[2], run[1], at)
    if (out.length > LONGEST) throw tooLarge(at)
  }
  return out.replace(/\|+$/, '').split('|')
}

function repeat(text: string, count: string, at: number): string {
  const times = count === '' ? 1 : Number(count)
  if (times * text.length > LONGEST) throw tooLarge(at)
  return text.repeat(times)
}

function tooLarge(at: number): UserError {
  return new UserError(`line ${at + 1}: the level is larger than ${LARGEST} x ${LARGEST}`)
}

/** A checked level of rows whose first one stands on line `first` (from 0), one per line unless encoded. */
function build(rows: readonly string[], first: number, oneLine: boolean): Level {
  const line = (row: number) => `line ${first + 1 + (oneLine ? 0 : row)}`
  const height = rows.length
  const width = rows.reduce((most, row) => Math.max(most, row.length), 0)
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
    for (let column = 0; column < rows[row].length; column++) {
      const flags = FLAGS[rows[row][column]]
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
