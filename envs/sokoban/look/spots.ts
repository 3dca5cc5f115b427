import type { Spot } from '#core/env/env'
import { BOX, offsets, WALL } from '../levels/level.ts'
import { clone, type Sokoban } from '../state.ts'
import { CELL } from './scene.ts'

/** The cell of the player. */
export function whereabouts({ board, player }: Sokoban): Spot {
  const { width } = board
  const middle = CELL / 2
  return {
    x: (player % width) * CELL + middle,
    y: Math.floor(player / width) * CELL + middle,
    size: CELL,
  }
}

/** The player on every cell that it could reach if boxes let it through, without those of boxes. */
export function elsewhere(state: Sokoban): Sokoban[] {
  const { cells, board, player } = state
  const seen = new Uint8Array(cells.length)
  const found = [player]
  seen[player] = 1
  for (let i = 0; i < found.length; i++) {
    for (const offset of offsets(board.width)) {
      const next = found[i] + offset
      if (seen[next] || cells[next] & WALL) continue
      seen[next] = 1
      found.push(next)
    }
  }
  return found.filter((cell) => !(cells[cell] & BOX)).map((cell) => ({ ...clone(state), player: cell }))
}
