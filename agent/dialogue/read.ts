import type { End } from '#core/play/policy'
import { parseAnswer } from './answer.ts'
import { type Found, namesOf, readCalls, readLeniently } from './lenient.ts'
import { type Reply, withoutEndTokens } from './reply.ts'

/** What a reply decides. */
export type Reading = {
  readonly thought: string
  /** How it ended, where not in an answer in words. */
  readonly end?: End
} & (
  | {
      readonly valid: true
      /** Whether it kept the format, or could be read all the same. */
      readonly format: 'strict' | 'lenient'
      /** Action indices to play, at most the limit. */
      readonly actions: readonly number[]
      /** How many more were answered; absent for none. */
      readonly beyond?: number
    }
  | {
      readonly valid: false
      readonly end: End
      /** What its writer is told. */
      readonly reason: string
    }
)

const TOLD = {
  'cut off': 'The answer was cut off before it ended: think less, then answer in the format.',
  refused: 'The answer was refused: it is a game, answer in the format.',
  filtered: 'The answer was held back by a filter: answer in the format.',
} as const

/**
 * Reads a reply with two strictnesses: what keeps the format (answer.ts) is strict, also when the thought came apart
 * from the text or the prompt began it; what does not is read leniently and still plays. Special tokens at the end
 * are no part of the answer.
 * @param thinks whether the format has a thought; where not, an answer without one keeps it.
 */
export function readReply(reply: Reply, names: readonly string[], limit: number, thinks = true): Reading {
  const { reasoning = '', calls = [], stopped } = reply
  const text = withoutEndTokens(reply.text)
  if (stopped === 'refused' || stopped === 'filtered') {
    return { valid: false, thought: reasoning.trim(), end: stopped, reason: TOLD[stopped] }
  }
  const strict = parseAnswer(asked(text, reply, thinks), names, limit)
  if (strict.valid) {
    const thought = strict.thought || reasoning.trim()
    const beyond = strict.answered.length - strict.actions.length
    return { valid: true, format: 'strict', thought, actions: strict.actions, ...(beyond > 0 && { beyond }) }
  }
  const called = calls.length > 0
  const found = called ? readCalls(calls, namesOf(names)) : readLeniently(text, namesOf(names))
  const thought = found.thought || reasoning.trim() || strict.thought
  const whole = stopped !== 'cut off' || found.closed
  if (typeof found.actions !== 'string' && whole) {
    const actions = found.actions.slice(0, limit)
    const beyond = found.actions.length - actions.length
    return {
      valid: true,
      format: 'lenient',
      thought,
      actions,
      ...(beyond > 0 && { beyond }),
      ...(called ? { end: 'tool call' } : {}),
    }
  }
  if (stopped === 'cut off') return { valid: false, thought, end: stopped, reason: TOLD[stopped] }
  return {
    valid: false,
    thought,
    end: called ? 'tool call' : 'malformed',
    reason: reasonOf(found, strict.reason),
  }
}

/** The reply as one text in the format, where it keeps it in parts. */
function asked(text: string, { reasoning, opened }: Reply, thinks: boolean): string {
  if (opened && !text.trimStart().startsWith('<think>')) return `<think>${text}`
  return (reasoning || !thinks) && !text.includes('<think>') ? `<think></think>${text}` : text
}

/** What the format misses says more than what a lenient reading misses, unless the answer itself is wrong. */
function reasonOf({ actions }: Found, strict: string): string {
  return typeof actions === 'string' && /^(?:unknown|no) action|tool call/.test(actions)
    ? `The answer could not be read (${actions}): regenerate it, following the format.`
    : strict
}
