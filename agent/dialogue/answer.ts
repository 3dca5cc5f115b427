import { didYouMean } from '#core/base/errors'

/** What a response in words says, or what to tell an agent whose response says nothing that can be played. */
export type Answer =
  | {
      readonly valid: true
      readonly thought: string
      /** Action indices to play, at most the limit. */
      readonly actions: readonly number[]
      /** Every action answered, also those beyond the limit. */
      readonly answered: readonly number[]
    }
  | { readonly valid: false; readonly thought: string; readonly reason: string }

const TAGS = ['<think>', '</think>', '<answer>', '</answer>'] as const

/**
 * Reads `<think>..</think><answer>..</answer>`: exactly one of each tag, in this order, nothing but white space
 * outside them, and between the answer tags at least one action name (any case), apart by commas, `|` or space.
 * Format of LMM-R1 (arXiv 2503.07536), with RAGEN's separator accepted as well.
 */
export function parseAnswer(text: string, actionNames: readonly string[], limit: number): Answer {
  const at: number[] = []
  for (const tag of TAGS) {
    const first = text.indexOf(tag)
    if (first < 0) return invalid(text, `${tag} is missing`)
    if (text.indexOf(tag, first + tag.length) >= 0) return invalid(text, `${tag} appears more than once`)
    at.push(first)
  }
  const [think, thinkEnd, answer, answerEnd] = at
  if (!(think < thinkEnd && thinkEnd < answer && answer < answerEnd)) {
    return invalid(text, 'the tags are not in the order <think> </think> <answer> </answer>')
  }
  const outside =
    text.slice(0, think) +
    text.slice(thinkEnd + TAGS[1].length, answer) +
    text.slice(answerEnd + TAGS[3].length)
  if (outside.trim() !== '') return invalid(text, `text outside the tags: '${outside.trim().slice(0, 40)}'`)

  const answered = readActions(text.slice(answer + TAGS[2].length, answerEnd), actionNames)
  if (typeof answered === 'string') return invalid(text, answered)
  if (answered.length === 0) return invalid(text, 'the answer names no action')
  return { valid: true, thought: thoughtOf(text), actions: answered.slice(0, limit), answered }
}

/** The action indices that a list of names or indices stands for, or the reason why it stands for none. */
export function readActions(list: string, actionNames: readonly string[]): number[] | string {
  const indexOf = new Map(actionNames.map((name, index) => [name.toLowerCase(), index]))
  const actions: number[] = []
  for (const piece of list.split(/[,|;\n]+/)) {
    const words = piece.trim().split(/\s+/)
    const whole = indexOf.get(words.join(' ').toLowerCase())
    if (whole !== undefined) {
      actions.push(whole)
      continue
    }
    for (const word of words) {
      if (word === '') continue
      const index = indexOf.get(word.toLowerCase())
      if (index === undefined) return `unknown action '${word.slice(0, 40)}'${didYouMean(word, actionNames)}`
      actions.push(index)
    }
  }
  return actions
}

/** The response that says `thought` and answers `actions`: what an expert would have written. */
export function writeAnswer(thought: string, actions: readonly string[]): string {
  return `<think>${thought}</think><answer>${actions.join(', ')}</answer>`
}

/** How many words a text has. */
export const wordsIn = (text: string): number => text.split(/\s+/).filter(Boolean).length

function invalid(text: string, reason: string): Answer {
  return {
    valid: false,
    thought: thoughtOf(text),
    reason: `The answer could not be read (${reason}): regenerate it, following the format.`,
  }
}

function thoughtOf(text: string): string {
  const start = text.indexOf(TAGS[0])
  if (start < 0) return ''
  const end = text.indexOf(TAGS[1], start)
  return text.slice(start + TAGS[0].length, end < 0 ? undefined : end).trim()
}
