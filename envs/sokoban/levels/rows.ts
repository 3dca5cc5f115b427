import { append } from '#core/base/lists'
import { LARGEST } from './level.ts'
import { unroll } from './unroll.ts'

/** A row of a level and the line it stands on, from 1. */
export interface Row {
  readonly symbols: string
  readonly line: number
  /** Why it cannot be a row, though it is meant as one. */
  readonly problem?: string
}

const ROW = /^[#@+$*. \-_]*$/
const ENCODED = /^ *[#@+$*.\-_\d|()]*$/
/** With the letters that some programs write: p and P the player, b and B a box, o and O a target, capitals on a target. */
const STRANGER = /[^#@+$*. \-_pPbBoO\d|()]/
const COMMENT = /^comment\s*:/i
const COMMENT_END = /^comment-end\s*:?/i
const TITLE = /^title\s*:/i
/** Longest text of one run-length encoded line: a grid of the largest size and its row marks. */
const LONGEST = 2 * LARGEST * (LARGEST + 1)

/**
 * The lines of a collection file, those between `Comment:` and `Comment-End:` empty. A comment that meets the next
 * title or comment before its end has none: it is the one line, and what follows is read as it stands.
 */
export function linesOf(text: string): readonly string[] {
  const lines = text
    .replace(/^\ufeff/, '')
    .replaceAll('\u00a0', ' ')
    .split(/\r\n|[\r\n\u0085\u2028\u2029]/)
  // From the end: the line on which a comment that begins above would end; -1 when it would not.
  let end = -1
  for (let at = lines.length - 1; at >= 0; at--) {
    const line = lines[at]
    if (COMMENT_END.test(line)) end = at
    else if (TITLE.test(line)) end = -1
    else if (COMMENT.test(line)) {
      if (end >= 0) lines.fill('', at, end + 1)
      end = -1
    }
  }
  return lines
}

/** Whether a line is a row of a level, or several encoded ones; `inside` when the line above is. */
export function isRow(line: string, inside: boolean): boolean {
  const row = line.trimEnd()
  // A row without any wall is told apart from other lines only below a row; that its walls are open is said later.
  if (!row.includes('#')) return inside && ROW.test(row) && /[@+$.]/.test(row)
  if (ROW.test(row)) return true
  if (ENCODED.test(row)) return !/\d$/.test(row)
  const start = row.trimStart()
  const ends = start.length > 1 && start.startsWith('#') && start.endsWith('#')
  // Spaces in encoded rows: where bars part them, or walls stand on both ends.
  if (!STRANGER.test(row)) return ends || row.includes('|')
  // Walls on both ends, or a wall right below a row: meant as a row.
  return ends || (inside && start.startsWith('#'))
}

/** The rows of the lines from index `from` to before `to`, without tabs that all of them begin with. */
export function rowsIn(lines: readonly string[], from: number, to: number): Row[] {
  const [indent] = /^\t*/.exec(lines[from]) as RegExpExecArray
  let indented = true
  for (let at = from; at < to; at++) indented &&= lines[at].startsWith(indent)
  const rows: Row[] = []
  for (let at = from; at < to; at++) {
    append(rows, rowsOf(indented ? lines[at].slice(indent.length) : lines[at], at + 1))
  }
  return rows
}

/** The rows of one line: itself, or all that its run-length encoding holds. */
export function rowsOf(text: string, line: number): Row[] {
  const row = text.trimEnd()
  const stranger = STRANGER.exec(row)?.[0]
  if (stranger !== undefined) {
    return [{ symbols: '', line, problem: `unknown symbol ${shown(stranger)} in a row of a level` }]
  }
  if (!/[\d|(]/.test(row)) return [{ symbols: row, line }]
  const unrolled = unroll(row, LONGEST)
  if (unrolled === 'brackets') return [{ symbols: '', line, problem: 'unbalanced brackets' }]
  if (unrolled === 'long') {
    return [{ symbols: '', line, problem: `the level is larger than ${LARGEST} x ${LARGEST}` }]
  }
  const { text: rows } = unrolled
  let end = rows.length
  while (rows[end - 1] === '|') end--
  return rows
    .slice(0, end)
    .split('|')
    .map((symbols) => ({ symbols, line }))
}

/** A symbol in quotes, with nothing that could break a line. */
function shown(symbol: string): string {
  return `'${JSON.stringify(symbol).slice(1, -1)}'`
}
