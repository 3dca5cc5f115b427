import type { Four } from './state.ts'

/** How many in a row win. */
export const ROW = 4
/** Across, up, and both diagonals. */
export const DX = [1, 0, 1, 1]
export const DY = [0, 1, 1, -1]
const NOBODY: readonly number[] = []
const SEATS: readonly (readonly number[])[] = [[0], [1]]

/** The seat on turn; nobody once it is over. */
export function toAct({ turn, terminated, truncated }: Four): readonly number[] {
  return terminated || truncated ? NOBODY : SEATS[turn]
}

/** Whether a column takes no disc any more. */
export function isFull({ config: { columns, rows }, cells }: Four, column: number): boolean {
  return cells[(rows - 1) * columns + column] !== 0
}

/** The row a disc falls to in a column; -1 where it is full. */
export function landing({ config: { columns, rows }, cells }: Four, column: number): number {
  for (let row = 0; row < rows; row++) if (cells[row * columns + column] === 0) return row
  return -1
}

/** Discs of `who` (1 or 2) in a straight line from a cell, without the cell itself. */
function run(
  { config: { columns, rows }, cells }: Four,
  who: number,
  column: number,
  row: number,
  dx: number,
  dy: number,
): number {
  let length = 0
  for (let x = column + dx, y = row + dy; x >= 0 && x < columns && y >= 0 && y < rows; x += dx, y += dy) {
    if (cells[y * columns + x] !== who) break
    length++
  }
  return length
}

/** Whether a disc of `seat` in that cell makes four in a row. */
export function wins(state: Four, seat: number, column: number, row: number): boolean {
  for (let d = 0; d < DX.length; d++) {
    const there = run(state, seat + 1, column, row, DX[d], DY[d])
    if (there + run(state, seat + 1, column, row, -DX[d], -DY[d]) + 1 >= ROW) return true
  }
  return false
}

/** The seat on turn drops a disc; in a column that is full nothing happens, and it is asked again. Advances `state` in place, allocates nothing. */
export function step(state: Four, actions: ArrayLike<number>): void {
  const { rewards, terms, turn, cells, config } = state
  rewards.fill(0)
  terms.fill(0)
  if (state.terminated || state.truncated) return
  state.t++
  const column = actions[turn]
  const row = landing(state, column)
  if (row >= 0) {
    cells[row * config.columns + column] = turn + 1
    if (wins(state, turn, column, row)) state.winner = turn
    state.turn = 1 - turn
  }
  if (state.winner >= 0) {
    state.terminated = true
    terms[turn] = 1
    terms[1 - turn] = -1
    rewards[turn] = 1
    rewards[1 - turn] = -1
    return
  }
  let room = false
  for (let i = 0; i < config.columns; i++) if (!isFull(state, i)) room = true
  state.terminated = !room
  state.truncated = room && state.t >= 2 * config.columns * config.rows
}

/** Which columns take a disc of `seat` now. */
export function legal(state: Four, seat: number): boolean[] {
  const mine = state.turn === seat && !state.terminated && !state.truncated
  return Array.from({ length: state.config.columns }, (_, column) => mine && !isFull(state, column))
}
