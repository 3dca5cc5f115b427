import { BOX, WALL } from '../levels/level.ts'
import { legal } from '../rules.ts'
import type { Sokoban } from '../state.ts'
import { CELL } from './scene.ts'

/** The direction of the cell at (x, y) from the player, who stands beside it; null elsewhere, and against what is fast. */
export function point(state: Sokoban, x: number, y: number): number | null {
  const { config, board, player } = state
  const right = Math.floor(x / CELL) - (player % board.width)
  const down = Math.floor(y / CELL) - Math.floor(player / board.width)
  if (Math.abs(right) + Math.abs(down) !== 1) return null
  const direction = down !== 0 ? (down < 0 ? 0 : 1) : right < 0 ? 2 : 3
  const action = direction + (config.actionSet === 'gym' ? 1 : 0)
  return legal(state)[action] ? action : null
}

/** The shortest walk to the floor at (x, y), pushing nothing; null where none leads there in the steps that are left. */
export function route(state: Sokoban, x: number, y: number): number[] | null {
  const { config, board, cells, player } = state
  const [column, row] = [Math.floor(x / CELL), Math.floor(y / CELL)]
  if (column < 0 || row < 0 || column >= board.width || row >= board.height) return null
  if (state.terminated || state.truncated) return null
  const to = row * board.width + column
  const first = config.actionSet === 'gym' ? 1 : 0
  // From the end: each cell knows the action that leads a step nearer to it.
  const next = new Int8Array(cells.length).fill(-1)
  const queue = [to]
  for (let i = 0; i < queue.length && next[player] < 0; i++) {
    for (let action = first; action < first + 4; action++) {
      const from = queue[i] - board.steps[action]
      if (from === to || next[from] !== -1 || cells[queue[i]] & (WALL | BOX)) continue
      next[from] = action
      queue.push(from)
    }
  }
  if (next[player] < 0) return null
  const way: number[] = []
  for (let cell = player; cell !== to; cell += board.steps[next[cell]]) way.push(next[cell])
  return state.t + way.length > config.maxSteps ? null : way
}
