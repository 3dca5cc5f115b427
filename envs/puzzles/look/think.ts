import { ACTIONS, MOVES } from '../config.ts'
import { families } from '../families/index.ts'
import { legs } from '../families/path.ts'
import type { Puzzles } from '../state.ts'
import { linesOf } from './text.ts'

const BETWEEN = ' ; '

/** The working: the legs of a walk, or how the answer comes about where `plan` gives it; nothing about another plan. */
export function think(state: Puzzles, plan: readonly number[]): string {
  return sentences(state, plan).join(BETWEEN)
}

/** Whether every sentence that claims something is one of the working; null for a thought without any. */
export function truthful(state: Puzzles, thought: string, plan: readonly number[]): boolean | null {
  const { family } = state.config.puzzle!
  const claims = thought.split(BETWEEN).filter((sentence) => families[family].claim.test(sentence))
  if (claims.length === 0) return null
  const truth = state.walks ? sentences(state, plan) : working(state)
  return claims.every((claim) => truth.includes(claim))
}

function sentences(state: Puzzles, plan: readonly number[]): readonly string[] {
  if (state.walks) {
    const moves = plan
      .map((action) => ACTIONS[action])
      .filter((word) => (MOVES as readonly string[]).includes(word))
    return legs(linesOf(state), moves)
  }
  const left = Array.from(state.answer.subarray(state.given, state.length))
  return left.length > 0 && left.every((action, i) => plan[i] === action) ? working(state) : []
}

function working({ config }: Puzzles): readonly string[] {
  const { family, lines } = config.puzzle!
  return families[family].work(lines).steps
}
