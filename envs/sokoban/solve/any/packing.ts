import { FAR, type Room } from '../room.ts'
import { clockOf } from '../solution.ts'
import { pushesOf, sidesOf } from './lone.ts'

/** In which order targets are to be filled, and what that asks of the boxes that are not yet there. */
export interface Packing {
  /** Cells of the targets in the order of filling them. */
  readonly order: Int32Array
  /** How many at its start can be filled in any order, since none was found for them. */
  readonly loose: number
  /** Place in the order of each target's cell, from 1; 0 elsewhere. */
  readonly place: Int32Array
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
 * found backwards, by pulling boxes out of full targets one after the other, the nearest to a start first.
 * @param most - cells walked, after which no more is looked for.
 * @returns null where time is up.
 */
export function pack(room: Room, most: number, expired: () => boolean): Packing | null {
  const { size, targets, steps, wall } = room
  const order = new Int32Array(targets.length)
  const full = new Uint8Array(size)
  for (const target of targets) full[target] = 1
  let player = room.player
  let left = targets.length
  let work = 0
  let looks = 0
  const late = clockOf(expired, () => work + looks * size)
  for (; left > 0; left--) {
    const nearest = (from: (target: number) => readonly number[]): Pulled | null => {
      let best: Pulled | null = null
      for (const target of targets) {
        if (!full[target] || work >= most || late()) continue
        looks++
        const pulled = pullOut(room, full, target, from(target))
        work += pulled.work
        if (pulled.pulls < (best?.pulls ?? FAR)) best = pulled
      }
      return best
    }
    // From where the player is, else from wherever he could be.
    const out =
      nearest(() => [player]) ??
      nearest((target) => Array.from(steps, (step) => target + step).filter((cell) => !wall[cell]))
    if (late()) return null
    if (out === null) break
    full[out.target] = 0
    order[left - 1] = out.target
    player = out.player
  }
  let loose = 0
  for (const target of targets) if (full[target]) order[loose++] = target
  const place = new Int32Array(size)
  for (let i = 0; i < order.length; i++) place[order[i]] = i + 1
  return { order, loose, place, stages: [], work: 0 }
}

/** What is left to do when the first `full` targets are. */
export function stageOf(room: Room, packing: Packing, full: number): Stage {
  const { order, loose, stages } = packing
  const filled = full < loose ? 0 : full
  const known = stages[filled]
  if (known !== undefined) return known
  packing.work += WALKS * room.size
  const blocked = Uint8Array.from(room.wall)
  for (let i = 0; i < filled; i++) blocked[order[i]] = 1
  const side = sidesOf(room, blocked)
  const pushes = pushesOf(room, blocked, side, order.subarray(filled))
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
  const { size, steps, wall, boxes } = room
  const starts = new Uint8Array(size)
  for (const box of boxes) starts[box] = 1
  const blocked = Uint8Array.from(wall, (solid, cell) => solid | full[cell])
  blocked[target] = 0
  const seen = new Uint8Array(4 * size)
  const reach = new Uint8Array(size)
  let work = 0
  const queue = players.map((player) => ({ box: target, player, pulls: 0 }))
  for (const { box, player, pulls } of queue) {
    if (starts[box] && (box === target || !full[box])) return { target, pulls, player, work }
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
  return { target, pulls: FAR, player: target, work }
}
