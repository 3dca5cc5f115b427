import { BOX, TARGET, WALL } from './levels/level.ts'
import { FLAGS, type Sokoban } from './state.ts'

/** Reward terms in order: every step costs, a box on or off a target pays or costs, the end pays. */
export const TERMS = ['step', 'box', 'solved'] as const

export const STEP = -0.1
export const SOLVED = 10

/**
 * The rules and rewards of gym-sokoban (mpSchrader/gym-sokoban). Unlike there, an ended episode stays as it
 * is: a further step changes nothing and pays nothing.
 * @throws RangeError for an action that is not in the action set.
 */
export function step(state: Sokoban, actions: ArrayLike<number>): void {
  const { cells, board, terms } = state
  const move = board.steps[actions[0]]
  if (move === undefined) throw new RangeError(`sokoban has no action ${actions[0]}`)
  state.pushed = 0
  if (state.terminated || state.truncated) {
    terms[0] = terms[1] = terms[2] = state.rewards[0] = 0
    return
  }
  let change = 0
  const to = state.player + move
  const cell = cells[to]
  if ((cell & (WALL | BOX)) === 0) {
    state.player = to
  } else if (cell & BOX && board.pushes[actions[0]]) {
    const beyond = to + move
    const free = cells[beyond]
    if ((free & (WALL | BOX)) === 0) {
      cells[beyond] = free | (cell & ~TARGET)
      cells[to] = cell & TARGET
      change = ((free & TARGET) - (cell & TARGET)) / TARGET
      state.on += change
      state.player = to
      state.pushed = beyond
    }
  }
  state.t++
  const solved = state.on === board.boxes
  terms[0] = STEP
  terms[1] = change
  terms[2] = solved ? SOLVED : 0
  state.rewards[0] = STEP + change + terms[2]
  if (solved) state.terminated = true
  else if (state.t >= state.config.maxSteps) state.truncated = true
}

/** Which actions change the position now. */
export function legal(state: Sokoban): boolean[] {
  const { cells, board, player } = state
  return Array.from(board.steps, (move, action) => {
    if (move === 0 || state.terminated || state.truncated) return false
    const cell = cells[player + move] & FLAGS
    if (cell & BOX) return board.pushes[action] === 1 && (cells[player + 2 * move] & (WALL | BOX)) === 0
    return (cell & WALL) === 0
  })
}
