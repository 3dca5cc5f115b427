import type { Sketch } from '#core/env/env'
import { BOX, WALL } from '../levels/level.ts'
import type { Sokoban } from '../state.ts'

/** Steps of a turn that are told apart; later ones count as the last. */
const STEPS = 12

/** Where a box is first pushed from here (0: nowhere); where the player goes first from here this turn, and at which step. */
export const answers = [5, 5, STEPS + 1] as const

/** By cell: the direction + 1 of the first push off it, the direction + 1 of the player's first step off it, and its number. */
export function draw(state: Sokoban, turn: readonly number[], plan: readonly number[]): Sketch {
  const { board } = state
  const cells = state.cells.slice()
  const [pushes, ways, times] = answers.map(() => new Uint8Array(cells.length))
  let player = state.player
  for (const [i, action] of plan.entries()) {
    const move = board.steps[action]
    const to = player + move
    if (move === 0 || cells[to] & WALL) continue
    const direction = move < -1 ? 1 : move > 1 ? 2 : move < 0 ? 3 : 4
    if (cells[to] & BOX) {
      if (!board.pushes[action] || cells[to + move] & (WALL | BOX)) continue
      cells[to] &= ~BOX
      cells[to + move] |= BOX
      pushes[to] ||= direction
    }
    if (i < turn.length && ways[player] === 0) {
      ways[player] = direction
      times[player] = Math.min(STEPS, i + 1)
    }
    player = to
  }
  return { columns: board.width, answers: [pushes, ways, times] }
}
