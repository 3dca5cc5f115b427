import { UserError } from '#core/errors'
import { LARGEST } from './level.ts'

/** A row of a level and the line it stands on, from 1. */
export interface Row {
  readonly symbols: string
  readonly line: number
}

const ROW = /^[#@+$*. \-_]*$/
const ENCODED = /^ *[#@+$*.\-_\d|()]*$/
const STRANGER = /[^#@+$*. \-_\d|()]/
const COMMENT = /^comment\s*:\s*$/i
const COMMENT_END = /^comment-end\s*:?/i
/** Longest text of one run-length encoded line: a grid of 50 x 50 and its row marks. */
const LONGEST = 2 * LARGEST * (LARGEST + 1)

/** The lines of a collection file, those between `Comment:` and `Comment-End:` empty; a comment without an end has one line. */
export function linesOf(text: string): readonly string[] {
  const lines = text.replace(/^\ufeff/, '').split(/\r\n|\r|\n/)
  for (let at = 0; at < lines.length; at++) {
    if (!COMMENT.test(lines[at])) continue
    const end = lines.findIndex((line, i) => i > at && COMMENT_END.test(line))
    if (end < 0) break
    lines.fill('', at, end + 1)
    at = end
  }
  return lines
}

/**
 * Whether a line is a row of a level, or several encoded ones; `inside` when the line above is.
 * @throws UserError for a row with a symbol nobody knows.
 */
export function isRow(lines: readonly string[], at: number, inside: boolean): boolean {
  const line = lines[at].trimEnd()
  const trimmed = line.trimStart()
  // A row without any wall is told apart from other lines only below a row; that its walls are open is said later.
  if (!line.includes('#')) return inside && ROW.test(line) && /[@+$.]/.test(line)
  if (ROW.test(line)) return true
  if (ENCODED.test(line)) return !/\d$/.test(line)
  const ends = trimmed.length > 1 && trimmed.startsWith('#') && trimmed.endsWith('#')
  const stranger = STRANGER.exec(line)?.[0]
  // Spaces in encoded rows: where bars part them, or walls stand on both ends.
  if (stranger === undefined) return ends || line.includes('|')
  // Walls on both ends, or a wall right below a row: meant as a row.
  if (!ends && !(inside && trimmed.startsWith('#'))) return false
  throw new UserError(
    `line ${at + 1}: unknown symbol '${stranger === '\t' ? '\\t' : stranger}' in a row of a level`,
  )
}

/**
 * The rows of line `at` (from 0): one, or all that its run-length encoding holds.
 * @throws UserError for brackets that do not close and more symbols than the largest level has.
 */
export function rowsOf(lines: readonly string[], at: number): Row[] {
  return expand(lines[at], at).map((symbols) => ({ symbols, line: at + 1 }))
}

function expand(line: string, at: number): string[] {
  let text = line.trimEnd()
  if (!/[\d|(]/.test(text)) return [text]
  for (;;) {
    if (text.length > LONGEST) throw tooLarge(at)
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
