import { BOX, DIRECTIONS, WALL } from '../levels/level.ts'
import type { Sokoban } from '../state.ts'
import { coordinates } from './text.ts'

/** The first push of a plan in a few words: 'push Right r3 c4' (where the box stands now), or 'no push'. */
export function think(state: Sokoban, plan: readonly number[]): string {
  const { cells, board } = state
  let player = state.player
  for (const action of plan) {
    const move = board.steps[action]
    const to = player + move
    if (cells[to] & BOX && board.pushes[action] && !(cells[to + move] & (WALL | BOX))) {
      const direction = move < -1 ? 0 : move > 1 ? 1 : move < 0 ? 2 : 3
      return `push ${DIRECTIONS[direction]} ${coordinates(to, board.width)}`
    }
    if (!(cells[to] & (WALL | BOX))) player = to
  }
  return 'no push'
}

/** Whether every claim about the first push holds; null for a thought without such a claim. */
export function truthful(state: Sokoban, thought: string, plan: readonly number[]): boolean | null {
  const claims = thought.match(/\bno push\b|\bpush (?:Up|Down|Left|Right) r\d+ c\d+/g)
  if (claims === null) return null
  const truth = think(state, plan)
  return claims.every((claim) => claim === truth)
}
