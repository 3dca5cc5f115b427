import type { Request } from '#core/play/policy'
import type { Vocabulary } from '../model/vocabulary.ts'
import { readActions } from './answer.ts'

/** The words with which an answer may not begin, because the action they begin with is not legal. */
export type Banned = (request: Request) => Int32Array | undefined

/**
 * The words that a conversation with `mask` keeps from being the first of an answer; undefined where it has none, or
 * where nothing, or everything, is legal.
 */
export function bannedWords(vocabulary: Vocabulary): Banned {
  const known = new Map<string, readonly number[]>()
  const beginnings = (names: readonly string[]): readonly number[] => {
    const key = names.join('\n')
    const found = known.get(key) ?? vocabulary.words.map((word) => firstAction(word, names))
    known.set(key, found)
    return found
  }
  return ({ env, state, seat, conversation }) => {
    if (!conversation.mask) return undefined
    const legal = env.legal?.(state, seat)
    if (!legal?.includes(true)) return undefined
    const banned: number[] = []
    for (const [token, action] of beginnings(env.actions(state.config)).entries()) {
      if (action === NOTHING || (action >= 0 && !legal[action])) banned.push(token)
    }
    return banned.length > 0 ? Int32Array.from(banned) : undefined
  }
}

/** A word that says nothing, so that the next one begins the answer. */
const NOTHING = -2

/** The action with which an answer begins that begins with `word`; -1 where it cannot be read. */
function firstAction(word: string, names: readonly string[]): number {
  const read = readActions(word, names)
  return typeof read === 'string' ? -1 : (read[0] ?? NOTHING)
}
