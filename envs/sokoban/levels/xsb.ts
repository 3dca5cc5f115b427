import { UserError } from '#core/base/errors'
import { badLevels, type Fault } from '#core/env/collection'
import type { Document, XmlElement } from '#core/env/document'
import { buildLevel } from '../generate/build.ts'
import { BOX, type Level, TARGET, WALL } from './level.ts'
import { isRow, linesOf, type Row, rowsIn, rowsOf } from './rows.ts'

/** A level of a collection, with what the file says about it. */
export interface Entry {
  readonly level: Level
  /** From a header (`; 7`, `Title: ...`) before or after the level. */
  readonly name?: string
  /** Among all levels of the file, from 1. */
  readonly number: number
  /** Line of its first row, from 1. */
  readonly line: number
}

/** The levels of a file that can be read, and what is wrong with the others. */
export interface Reading {
  readonly entries: readonly Entry[]
  readonly faults: readonly Fault[]
}

/** Rows that belong together, and what the file calls them. */
interface Group {
  readonly rows: readonly Row[]
  readonly name?: string
  /** The line of a blank row between it and the group before, where nothing else is. */
  readonly blank?: number
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
 * All levels of a collection.
 * @throws UserError naming every level that is bad, with its line.
 */
export function readLevels(document: Document): readonly Entry[] {
  const { entries, faults } = readCollection(document)
  const bad = badLevels(faults, entries.length + faults.length)
  if (bad !== null) throw new UserError(bad)
  return entries
}

/**
 * The levels of a collection: XSB, Boxoban and their relatives, or SLC (XML). Rows may be ragged, floors may be
 * spaces, `-` or `_`, rows may be run-length encoded, names may stand before or after, lines may end in CRLF. Floor
 * outside the walls becomes wall.
 */
export function readCollection(document: Document): Reading {
  const entries: Entry[] = []
  const faults: Fault[] = []
  const groups = typeof document === 'string' ? groupsOf(document) : elementsOf(document)
  let before: Group | undefined
  for (const group of groups) {
    const number = entries.length + faults.length + 1
    const { name, rows } = group
    const level = buildLevel(rows)
    if (!('reason' in level)) {
      entries.push({ level, number, name, line: rows[0].line })
      before = undefined
      continue
    }
    // Two halves of one level, of which neither can stand alone.
    if (before !== undefined && group.blank !== undefined && (opens(rows[0]) || opens(before.rows.at(-1)))) {
      const half = faults[faults.length - 1]
      if (half.reason !== BLANK) faults[faults.length - 1] = { ...half, line: group.blank, reason: BLANK }
    } else {
      faults.push({ ...level, number, name, bad: true })
    }
    before = group
  }
  return { entries, faults }
}

/** A line that may be any comment; a number is a name. */
const COMMENT = /^\s*;\s*(?!\d+\s*$)/
const BLANK = 'a blank row inside the level'

/** Whether a row leaves a way out of the level above or below it. */
function opens(row: Row | undefined): boolean {
  return row !== undefined && /#[^#]+#/.test(row.symbols.trim())
}

/** Groups of rows in the lines of a text. */
function* groupsOf(text: string): Generator<Group> {
  const lines = linesOf(text)
  let at = 0
  let before: string | undefined
  // A title or number that does not touch the level below it, in files whose first level has one.
  let apart: string | undefined
  let leading: boolean | undefined
  // Lines since the last group that are not blank.
  let said = 0
  // Whether nothing but blank lines came since the last group, and the first of them.
  let touching = false
  let blank: number | undefined
  while (at < lines.length) {
    if (!isRow(lines[at], false)) {
      // Only a heading right above a level names it; one below the last level belongs to that one.
      before = nameOf(lines[at])
      if (before !== undefined) apart = before
      if (lines[at].trim() !== '') {
        if (++said > 1 && COMMENT.test(lines[at])) apart = undefined
        touching = false
        blank = undefined
      }
      if (touching) blank ??= at + 1
      at++
      continue
    }
    const from = at
    while (at < lines.length && isRow(lines[at], at > from)) at++
    const rows = rowsIn(lines, from, at)
    let name = before
    before = undefined
    touching = true
    leading ??= apart !== undefined
    if (name === undefined) {
      name = at < lines.length ? nameOf(lines[at]) : undefined
      // A heading that touches the next level as well is that level's.
      if (at + 1 < lines.length && isRow(lines[at + 1], false)) name = undefined
      else if (name !== undefined) {
        at++
        touching = false
      }
    }
    yield { rows, name: name ?? (leading ? apart : undefined), blank }
    apart = undefined
    said = 0
    blank = undefined
  }
}

/** The levels of an SLC file: `Level` elements with their rows in `L` elements. */
function* elementsOf(element: XmlElement): Generator<Group> {
  const stack: XmlElement[] = [element]
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    const elements = at.children.filter((child) => typeof child !== 'string')
    if (at.name.toLowerCase() !== 'level') {
      for (let i = elements.length - 1; i >= 0; i--) stack.push(elements[i])
      continue
    }
    const rows = elements
      .filter(({ name }) => name.toLowerCase() === 'l')
      .map(({ children, line }): Row => {
        const symbols = children.filter((child) => typeof child === 'string').join('')
        return rowsOf(symbols, line)[0]
      })
    const { attributes } = at
    const title = attributes.Id ?? attributes.id ?? attributes.ID
    const name = title?.trim().slice(0, 200) || undefined
    yield { rows: rows.length > 0 ? rows : [{ symbols: '', line: at.line }], name }
  }
}

/** '7' of '; 7' or 'Level 7', 'Maze' of 'Title: Maze' or "'Maze'"; undefined for other lines. */
function nameOf(line: string): string | undefined {
  const trimmed = line.trim()
  const name = headed(trimmed)?.trim()
  const text = name ?? trimmed
  const quoted = text.length > 1 && text.startsWith("'") && text.endsWith("'")
  return (quoted ? text.slice(1, -1) : name)?.trim().slice(0, 200) || undefined
}

/** What follows the mark of a heading. */
function headed(line: string): string | undefined {
  if (line.startsWith(';')) return line.slice(1)
  const title = /^title\s*:/i.exec(line)
  if (title) return line.slice(title[0].length)
  const numbered = /^(?:level|maze)\b/i.exec(line)
  if (!numbered) return undefined
  const rest = line.slice(numbered[0].length).trimStart()
  const number = (rest.startsWith(':') ? rest.slice(1) : rest).trimStart()
  return /^\d+$/.test(number) ? number : undefined
}
