import type { Room } from './room.ts'

/**
 * Looks for corrals into which alone their boxes can be pushed, each push at once: some push of theirs can be the next one of any
 * solution that has one (PI-corrals of B. Damgaard and M. Wiegmann's YASC), so no others need be looked at.
 */
export interface Inward {
  readonly room: Room
  /** `area[cell] === areas` in the corral looked at, its boxes with it. */
  readonly area: Int32Array
  areas: number
  /** `met[cell] >= first` where a corral of this position has begun. */
  readonly met: Int32Array
  readonly line: Int32Array
  readonly boxes: Int32Array
  /** Boxes of the corral that was found last, 0 where there was none, and those boxes. */
  count: number
  readonly list: Int32Array
  /** `chosen[cell] === looks` at them. */
  readonly chosen: Int32Array
  looks: number
  /** Cells walked so far. */
  work: number
}

export function createInward(room: Room): Inward {
  const { size } = room
  const count = room.boxes.length
  return {
    room,
    area: new Int32Array(size),
    areas: 0,
    met: new Int32Array(size),
    line: new Int32Array(size),
    boxes: new Int32Array(count),
    count: 0,
    list: new Int32Array(count),
    chosen: new Int32Array(size),
    looks: 0,
    work: 0,
  }
}

/** Whether a push of this box can be the next one, as it was looked at last. */
export function isNext({ count, chosen, looks }: Inward, box: number): boolean {
  return count === 0 || chosen[box] === looks
}

/**
 * Finds the boxes of the smallest such corral, if there is one.
 * @param reach - at least `since` where the player can walk; `occupied` is not 0 at boxes, which are `boxes`.
 */
export function lookInward(
  inward: Inward,
  boxes: ArrayLike<number>,
  occupied: Uint8Array,
  reach: Int32Array,
  since: number,
): void {
  const { room, met, list, chosen } = inward
  const { steps, wall } = room
  const first = inward.areas + 1
  let least = 0
  for (let i = 0; i < boxes.length; i++) {
    for (let d = 0; d < 4; d++) {
      const start = boxes[i] + steps[d]
      if (wall[start] || occupied[start] || reach[start] >= since || met[start] >= first) continue
      const count = grow(inward, start, occupied, reach, since)
      if (count === 0 || (least > 0 && count >= least)) continue
      least = count
      for (let k = 0; k < count; k++) list[k] = inward.boxes[k]
    }
  }
  inward.count = least
  inward.looks++
  for (let k = 0; k < least; k++) chosen[list[k]] = inward.looks
}

/** The corral of `start` with whatever could push its boxes otherwise, unless the player could. @returns how many boxes; 0 for none. */
function grow(inward: Inward, start: number, occupied: Uint8Array, reach: Int32Array, since: number): number {
  const { room, area, boxes } = inward
  const { steps, wall, dead, target } = room
  const mark = ++inward.areas
  let count = flood(inward, start, occupied, 0)
  let home = true
  for (let i = 0; i < count; i++) {
    const box = boxes[i]
    if (!target[box]) home = false
    for (let d = 0; d < 4; d++) {
      const from = box - steps[d]
      const to = box + steps[d]
      if (wall[from] || wall[to] || dead[to]) continue
      if (reach[from] >= since && reach[to] >= since) return 0
      for (let side = 0; side < 2; side++) {
        const beside = side === 0 ? from : to
        if (area[beside] === mark || reach[beside] >= since) continue
        if (occupied[beside]) {
          area[beside] = mark
          boxes[count++] = beside
        } else count = flood(inward, beside, occupied, count)
      }
    }
  }
  return home ? 0 : count
}

/** Adds a region and the boxes around it to the corral looked at. @returns how many boxes it has then. */
function flood(inward: Inward, start: number, occupied: Uint8Array, before: number): number {
  const { room, area, areas, met, line, boxes } = inward
  const { steps, wall } = room
  let count = before
  let tail = 0
  line[tail++] = start
  area[start] = areas
  let walked = 0
  while (tail > 0) {
    const cell = line[--tail]
    met[cell] = areas
    walked++
    for (let d = 0; d < 4; d++) {
      const to = cell + steps[d]
      if (wall[to] || area[to] === areas) continue
      area[to] = areas
      if (occupied[to]) boxes[count++] = to
      else line[tail++] = to
    }
  }
  inward.work += walked
  return count
}
