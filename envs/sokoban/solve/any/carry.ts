import { frozen } from '../deadlock.ts'
import { FAR } from '../room.ts'
import { type Board, walk } from './board.ts'

/** Where pushes of one box bring it while the others stand: a list in order of pushes, and scratch for making it. */
export interface Carry {
  readonly cell: Int32Array
  readonly player: Int32Array
  /** Direction of the last push; -1 where the box stood. */
  readonly push: Int8Array
  /** Entry of the list before that push. */
  readonly before: Int32Array
  readonly seen: Int32Array
  times: number
}

export function createCarry({ room }: Board): Carry {
  const most = 4 * room.size + 1
  return {
    cell: new Int32Array(most),
    player: new Int32Array(most),
    push: new Int8Array(most),
    before: new Int32Array(most),
    seen: new Int32Array(most),
    times: 0,
  }
}

/**
 * Brings the box at `from` everywhere, except where it is surely lost, and calls `found` with each entry of the list: the
 * board then holds the box there, and its last walk is the player's. Stops when `found` returns true.
 * @param hope - pushes to a target by cell and direction; FAR where none is left.
 */
export function carry(
  list: Carry,
  board: Board,
  from: number,
  player: number,
  hope: Uint16Array,
  found: (entry: number) => boolean,
): void {
  const { room, occupied, reach } = board
  const { steps, wall, dead } = room
  const { cell, seen } = list
  const time = ++list.times
  let count = 1
  cell[0] = from
  list.player[0] = player
  list.push[0] = -1
  occupied[from] = 0
  for (let entry = 0; entry < count; entry++) {
    const box = cell[entry]
    if (entry > 0 && seen[4 * box + list.push[entry]] === time) continue
    occupied[box] = 1
    walk(board, list.player[entry])
    const { walked } = board
    for (let d = 0; d < 4; d++) if (reach[box - steps[d]] === walked) seen[4 * box + d] = time
    if (entry > 0 && box !== from && found(entry)) {
      occupied[box] = 0
      break
    }
    occupied[box] = 0
    for (let d = 0; d < 4; d++) {
      const to = box + steps[d]
      if (seen[4 * box + d] !== time || reach[box - steps[d]] !== walked) continue
      if (wall[to] || occupied[to] || dead[to] || hope[4 * to + d] === FAR || seen[4 * to + d] === time)
        continue
      occupied[to] = 1
      const stuck = frozen(room, occupied, to)
      occupied[to] = 0
      if (stuck) continue
      cell[count] = to
      list.player[count] = box
      list.push[count] = d
      list.before[count] = entry
      count++
    }
  }
  occupied[from] = 1
}
