import { append } from '#core/base/lists'
import type { Call } from './reply.ts'

/** What was found in a text that does not keep the format. */
export interface Found {
  /** Indices of the actions, or why there are none. */
  readonly actions: number[] | string
  readonly thought: string
  /** The answer stood between tags that were both there: nothing of it can be missing. */
  readonly closed: boolean
}

const THOUGHTS = 'think|thinking|thoughts?|reason|reasoning|reflection|analysis|scratchpad'
/** Ends of thoughts as models are known to write them. */
const THOUGHT_END = new RegExp(
  `</\\s*(?:${THOUGHTS})\\s*>|\\[/THINK\\]|◁/think▷|<\\|channel\\|>final(?:<\\|message\\|>)?`,
  'gi',
)
const THOUGHT_START = new RegExp(
  `<\\s*(?:${THOUGHTS})\\s*>|\\[THINK\\]|◁think▷|<\\|channel\\|>analysis(?:<\\|message\\|>)?`,
  'gi',
)
const ANSWERS = '(?:final[_ ]?)?answer|actions?|moves?'
const ANSWER_START = new RegExp(`<\\s*(?:${ANSWERS})\\s*>`, 'gi')
const ANSWER_END = new RegExp(`</\\s*(?:${ANSWERS})\\s*>`, 'gi')
const LABEL = /(?:^|\n)[^\S\n]*[*_#> -]{0,8}(?:final\s)?(?:answer|actions?|moves?)[*_]{0,4}\s?[:=]/gi
const CALL = /<tool_call>/i
const FENCE = /```[a-z]*\n?/gi
const NONE = 'the answer names no action'
/** Keys of JSON that answers and thoughts stand under. */
const KEYS = ['actions', 'action', 'answer', 'final_answer', 'moves', 'move', 'plan', 'sequence']
const THOUGHT_KEYS = ['thought', 'think', 'thinking', 'reasoning', 'reason']

/**
 * Finds the actions in what a model wrote without keeping the format: after its last thought, in the last answer's
 * tags, behind the word "answer", in JSON, or alone. Prose with action names in it is no answer.
 */
export function readLeniently(text: string, names: Names): Found {
  const end = last(text, THOUGHT_END)
  const thought = end ? text.slice(last(text.slice(0, end.from), THOUGHT_START)?.to ?? 0, end.from) : ''
  const rest = text.slice(end?.to ?? 0)
  const start = last(rest, ANSWER_START)
  if (start) {
    const inside = rest.slice(start.to)
    const close = first(inside, ANSWER_END)
    const before = end ? thought : rest.slice(first(rest, THOUGHT_START)?.to ?? start.from, start.from)
    const actions = readList(close ? inside.slice(0, close.from) : inside, names)
    return { actions, thought: before.trim(), closed: close !== undefined }
  }
  if (!end && first(rest, THOUGHT_START)) {
    return {
      actions: '</think> is missing',
      thought: rest.slice(first(rest, THOUGHT_START)!.to).trim(),
      closed: false,
    }
  }
  const own = thoughtIn(rest)
  return { actions: untagged(rest, names), thought: (thought || own).trim(), closed: false }
}

/** The actions that tools were called with, or by the name of. */
export function readCalls(calls: readonly Call[], names: Names): Found {
  const actions: number[] = []
  let thought = ''
  for (const call of calls) {
    const given = typeof call.arguments === 'string' ? parsed(call.arguments) : call.arguments
    if (typeof given === 'object' && given !== null) thought ||= thoughtOf(given)
    const named = names.get(plain(call.name))
    const read = named === undefined ? flatten(given, names) : [named]
    if (typeof read === 'string') return { actions: read, thought, closed: true }
    append(actions, read)
  }
  return { actions: actions.length > 0 ? actions : 'the tool call names no action', thought, closed: true }
}

/** The tool call that a model wrote as text, because nobody else made one of it. */
function calledIn(text: string): Call {
  const end = text.indexOf('</tool_call>')
  const value = parsed(end < 0 ? text : text.slice(0, end))
  if (typeof value !== 'object' || value === null) return { name: '', arguments: undefined }
  const { name, arguments: given, parameters } = value as Record<string, unknown>
  return { name: String(name ?? ''), arguments: given ?? parameters ?? value }
}

function untagged(text: string, names: Names): number[] | string {
  const [, ...calls] = text.split(CALL)
  if (calls.length > 0) return readCalls(calls.map(calledIn), names).actions
  const whole = readList(text, names)
  if (typeof whole !== 'string' && whole.length > 0) return whole
  const label = last(text, LABEL)
  if (label) return readList(text.slice(label.to), names)
  const box = text.lastIndexOf('\\boxed{')
  if (box >= 0) return readList(text.slice(box + 7, text.indexOf('}', box) + 1 || undefined), names)
  const fences = [...text.matchAll(FENCE)]
  if (fences.length >= 2) {
    const [from, to] = fences.slice(-2)
    return readList(text.slice(from.index + from[0].length, to.index), names)
  }
  return '<answer> is missing'
}

/** Signs that dress a list up and say nothing; brackets once bullets like "1)" are gone. */
const MARKS = /\\(?:boxed|text|textbf|mathrm)\b|[`*"'“”‘’«»$#]/g
const BRACKETS = /[()[\]{}]/g
const SEPARATORS = /[,|;\n]+| ?(?:→|➜|⇒|->|=>) ?| (?:then|and) /i
/** "1.", "2)", "Step 3:", "-", "•" before a name. */
const BULLET = /^(?:[-–—•·+] ?)?(?:(?:step|action|move|turn) \d{1,4} ?[.):-]? ?|\(?\d{1,4} ?[.):] ?)?/i
const AROUND = new Set([...' .!:_'])
/** No action has a longer name. */
const LONGEST_NAME = 60

/** The action indices in a list of names, however it is dressed up, or why there are none. Linear in its length. */
function readList(text: string, names: Names): number[] | string {
  const bare = text.replace(FENCE, '').trim()
  if (/^[[{"]/.test(bare)) {
    const value = parsed(bare)
    if (value !== undefined) return flatten(value, names)
  }
  const actions: number[] = []
  for (const part of bare
    .replace(MARKS, ' ')
    .replace(/[^\S\n]+/g, ' ')
    .split(SEPARATORS)) {
    const piece = stripped(part.trim().replace(BULLET, '').replace(BRACKETS, ' '))
    const whole = names.get(plain(piece))
    if (whole !== undefined) actions.push(whole)
    else
      for (const word of piece.split(/\s+/)) {
        if (word === '') continue
        const index = names.get(plain(stripped(word)))
        if (index === undefined) return `unknown action '${word.slice(0, 40)}'`
        actions.push(index)
      }
  }
  return actions.length > 0 ? actions : NONE
}

/** Without full stops, colons and underscores around it. */
function stripped(text: string): string {
  let [from, to] = [0, text.length]
  while (from < to && AROUND.has(text[from])) from++
  while (to > from && AROUND.has(text[to - 1])) to--
  return text.slice(from, to)
}

/** The actions in a value of JSON: names, indices, lists of them, or objects that hold them under a usual key. */
function flatten(value: unknown, names: Names, depth = 0): number[] | string {
  if (typeof value === 'number') {
    return Number.isInteger(value) && value >= 0 && value < names.size ? [value] : `no action ${value}`
  }
  if (typeof value === 'string') return readList(value, names)
  if (typeof value !== 'object' || value === null || depth > 4) return NONE
  if (!Array.isArray(value)) {
    const key = KEYS.find((key) => Object.hasOwn(value, key))
    const others = Object.entries(value).filter(([key]) => !THOUGHT_KEYS.includes(key))
    if (key !== undefined) return flatten((value as Record<string, unknown>)[key], names, depth + 1)
    return others.length === 1 ? flatten(others[0][1], names, depth + 1) : NONE
  }
  const actions: number[] = []
  for (const one of value) {
    const read = flatten(one, names, depth + 1)
    if (typeof read === 'string') return read
    append(actions, read)
  }
  return actions.length > 0 ? actions : NONE
}

function thoughtIn(text: string): string {
  const bare = text.replace(FENCE, '').trim()
  const value = bare.startsWith('{') ? parsed(bare) : undefined
  return typeof value === 'object' && value !== null ? thoughtOf(value) : ''
}

function thoughtOf(value: object): string {
  const key = THOUGHT_KEYS.find((key) => Object.hasOwn(value, key))
  const thought = key === undefined ? '' : (value as Record<string, unknown>)[key]
  return typeof thought === 'string' ? thought : ''
}

/** Actions by name in any case, the name's words apart by blanks, hyphens or underscores. */
export type Names = ReadonlyMap<string, number>

export function namesOf(actions: readonly string[]): Names {
  return new Map(actions.map((name, index) => [plain(name), index]))
}

const plain = (name: string): string =>
  name.length > LONGEST_NAME ? '' : name.toLowerCase().replace(/[\s_-]+/g, '_')

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

interface Span {
  readonly from: number
  readonly to: number
}

function first(text: string, pattern: RegExp): Span | undefined {
  pattern.lastIndex = 0
  const [found] = text.matchAll(pattern)
  return found && { from: found.index, to: found.index + found[0].length }
}

function last(text: string, pattern: RegExp): Span | undefined {
  let found: RegExpExecArray | undefined
  for (const match of text.matchAll(pattern)) found = match
  return found && { from: found.index, to: found.index + found[0].length }
}
