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
