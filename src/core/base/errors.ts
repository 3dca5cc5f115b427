import { withoutSecrets } from './secrets.ts'

/** Longest line that people are told, in UTF-16 units. */
const LONGEST_LINE = 199
/** Longest text that is looked through for what to leave out. */
const LONGEST_READ = 10_000
/** Longest value that is shown whole. */
const LONGEST_VALUE = 60
/** Longest name that is compared with others: nobody mistypes a longer one. */
const LONGEST_NAME = 60
/** Room in a line for the names that are allowed. */
const LISTED = 100

/**
 * A mistake of the person or program that called us: shown as one line, exit code 2, never a stack trace. Whatever
 * the message echoes, it is one line of less than 200 visible characters.
 */
export class UserError extends Error {
  override name = 'UserError'

  constructor(message: string) {
    super(legible(message, LONGEST_LINE))
  }
}

/** Several mistakes at once; `lines` has each with its reason, the message has as much of them as one line holds. */
export class UserErrors extends UserError {
  override name = 'UserErrors'
  readonly lines: readonly string[]

  /** @param lines at least one, each beginning with what is wrong and a colon. */
  constructor(lines: readonly string[]) {
    super(together(lines))
    this.lines = lines.map((line) => new UserError(line).message)
  }
}

/** What is in a file makes no sense, so that nothing of it can be used. */
export class BadFile extends UserError {
  override name = 'BadFile'
}

/** Files beyond these are counted. */
const FILES = 20

/** What is wrong with files that were read together: a line for each bad one, or for the first and how many more there are. */
export class FileErrors extends UserErrors {
  override name = 'FileErrors'

  /** @param lines at least one, each beginning with its file and a colon. */
  constructor(lines: readonly string[]) {
    const more = lines.length - FILES
    super(more > 0 ? [...lines.slice(0, FILES), `and ${more} more`] : lines)
  }
}

/** All of them where a line has room, else the first, and what else is wrong by its name. */
function together(lines: readonly string[]): string {
  if (lines.length === 1) return lines[0]
  const reasons = lines.map((line) => line.split(' (allowed: ', 1)[0])
  const all = reasons.join('; ')
  if (all.length <= LONGEST_LINE) return all
  const others = `; also ${listed(reasons.slice(1).map((line) => line.split(':', 1)[0]))}`
  return legible(reasons[0], LONGEST_LINE - others.length) + others
}

/**
 * A text from outside as part of one line: what cannot be seen or moves the cursor is written as its code (`\n`,
 * `\u001b`), passwords in addresses are left out, and of a text longer than `most` the middle is.
 */
export function legible(text: string, most: number): string {
  return cut(cut(withoutSecrets(cut(text, LONGEST_READ)), most).replace(UNSEEN, codeOf), most)
}

/** Text of several lines for a terminal: as `legible`, but lines and tabs stay. JSON stays the same JSON. */
export function visible(text: string): string {
  return text.replace(UNSEEN, (unseen) => (unseen === '\n' || unseen === '\t' ? unseen : codeOf(unseen)))
}

/** A value from outside as part of one line: as JSON, the middle left out where it is long. */
export function shown(value: unknown): string {
  return legible(written(value), LONGEST_VALUE)
}

function written(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value)
  } catch {
    // In itself, or deeper than the stack.
    return Array.isArray(value) ? '[...]' : '{...}'
  }
}

/** Controls, formats (also those that turn the direction of writing), line ends, halves of characters. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu
const SHORT: Readonly<Record<number, string>> = { 9: '\\t', 10: '\\n', 13: '\\r' }

function codeOf(unseen: string): string {
  const units = Array.from({ length: unseen.length }, (_, i) => unseen.charCodeAt(i))
  return SHORT[units[0]] ?? units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('')
}

function cut(text: string, most: number): string {
  if (text.length <= most) return text
  const tail = Math.floor((most - 3) / 3)
  const parts = [text.slice(0, most - 3 - tail), text.slice(text.length - tail)]
  return parts.map((part) => part.replace(HALF, '')).join('...')
}

/** Half of a character, as cutting may leave it. */
const HALF = /\p{Cs}/gu

/** '; did you mean "x"? (allowed: ...)' for a name that is not in `allowed`. */
export function didYouMean(name: string, allowed: readonly string[]): string {
  if (allowed.length === 0) return ''
  const guess = nearest(name, allowed)
  return `${guess === undefined ? '' : `; did you mean '${guess}'?`} (allowed: ${listed(allowed)})`
}

/** As many of the names as a line has room for, but always the first. */
function listed(names: readonly string[]): string {
  let text = names[0]
  for (let i = 1; i < names.length; i++) {
    if (text.length + names[i].length > LISTED) return `${text}, ...`
    text += `, ${names[i]}`
  }
  return text
}

function nearest(name: string, allowed: readonly string[]): string | undefined {
  if (name.length > LONGEST_NAME) return undefined
  const given = name.toLowerCase()
  let best: string | undefined
  let least = Math.max(3, Math.floor(name.length / 2))
  for (const candidate of allowed) {
    if (candidate.length > LONGEST_NAME) continue
    const distance = distanceOf(given, candidate.toLowerCase())
    if (distance < least) {
      least = distance
      best = candidate
    }
  }
  return best
}

/** Edits from one to the other; what was only begun to be written is near. */
function distanceOf(name: string, candidate: string): number {
  return name.length > 1 && candidate.startsWith(name) ? 1 : edits(name, candidate)
}

function edits(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      row[j] = Math.min(previous[j] + 1, row[j - 1] + 1, previous[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1))
    }
    previous = row
  }
  return previous[b.length]
}
