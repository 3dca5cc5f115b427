import type { Room } from './room.ts'

/** What bounds the steps that push nothing. */
export interface Walks {
  readonly width: number
  /** Sums of the rows and columns of the targets. */
  readonly rows: number
  readonly columns: number
  /** Row, column of every cell that the last push can leave the player on. */
  readonly ends: Int32Array
}

/** Where the player can stand after the last push: beside a target, with room to have pushed from. */
export function createWalks(room: Room): Walks {
  const { width, targets, steps, wall } = room
  const ends = new Set<number>()
  let rows = 0
  let columns = 0
  for (const target of targets) {
    rows += Math.floor(target / width)
    columns += target % width
    for (const step of steps) {
      const end = target - step
      if (!wall[end] && !wall[end - step]) ends.add(end)
    }
  }
  const places = [...ends].flatMap((cell) => [Math.floor(cell / width), cell % width])
  return { width, rows, columns, ends: Int32Array.from(places) }
}

/**
 * A lower bound of the steps without a push that remain. Every push moves player and box alike, so what the
 * boxes still have to travel in all, the player travels with them; the rest of his way he must walk.
 */
export function walksLeft(walks: Walks, boxes: ArrayLike<number>, player: number): number {
  const { width, ends } = walks
  let rows = walks.rows
  let columns = walks.columns
  for (let i = 0; i < boxes.length; i++) {
    const row = Math.floor(boxes[i] / width)
    rows -= row
    columns -= boxes[i] - row * width
  }
  const row = Math.floor(player / width)
  rows += row
  columns += player - row * width
  let least = 1 << 20
  for (let i = 0; i < ends.length; i += 2) {
    const away = Math.abs(ends[i] - rows) + Math.abs(ends[i + 1] - columns)
    if (away < least) least = away
  }
  return least
}
