import { below, type Random } from 'kickpush/env'
import { DX, DY, isFull, landing, ROW, wins } from './rules.ts'
import type { Four } from './state.ts'

/** How many discs the expert looks ahead, and how many free cells it plays out to the end. */
const DEPTH = 6
const END = 11

/** One ply: wins where it can, else stops a win, else drops anywhere. */
export function greedy(state: Four, seat: number, random: Random): number {
  const { columns } = state.config
  const open = middleFirst(columns).filter((column) => !isFull(state, column))
  const own = open.find((column) => wins(state, seat, column, landing(state, column)))
  const other = open.find((column) => wins(state, 1 - seat, column, landing(state, column)))
  return own ?? other ?? open[below(random, open.length)]
}

/** Columns, the middle ones first. */
function middleFirst(columns: number): number[] {
  const middle = (columns - 1) / 2
  return Array.from({ length: columns }, (_, column) => column).sort(
    (a, b) => Math.abs(a - middle) - Math.abs(b - middle) || a - b,
  )
}

/** A player of one board's size who searches some discs ahead: wins as soon as it can, loses as late; of equals, the middle. */
export class Expert {
  private readonly columns: number
  private readonly rows: number
  private readonly order: Int32Array
  /** Numbers of the straight lines of four through each cell. */
  private readonly through: readonly Int32Array[]
  /** Discs of each seat in every line. */
  private readonly counts: readonly [Uint8Array, Uint8Array]
  /** Discs in each column. */
  private readonly heights: Uint8Array
  /** How the lines stand that can still become four in a row, for the first seat: discs in each, squared. */
  private promise = 0

  constructor(columns: number, rows: number) {
    this.columns = columns
    this.rows = rows
    this.order = Int32Array.from(middleFirst(columns))
    const all = lines(columns, rows)
    this.through = Array.from({ length: columns * rows }, (_, cell) =>
      Int32Array.from(all.flatMap((line, i) => (line.includes(cell) ? [i] : []))),
    )
    this.counts = [new Uint8Array(all.length), new Uint8Array(all.length)]
    this.heights = new Uint8Array(columns)
  }

  /** The column to drop a disc of `seat` in. */
  choose({ cells }: Four, seat: number): number {
    for (const counts of this.counts) counts.fill(0)
    this.heights.fill(0)
    this.promise = 0
    let free = 0
    for (const [cell, who] of cells.entries()) {
      if (who > 0) this.put(who - 1, cell % this.columns)
      else free++
    }
    const depth = free <= END ? free : DEPTH
    let best = -1
    let most = Number.NEGATIVE_INFINITY
    for (const column of this.order) {
      if (this.heights[column] === this.rows) continue
      const value = this.after(seat, column, depth, most, Number.POSITIVE_INFINITY)
      if (value > most) [most, best] = [value, column]
    }
    return best
  }

  /** What dropping a disc is worth to `seat`: above 0 a win, the more the sooner; what is no win yet, between -1 and 1. */
  private after(seat: number, column: number, depth: number, least: number, most: number): number {
    let value = depth
    if (!this.put(seat, column)) {
      if (depth > 1) value = -this.best(1 - seat, depth - 1, -most, -least)
      else value = (seat === 0 ? this.promise : -this.promise) / 1000
    }
    this.take(seat, column)
    return value
  }

  private best(seat: number, depth: number, least: number, most: number): number {
    let value = Number.NEGATIVE_INFINITY
    for (let i = 0; i < this.columns; i++) {
      const column = this.order[i]
      if (this.heights[column] === this.rows) continue
      value = Math.max(value, this.after(seat, column, depth, Math.max(least, value), most))
      if (value >= most) break
    }
    return value === Number.NEGATIVE_INFINITY ? 0 : value
  }

  /** Drops a disc; whether it makes four in a row. */
  private put(seat: number, column: number): boolean {
    return this.count(seat, this.heights[column]++ * this.columns + column, 1)
  }

  private take(seat: number, column: number): void {
    this.count(seat, --this.heights[column] * this.columns + column, -1)
  }

  private count(seat: number, cell: number, change: 1 | -1): boolean {
    const through = this.through[cell]
    const own = this.counts[seat]
    const others = this.counts[1 - seat]
    let promise = 0
    let four = false
    for (let i = 0; i < through.length; i++) {
      const line = through[i]
      const before = own[line]
      const after = before + change
      own[line] = after
      if (after === ROW) four = true
      if (others[line] === 0) promise += after * after - before * before
      // A line that both are in is nobody's.
      else if (before === 0 || after === 0) promise += change * others[line] * others[line]
    }
    this.promise += seat === 0 ? promise : -promise
    return four
  }
}

/** Every straight line of four cells. */
function lines(columns: number, rows: number): number[][] {
  const found: number[][] = []
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      for (let d = 0; d < DX.length; d++) {
        const x = column + (ROW - 1) * DX[d]
        const y = row + (ROW - 1) * DY[d]
        if (x >= columns || y < 0 || y >= rows) continue
        found.push(Array.from({ length: ROW }, (_, i) => (row + i * DY[d]) * columns + column + i * DX[d]))
      }
    }
  }
  return found
}
