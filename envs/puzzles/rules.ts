import { ACTIONS, COLUMNS, MOVES } from './config.ts'
import type { Puzzles } from './state.ts'

const STEP = -0.1
const SOLVED = 10

const FIRST_MOVE = ACTIONS.indexOf(MOVES[0])

/** The cell that a move leads to; the walker's own where a wall or the edge is, or where the action is no move. */
export function target({ walker, walls }: Puzzles, action: number): number {
  const move = action - FIRST_MOVE
  const column = walker % COLUMNS
  let cell = walker
  if (move === 0) cell = walker - COLUMNS
  else if (move === 1) cell = walker + COLUMNS
  else if (move === 2) cell = column > 0 ? walker - 1 : walker
  else if (move === 3) cell = column + 1 < COLUMNS ? walker + 1 : walker
  return cell < 0 || cell >= walls.length || walls[cell] === 1 ? walker : cell
}

/**
 * One word of an answer, or one move in a maze. A word that answers no such question does nothing; a wrong one ends the
 * episode. Advances `state` in place and allocates nothing.
 */
export function step(state: Puzzles, actions: ArrayLike<number>): void {
  const { rewards, terms } = state
  rewards.fill(0)
  terms.fill(0)
  if (state.terminated || state.truncated) return
  state.t++
  const action = actions[0]
  if (state.walks) state.walker = target(state, action)
  else if (state.choices[action] === 1) {
    if (state.answer[state.given] === action) state.given++
    else state.wrong = 1 + action
  }
  const solved = isSolved(state)
  terms[0] = STEP
  terms[1] = solved ? SOLVED : 0
  rewards[0] = terms[0] + terms[1]
  state.terminated = solved || state.wrong > 0
  state.truncated = !state.terminated && state.t >= state.config.maxSteps
}

export const isSolved = ({ walks, walker, goal, given, length }: Puzzles): boolean =>
  walks ? walker === goal : given === length

/** Moves that lead somewhere, or words that may answer the question. */
export function legal(state: Puzzles): boolean[] {
  if (state.terminated || state.truncated) return ACTIONS.map(() => false)
  return ACTIONS.map((_, action) =>
    state.walks ? target(state, action) !== state.walker : state.choices[action] === 1,
  )
}
