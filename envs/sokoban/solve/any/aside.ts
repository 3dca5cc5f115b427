import type { Room } from '../room.ts'
import { besides, pulledPlaces } from './pull.ts'

/** A box pulled from where it was full to where it waits. */
export interface Aside {
  readonly from: number
  readonly to: number
}

/** So many boxes are pulled aside, one after the other, before another has to come out. */
const MOST = 3

/**
 * The fewest boxes pulled aside after which another can be pulled out of full cells; null where none are found. The next one aside
 * is one that the one before let go where it could not, if there is any.
 * @param inside - the full cells; `full` is 1 there, and the same again afterwards.
 * @param spend - told cells walked; true ends it.
 */
export function asides(
  room: Room,
  full: Uint8Array,
  inside: readonly number[],
  spend: (work: number) => boolean,
): readonly Aside[] | null {
  const starts = new Set(room.boxes)
  let over = false
  const reached = (cell: number): readonly number[] => {
    if (over) return []
    const { cells, work } = pulledPlaces(room, full, cell, besides(room, cell))
    over = spend(work)
    return cells
  }
  const isOut = (cells: readonly number[]): boolean => cells.some((cell) => starts.has(cell))
  const look = (
    boxes: readonly number[],
    movable: readonly number[],
    more: number,
  ): readonly Aside[] | null => {
    const before = new Map(boxes.map((box) => [box, new Set(reached(box))]))
    for (const from of movable) {
      // Of places that let the same boxes go one is gone on from: that which leaves most to them.
      const onward = new Map<string, { to: number; freed: readonly number[]; room: number }>()
      for (const to of before.get(from)!) {
        full[from] = 0
        full[to] = 1
        const now = boxes.filter((box) => box !== from).map((box) => ({ box, cells: reached(box) }))
        full[to] = 0
        full[from] = 1
        if (over) return null
        if (now.some(({ cells }) => isOut(cells))) return [{ from, to }]
        const freed = now.filter(({ box, cells }) =>
          cells.some((cell) => cell !== from && !before.get(box)!.has(cell)),
        )
        const left = freed.reduce((sum, { cells }) => sum + cells.length, 0)
        const name = freed.map(({ box }) => box).join(' ')
        if (left < (onward.get(name)?.room ?? 0)) continue
        onward.set(name, { to, freed: freed.map(({ box }) => box), room: left })
      }
      if (more === 0) continue
      for (const { to, freed } of onward.values()) {
        full[from] = 0
        full[to] = 1
        const then = boxes.map((box) => (box === from ? to : box))
        const rest = look(then, freed.length > 0 ? freed : then, more - 1)
        full[to] = 0
        full[from] = 1
        if (rest !== null) return [{ from, to }, ...rest]
        if (over) return null
      }
    }
    return null
  }
  for (let more = 0; more < MOST; more++) {
    const found = look(inside, inside, more)
    if (found !== null || over) return found
  }
  return null
}
