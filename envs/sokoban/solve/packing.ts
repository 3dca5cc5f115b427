import type { Nodes } from './nodes.ts'
import type { Room } from './room.ts'

/**
 * An order in which targets can be filled so that each box can still get to its target when those before are full:
 * found backwards, by pulling boxes out of full targets one after the other, the nearest to the outside first.
 * @returns the place of each target's cell in it, from 1, and 0 elsewhere; null when no order is found.
 */
export function packingOrder(room: Room): Int32Array | null {
  const { size, targets } = room
  const place = new Int32Array(size)
  const full = new Uint8Array(size)
  for (const target of targets) full[target] = 1
  const scratch = { reach: new Uint8Array(size), line: new Int32Array(size), far: new Int32Array(4 * size) }
  for (let left = targets.length; left > 0; left--) {
    let best = -1
    let least = Number.POSITIVE_INFINITY
    for (const target of targets) {
      if (!full[target]) continue
      const away = pulls(room, full, target, scratch)
      if (away >= least) continue
      least = away
      best = target
    }
    if (best < 0) return null
    full[best] = 0
    place[best] = left
  }
  return place
}

interface Scratch {
  readonly reach: Uint8Array
  readonly line: Int32Array
  readonly far: Int32Array
}

/** Fewest pulls that bring the box on `target` to where a box starts, with the other full targets as walls. */
function pulls(room: Room, full: Uint8Array, target: number, scratch: Scratch): number {
  const { size, steps, wall, boxes, player } = room
  const { reach, line, far } = scratch
  const starts = new Uint8Array(size)
  for (const box of boxes) starts[box] = 1
  full[target] = 0
  far.fill(-1)
  // Of a box and the player behind it after a pull; the first has no pull behind it.
  const queue: { box: number; at: number; pulls: number }[] = [{ box: target, at: player, pulls: 0 }]
  let found = Number.POSITIVE_INFINITY
  for (let head = 0; head < queue.length; head++) {
    const { box, at, pulls } = queue[head]
    if (starts[box] && !full[box]) {
      found = pulls
      break
    }
    flood(room, full, box, at, reach, line)
    for (let d = 0; d < 4; d++) {
      const beside = box - steps[d]
      const behind = beside - steps[d]
      if (!reach[beside] || wall[behind] || full[behind] || far[4 * beside + d] >= 0) continue
      far[4 * beside + d] = pulls + 1
      queue.push({ box: beside, at: behind, pulls: pulls + 1 })
    }
  }
  full[target] = 1
  return found
}

function flood(
  room: Room,
  full: Uint8Array,
  box: number,
  at: number,
  reach: Uint8Array,
  line: Int32Array,
): void {
  const { steps, wall } = room
  reach.fill(0)
  if (at === box || full[at]) return
  let tail = 0
  line[tail++] = at
  reach[at] = 1
  while (tail > 0) {
    const cell = line[--tail]
    for (let d = 0; d < 4; d++) {
      const to = cell + steps[d]
      if (reach[to] || wall[to] || full[to] || to === box) continue
      reach[to] = 1
      line[tail++] = to
    }
  }
}

/** How many targets are full at a node, from the first in order without a gap; without an order, at all. */
export function packed(room: Room, nodes: Nodes, node: number, order: Int32Array | null): number {
  const base = node * nodes.boxes
  let full = 0
  if (order === null) {
    for (let i = 0; i < nodes.boxes; i++) full += room.target[nodes.places[base + i]]
    return full
  }
  const seen = new Uint8Array(nodes.boxes + 2)
  for (let i = 0; i < nodes.boxes; i++) seen[order[nodes.places[base + i]]] = 1
  while (seen[full + 1]) full++
  return full
}
