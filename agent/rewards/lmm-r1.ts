import type { RewardRule } from '#core/env/reward'
import { wordsIn } from '../dialogue/answer.ts'
import { prefixGain } from './rules.ts'

/**
 * The reward that LMM-R1 trained its game with, as coded in its repository: 0 for a broken
 * format; else the best prefix sum, 0.5 for the format, and two bonuses for length that can be earned without
 * playing well. Offered to compare with; `format-accuracy` is the default.
 */
export const lmmR1Verifier: RewardRule = (turn) => {
  if (!turn.format) return { format: 0, accuracy: 0, length: 0, thinking: 0 }
  return {
    format: 0.5,
    accuracy: prefixGain(turn),
    length: lengthBonus(turn.actions),
    thinking: Math.min(0.2, 0.001 * wordsIn(turn.thought)),
  }
}

/** 0.05 per action up to 20, then falling to 0.8 at 50; 0.2 less and at most 0 when actions repeat in a loop. */
export function lengthBonus(actions: readonly string[]): number {
  const n = actions.length
  const beyond = (n - 20) / 30
  const bonus = n <= 20 ? 0.05 * n : 1 - 0.2 * beyond * beyond
  return loops(actions) ? Math.min(0, bonus - 0.2) : bonus
}

/** Whether some run of 1 to 5 actions stands more than 7 times in a row. */
export function loops(actions: readonly string[]): boolean {
  for (let size = 1; size <= 5; size++) {
    let matched = 0
    for (let i = size; i < actions.length; i++) {
      matched = actions[i] === actions[i - size] ? matched + 1 : 0
      if (matched >= 7 * size) return true
    }
  }
  return false
}
