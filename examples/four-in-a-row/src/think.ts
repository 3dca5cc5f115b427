import { landing, wins } from './rules.ts'
import { clone, type Four } from './state.ts'

/** What a disc of the seat in a column would do: win, stop a win of the other, let the other win on top of it, or none of these. */
export const VIEWS = ['full', 'win', 'stop', 'gift', 'free'] as const
type View = (typeof VIEWS)[number]

/** One word per column from the left; nothing where hints tell it already. */
export function think(state: Four, seat: number): string {
  return state.config.hints ? '' : views(state, seat)
}

function views(state: Four, seat: number): string {
  const board = clone(state)
  return Array.from({ length: state.config.columns }, (_, column) => view(board, seat, column)).join(' ')
}

/** Whether all words of a thought are true; null where it says nothing of the columns. */
export function truthful(state: Four, seat: number, thought: string): boolean | null {
  const words = thought.split(' ').filter((word) => (VIEWS as readonly string[]).includes(word))
  return words.length === 0 ? null : words.join(' ') === views(state, seat)
}

/** Leaves the board as it was. */
function view(board: Four, seat: number, column: number): View {
  const row = landing(board, column)
  if (row < 0) return 'full'
  if (wins(board, seat, column, row)) return 'win'
  if (wins(board, 1 - seat, column, row)) return 'stop'
  if (row + 1 === board.config.rows) return 'free'
  const cell = row * board.config.columns + column
  board.cells[cell] = seat + 1
  const gift = wins(board, 1 - seat, column, row + 1)
  board.cells[cell] = 0
  return gift ? 'gift' : 'free'
}
