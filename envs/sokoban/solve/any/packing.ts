import { FAR, type Room } from '../room.ts'
import { clockOf } from '../solution.ts'
import { pushesOf, sidesOf } from './lone.ts'

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
  /** Place in the order of each cell of it, from 1; 0 elsewhere. */
  readonly place: Int32Array
  /** Place in the order, from 1, at which a cell is left again; 0 where it is not. */
  readonly until: Int32Array
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
 * pulled out, one is pulled aside, if that lets out another: filling targets, it waits there.
 * @param most - cells walked, after which no more is looked for.
 * @returns null where time is up.
 */
export function pack(room: Room, most: number, expired: () => boolean): Packing | null {
  const { size, targets, steps, wall } = room
  const full = new Uint8Array(size)
  for (const target of targets) full[target] = 1
  const used = Uint8Array.from(room.target)
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
  const around = (cell: number): readonly number[] =>
    Array.from(steps, (step) => cell + step).filter((beside) => !wall[beside])
  const nearest = (from: (cell: number) => readonly number[]): Pulled | null => {
    let best: Pulled | null = null
    for (const cell of inside) {
      if (work >= most || late()) continue
      const pulled = outOf(cell, from(cell))
      if (pulled.pulls < (best?.pulls ?? FAR)) best = pulled
    }
    return best
  }
  /** A box pulled aside so that another can be pulled out. */
  const asideOf = (): { from: number; to: number } | null => {
    for (const from of inside) {
      const places = pulledPlaces(room, full, from, around(from))
      work += places.work
      full[from] = 0
      for (const to of places.cells) {
        if (used[to]) continue
        full[to] = 1
        const freed = inside.some(
          (cell) => cell !== from && work < most && !late() && outOf(cell, around(cell)).pulls < FAR,
        )
        full[to] = 0
        if (freed) return { from, to }
      }
      full[from] = 1
    }
    return null
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
    const aside = asideOf()
    if (late()) return null
    if (aside === null) break
    full[aside.to] = used[aside.to] = 1
    found.push({ cell: aside.from, left: aside.to })
    inside = inside.map((cell) => (cell === aside.from ? aside.to : cell))
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
  const place = new Int32Array(size)
  const until = new Int32Array(size)
  for (const [i, { cell, left }] of all.entries()) {
    place[cell] = i + 1
    if (left >= 0) until[left] = i + 1
  }
  return {
    order: Int32Array.from(all, ({ cell }) => cell),
    left: Int32Array.from(all, ({ left }) => left),
    waits: steps.filter(({ left }) => left >= 0).length,
    loose: loose.length,
    place,
    until,
    stages: [],
    work: 0,
  }
}

/** Whether a cell is among those that are filled, when the first `full` in order are, and not about to be left. */
export function isFilled({ place, until }: Packing, cell: number, full: number): boolean {
  return place[cell] > 0 && place[cell] <= full && (until[cell] === 0 || until[cell] > full + 1)
}

/** What is left to do when the first `full` targets are. */
export function stageOf(room: Room, packing: Packing, full: number): Stage {
  const { order, loose, stages } = packing
  const filled = full < loose ? 0 : full
  const known = stages[filled]
  if (known !== undefined) return known
  packing.work += WALKS * room.size
  const blocked = Uint8Array.from(room.wall, (solid, cell) => solid | Number(isFilled(packing, cell, filled)))
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

interface Pulled {
  readonly target: number
  /** FAR when there is no way out. */
  readonly pulls: number
  /** Where the player stands then. */
  readonly player: number
  /** Cells walked. */
  readonly work: number
}

/** Fewest pulls that bring the box on `target` to where a box starts, with the other full targets as walls. */
function pullOut(room: Room, full: Uint8Array, target: number, players: readonly number[]): Pulled {
  const starts = new Uint8Array(room.size)
  for (const box of room.boxes) starts[box] = 1
  let out: Pulled | null = null
  const work = pull(room, full, target, players, (box, player, pulls) => {
    if (!starts[box] || (box !== target && full[box])) return false
    out = { target, pulls, player, work: 0 }
    return true
  })
  return { ...(out ?? { target, pulls: FAR, player: target }), work }
}

/** Where pulls bring the box on `target`, the nearest first, with the other full targets as walls. */
function pulledPlaces(
  room: Room,
  full: Uint8Array,
  target: number,
  players: readonly number[],
): { readonly cells: readonly number[]; readonly work: number } {
  const cells = new Set<number>()
  const work = pull(room, full, target, players, (box) => {
    if (box !== target) cells.add(box)
    return false
  })
  return { cells: [...cells], work }
}

/** Pulls the box on `target` everywhere, until `found` returns true. @returns cells walked. */
function pull(
  room: Room,
  full: Uint8Array,
  target: number,
  players: readonly number[],
  found: (box: number, player: number, pulls: number) => boolean,
): number {
  const { size, steps, wall } = room
  const blocked = Uint8Array.from(wall, (solid, cell) => solid | full[cell])
  blocked[target] = 0
  const seen = new Uint8Array(4 * size)
  const reach = new Uint8Array(size)
  let work = 0
  const queue = players.map((player) => ({ box: target, player, pulls: 0 }))
  for (const { box, player, pulls } of queue) {
    if (found(box, player, pulls)) return work
    if (player === box || blocked[player]) continue
    reach.fill(0)
    reach[player] = 1
    const line = [player]
    for (const cell of line) {
      for (const step of steps) {
        const to = cell + step
        if (reach[to] || blocked[to] || to === box) continue
        reach[to] = 1
        line.push(to)
      }
    }
    work += line.length
    for (let d = 0; d < 4; d++) {
      const beside = box - steps[d]
      const behind = beside - steps[d]
      if (!reach[beside] || blocked[behind] || seen[4 * beside + d]) continue
      seen[4 * beside + d] = 1
      queue.push({ box: beside, player: behind, pulls: pulls + 1 })
    }
  }
  return work
}
