import { FAR, type Room } from '../room.ts'
import { type Board, regions } from './board.ts'
import { links } from './links.ts'
import { type Packing, stageOf } from './packing.ts'

/** What is looked at in a position, by place in a list of features. */
export const PACKED = 0
/** Regions the boxes part the floor into. */
export const REGIONS = 1
/** Narrow places that a box stands in. */
export const LINKS = 2
/** Boxes that the next packing would shut off. */
export const STRAY = 3
/** Boxes that can be pushed at once. */
export const MOBILE = 4
/** Cells the player can walk to. */
export const AREA = 5
/** Pushes of the nearest box to the target that is next. */
export const NEAR = 6
/** Boxes that have no target left while what is packed stays. */
export const LOST = 7
export const FEATURES = 8

/** What features need to know about a level. */
export interface Eyes {
  readonly room: Room
  readonly packing: Packing
  readonly link: Uint16Array
  readonly linked: Int32Array
  times: number
}

export function createEyes(room: Room, packing: Packing): Eyes {
  const { link, count } = links(room)
  return { room, packing, link, linked: new Int32Array(count + 1), times: 0 }
}

/**
 * How many in order are filled: those without an order, and if all of them are, up to the last place at which all that are to
 * be filled then are.
 */
export function packed({ order, left, waits, loose }: Packing, occupied: Uint8Array): number {
  let full = 0
  for (let i = 0; i < loose; i++) full += occupied[order[i]]
  if (full < loose) return full
  let missing = 0
  for (let i = loose; i < order.length && missing <= waits; i++) {
    if (!occupied[order[i]]) missing++
    if (left[i] >= 0 && !occupied[left[i]]) missing--
    if (missing === 0) full = i + 1
  }
  return full
}

/** Whether a box on this cell is packed and stays, when `full` targets are full. */
export function stays(packing: Packing, cell: number, full: number): boolean {
  return full >= packing.loose && packing.filled[full][cell] === 1
}

/** Writes the features of the boxes at `boxes`, which the board holds, to `into` from `at`; the board's last walk is the player's. */
export function observe(eyes: Eyes, board: Board, boxes: Uint16Array, into: Int32Array, at: number): void {
  const { room, packing, link, linked } = eyes
  const { occupied, reach, walked } = board
  const { steps, wall, dead } = room
  const { order, loose } = packing
  const full = packed(packing, occupied)
  const filled = packing.filled[Math.max(full, loose)]
  const { near, pushes, shut } = stageOf(room, packing, full)
  const after = full + 1 < order.length ? stageOf(room, packing, full + 1).shut : null
  const time = ++eyes.times
  let narrow = 0
  let stray = 0
  let mobile = 0
  let nearest = FAR
  let lost = 0
  // One of those that would be shut off may be the one to be packed.
  let fits = 0
  for (let i = 0; i < boxes.length; i++) {
    const cell = boxes[i]
    if (link[cell] && linked[link[cell]] !== time) {
      linked[link[cell]] = time
      narrow++
    }
    let pushed = 0
    let met = 0
    let hope = 0
    for (let d = 0; d < 4; d++) {
      if (reach[cell - steps[d]] !== walked) continue
      met = 1
      const to = cell + steps[d]
      if (!wall[to] && !occupied[to] && !dead[to]) pushed = 1
      if (pushes[4 * cell + d] !== FAR) hope = 1
    }
    mobile += pushed
    if (filled[cell]) continue
    if (shut[cell] || (met && !hope)) lost++
    if (near[cell] < nearest) nearest = near[cell]
    if (after === null || !after[cell]) continue
    stray++
    if (near[cell] !== FAR) fits = 1
  }
  into[at + PACKED] = full
  into[at + REGIONS] = regions(board)
  into[at + LINKS] = narrow
  into[at + STRAY] = stray - fits
  into[at + MOBILE] = mobile
  into[at + AREA] = board.area
  into[at + NEAR] = nearest
  into[at + LOST] = lost
}
