import { below, type Random } from 'kickpush/env'
import { DX, DY, isFull, landing, ROW, wins } from './rules.ts'
import { clone, type Four } from './state.ts'

/** How many discs the expert looks ahead, and how many free cells it plays out to the end. */
const DEPTH = 6
const END = 11

/** One ply: wins where it can, else stops a win, else drops anywhere. */
export function greedy(state: Four, seat: number, random: Random): number {
  const open = columnsOf(state)
  const own = open.find((column) => wins(state, seat, column, landing(state, column)))
  const other = open.find((column) => wins(state, 1 - seat, column, landing(state, column)))
  return own ?? other ?? open[below(random, open.length)]
}

/** Searches some discs ahead: wins as soon as it can, loses as late as it can; of equals, the middle. */
export function expert(state: Four, seat: number): number {
  const board = clone(state)
  const free = board.cells.reduce((sum, cell) => sum + (cell === 0 ? 1 : 0), 0)
  const depth = free <= END ? free : DEPTH
  let best = -1
  let most = Number.NEGATIVE_INFINITY
  for (const column of columnsOf(board)) {
    const value = after(board, seat, column, depth, most, Number.POSITIVE_INFINITY)
    if (value > most) [most, best] = [value, column]
  }
  return best
}

/** What dropping a disc is worth to `seat`: above 0 a win, the more the sooner. Leaves the board as it was. */
function after(
  board: Four,
  seat: number,
  column: number,
  depth: number,
  least: number,
  most: number,
): number {
  const row = landing(board, column)
  if (wins(board, seat, column, row)) return depth
  const cell = row * board.config.columns + column
  board.cells[cell] = seat + 1
  const value = depth === 1 ? promise(board, seat) : -best(board, 1 - seat, depth - 1, -most, -least)
  board.cells[cell] = 0
  return value
}

function best(board: Four, seat: number, depth: number, least: number, most: number): number {
  const open = columnsOf(board)
  if (open.length === 0) return 0
  let value = Number.NEGATIVE_INFINITY
  for (const column of open) {
    value = Math.max(value, after(board, seat, column, depth, Math.max(least, value), most))
    if (value >= most) break
  }
  return value
}

/** How the lines stand that can still become four in a row, between -1 and 1: what is worth less than any win. */
function promise({ config: { columns, rows }, cells }: Four, seat: number): number {
  let sum = 0
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      for (let d = 0; d < DX.length; d++) {
        const x = column + (ROW - 1) * DX[d]
        const y = row + (ROW - 1) * DY[d]
        if (x >= columns || y < 0 || y >= rows) continue
        let own = 0
        let others = 0
        for (let i = 0; i < ROW; i++) {
          const who = cells[(row + i * DY[d]) * columns + column + i * DX[d]]
          if (who === seat + 1) own++
          else if (who !== 0) others++
        }
        if (others === 0) sum += own * own
        else if (own === 0) sum -= others * others
      }
    }
  }
  return sum / 1000
}

/** Columns that take a disc, the middle ones first. */
function columnsOf(board: Four): number[] {
  const { columns } = board.config
  const middle = (columns - 1) / 2
  return Array.from({ length: columns }, (_, column) => column)
    .filter((column) => !isFull(board, column))
    .sort((a, b) => Math.abs(a - middle) - Math.abs(b - middle) || a - b)
}
