import type { Room } from '../room.ts'

/** Boxes of one position on the cells of a level, and how far its player walks. */
export interface Board {
  readonly room: Room
  /** Cells that are not walls, ascending. */
  readonly floor: Int32Array
  /** 1 at boxes. */
  readonly occupied: Uint8Array
  /** `reach[cell] === walked` where the player of the last walk can stand. */
  readonly reach: Int32Array
  walked: number
  /** First cell of the region walked last, the same for all its cells, and how many they are. */
  corner: number
  area: number
  readonly counted: Int32Array
  counts: number
  readonly line: Int32Array
  /** Cells walked so far. */
  work: number
}

export function createBoard(room: Room): Board {
  const { size, wall } = room
  return {
    room,
    floor: Int32Array.from(wall.keys()).filter((cell) => !wall[cell]),
    occupied: new Uint8Array(size),
    reach: new Int32Array(size),
    walked: 0,
    corner: 0,
    area: 0,
    counted: new Int32Array(size),
    counts: 0,
    line: new Int32Array(size),
    work: 0,
  }
}

/** Walks everywhere that the player at `player` can get to around the boxes. */
export function walk(board: Board, player: number): void {
  const { room, occupied, reach, line } = board
  const { steps, wall } = room
  const walked = ++board.walked
  let tail = 0
  let area = 0
  let corner = player
  line[tail++] = player
  reach[player] = walked
  while (tail > 0) {
    const cell = line[--tail]
    area++
    if (cell < corner) corner = cell
    for (let d = 0; d < 4; d++) {
      const to = cell + steps[d]
      if (reach[to] === walked || wall[to] || occupied[to]) continue
      reach[to] = walked
      line[tail++] = to
    }
  }
  board.corner = corner
  board.area = area
  board.work += area
}

/** How many regions the boxes part the floor into, the one walked last among them. */
export function regions(board: Board): number {
  const { room, floor, occupied, reach, walked, counted, line } = board
  const { steps, wall } = room
  const mark = ++board.counts
  let count = 1
  for (let i = 0; i < floor.length; i++) {
    const start = floor[i]
    if (occupied[start] || reach[start] === walked || counted[start] === mark) continue
    count++
    let tail = 0
    line[tail++] = start
    counted[start] = mark
    while (tail > 0) {
      const cell = line[--tail]
      for (let d = 0; d < 4; d++) {
        const to = cell + steps[d]
        if (wall[to] || occupied[to] || counted[to] === mark) continue
        counted[to] = mark
        line[tail++] = to
      }
    }
  }
  board.work += floor.length
  return count
}
