import { FAR, type Room } from '../room.ts'
import { clockOf } from '../solution.ts'
import { asides } from './aside.ts'
import { pushesOf, sidesOf } from './lone.ts'
import { besides, type Pulled, pullOut } from './pull.ts'

/** In which order targets are to be filled, and what that asks of the boxes that are not yet there. */
export interface Packing {
  /** Cells in the order of filling them: targets, and cells where a box waits until others are packed. */
  readonly order: Int32Array
  /** Cell that is left for the one that is filled in this place of the order; -1 for those filled from outside. */
  readonly left: Int32Array
  /** How many cells are left again. */
  readonly waits: number
  /** How many at its start can be filled in any order, since none was found for them. */
  readonly loose: number
  /** By how many in order are filled: 1 at those cells of it which are full then, and not about to be left. */
  readonly filled: readonly Uint8Array[]
  readonly stages: (Stage | undefined)[]
  /** Cells walked while stages were made, more or less. */
  work: number
}

/** What a lone box can do when the first targets in order are full, as walls; a packing makes each when it is asked for. */
export interface Stage {
  /** 1 where a box can reach none of the targets that are left. */
  readonly shut: Uint8Array
  /** Pushes from each cell to the target that is next; FAR if none bring a box there. */
  readonly near: Uint16Array
  /** By `4 * cell + d`, with the player where he pushes in direction d: pushes to the nearest target left, or FAR. */
  readonly pushes: Uint16Array
}

/** Walks of a stage from each cell, held to be as far as this in the mean. */
const WALKS = 16

/**
 * An order in which targets can be filled so that each box can still get to its target when those before are full:
 * found backwards, by pulling boxes out of full targets one after the other, the nearest to a start first. Where none can be
 * pulled out, some are pulled aside, if that lets out another: filling targets, they wait there.
 * @param most - cells walked, after which no more is looked for.
 * @returns null where time is up.
 */
export function pack(room: Room, most: number, expired: () => boolean): Packing | null {
  const { size, targets } = room
  const full = new Uint8Array(size)
  for (const target of targets) full[target] = 1
  // From the last step to the first.
  const found: { cell: number; left: number }[] = []
  let inside = [...targets]
  let player = room.player
  let work = 0
  let looks = 0
  const late = clockOf(expired, () => work + looks * size)
  const outOf = (cell: number, players: readonly number[]): Pulled => {
    looks++
    const pulled = pullOut(room, full, cell, players)
    work += pulled.work
    return pulled
  }
  const around = (cell: number): readonly number[] => besides(room, cell)
  const spend = (more: number): boolean => {
    work += more
    return work >= most || late()
  }
  const nearest = (from: (cell: number) => readonly number[]): Pulled | null => {
    let best: Pulled | null = null
    for (const cell of inside) {
      if (work >= most || late()) continue
      const pulled = outOf(cell, from(cell))
      if (pulled.pulls < (best?.pulls ?? FAR)) best = pulled
    }
    return best
  }
  while (inside.length > 0) {
    // From where the player is, else from wherever he could be.
    const out = nearest(() => [player]) ?? nearest(around)
    if (late()) return null
    if (out !== null) {
      full[out.target] = 0
      found.push({ cell: out.target, left: -1 })
      inside = inside.filter((cell) => cell !== out.target)
      player = out.player
      continue
    }
    const moved = asides(room, full, inside, spend)
    if (late()) return null
    if (moved === null) break
    for (const { from, to } of moved) {
      full[from] = 0
      full[to] = 1
      found.push({ cell: from, left: to })
      inside = inside.map((cell) => (cell === from ? to : cell))
    }
  }
  // A box that waits where none can be brought helps nobody.
  const waits = inside.findIndex((cell) => !room.target[cell])
  const steady =
    waits < 0
      ? found
      : found.slice(
          0,
          found.findIndex(({ left }) => left >= 0),
        )
  return packingOf(room, steady)
}

/** @param steps - from the last to the first; targets that are not among them are filled before, in any order. */
function packingOf({ size, targets }: Room, steps: readonly { cell: number; left: number }[]): Packing {
  const ordered = new Set(steps.map(({ cell }) => cell))
  const loose = [...targets].filter((target) => !ordered.has(target))
  const all = [...loose.map((cell) => ({ cell, left: -1 })), ...[...steps].reverse()]
  const full = new Uint8Array(size)
  const filled = all.map(({ cell, left }, i) => {
    // Whoever waits may go when its turn has come.
    const now = Uint8Array.from(full)
    if (left >= 0) {
      now[left] = 0
      full[left] = 0
    }
    full[cell] = 1
    return i < loose.length ? new Uint8Array(size) : now
  })
  filled.push(full)
  return {
    order: Int32Array.from(all, ({ cell }) => cell),
    left: Int32Array.from(all, ({ left }) => left),
    waits: steps.filter(({ left }) => left >= 0).length,
    loose: loose.length,
    filled,
    stages: [],
    work: 0,
  }
}

/** What is left to do when the first `full` targets are. */
export function stageOf(room: Room, packing: Packing, full: number): Stage {
  const { order, loose, stages, filled: steps } = packing
  const filled = full < loose ? 0 : full
  const known = stages[filled]
  if (known !== undefined) return known
  packing.work += WALKS * room.size
  const blocked = Uint8Array.from(room.wall, (solid, cell) => solid | steps[filled][cell])
  const side = sidesOf(room, blocked)
  const pushes = pushesOf(
    room,
    blocked,
    side,
    room.targets.filter((target) => !blocked[target]),
  )
  const next = full < loose ? order.subarray(0, loose) : order.subarray(full, full + 1)
  const ahead = pushesOf(room, blocked, side, next)
  const least = (of: Uint16Array, cell: number): number =>
    Math.min(of[4 * cell], of[4 * cell + 1], of[4 * cell + 2], of[4 * cell + 3])
  const stage = {
    shut: Uint8Array.from(blocked, (_, cell) => Number(least(pushes, cell) === FAR)),
    near: Uint16Array.from(blocked, (_, cell) => least(ahead, cell)),
    pushes,
  }
  stages[filled] = stage
  return stage
}
