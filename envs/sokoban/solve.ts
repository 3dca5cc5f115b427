import { frozen } from './deadlock.ts'
import type { Level } from './level.ts'
import { createMatching, impossible, type Matching, match, rematch } from './matching.ts'
import { addNode, createNodes, type Nodes, slotOf } from './nodes.ts'
import { planOf } from './plan.ts'
import { analyse, type Room } from './room.ts'
import { createWalks, type Walks, walksLeft } from './walks.ts'

export interface SolveOptions {
  /** What the solution has the fewest of. */
  readonly optimal: 'moves' | 'pushes'
  /** Most positions to keep (about 50 bytes each with four boxes); fewer with very many boxes, which cost more time. */
  readonly nodes?: number
  /** Asked now and then; true gives up. Environments pass none, so that their answers depend on no clock. */
  readonly expired?: () => boolean
}

export interface Solution {
  /** `limit`: gave up at the limit of nodes or time, so nothing is known. */
  readonly status: 'solved' | 'unsolvable' | 'limit'
  /** Directions in order; empty unless solved. */
  readonly plan: Uint8Array
  readonly pushes: number
  readonly nodes: number
}

/** One search: its room, the nodes, the queue and scratch. */
interface Search {
  readonly room: Room
  readonly moves: boolean
  readonly nodes: Nodes
  readonly matching: Matching
  /** First node of each bucket, by estimated total cost; -1 is empty. */
  buckets: Int32Array
  /** Box number + 1 at each cell. */
  readonly occupied: Uint8Array
  /** Walking distance + `stamp` of the position at hand; a smaller value is unreached. */
  readonly walked: Int32Array
  stamp: number
  /** `flooded` where the last flood came. */
  readonly reach: Int32Array
  flooded: number
  readonly queue: Int32Array
  /** Random words per cell, of a box and of the player; a position's hash is their exclusive or. */
  readonly words: Int32Array
  /** Boxes of the position at hand, and of its successor. */
  readonly places: Uint16Array
  readonly after: Uint16Array
  /** Hash of the boxes of the position at hand. */
  hash: number
  readonly walks: Walks
}

const NODES = 1_000_000

/**
 * An optimal solution by A* over pushes: assignment bound, dead cells, freeze deadlocks. Between pushes the
 * player walks a shortest way; when pushes are counted, all cells he can walk to are one position.
 */
export function solve(level: Level, options: SolveOptions): Solution {
  const room = analyse(level)
  const search = createSearch(room, options.optimal === 'moves')
  const root = room.solvable ? start(search) : -1
  if (root < 0) return { status: 'unsolvable', plan: new Uint8Array(0), pushes: 0, nodes: 0 }
  const limit = options.nodes ?? NODES
  const { nodes } = search
  // The assignment costs the cube of the boxes: with dozens of them, time runs out before memory.
  const count = room.boxes.length
  const weight = Math.floor((count * count * count) / 512)
  const often = weight > 64 ? 0 : 255
  let expansions = 0
  for (let bucket = 0; bucket < search.buckets.length; ) {
    const node = search.buckets[bucket]
    if (node < 0) {
      bucket++
      continue
    }
    search.buckets[bucket] = nodes.next[node]
    if (nodes.closed[node]) continue
    nodes.closed[node] = 1
    if (solved(search, node)) {
      return { status: 'solved', ...planOf(level, nodes, node), nodes: nodes.count }
    }
    if (
      nodes.count >= limit ||
      expansions * weight >= limit ||
      ((++expansions & often) === 0 && options.expired?.())
    ) {
      return { status: 'limit', plan: new Uint8Array(0), pushes: 0, nodes: nodes.count }
    }
    expand(search, node)
  }
  return { status: 'unsolvable', plan: new Uint8Array(0), pushes: 0, nodes: nodes.count }
}

function createSearch(room: Room, moves: boolean): Search {
  const boxes = room.boxes.length
  return {
    room,
    moves,
    nodes: createNodes(boxes, 512),
    matching: createMatching(room),
    buckets: new Int32Array(256).fill(-1),
    occupied: new Uint8Array(room.size),
    walked: new Int32Array(room.size),
    stamp: 1,
    reach: new Int32Array(room.size),
    flooded: 0,
    words: hashWords(2 * room.size),
    queue: new Int32Array(room.size),
    places: new Uint16Array(boxes),
    after: new Uint16Array(boxes),
    hash: 0,
    walks: createWalks(room),
  }
}

/** Enters the root; -1 when it is lost already. */
function start(search: Search): number {
  const { room, nodes, matching } = search
  const bound = match(matching, room.boxes, 0)
  if (impossible(bound)) return -1
  search.after.set(room.boxes)
  for (const cell of room.boxes) search.occupied[cell] = 1
  const player = search.moves ? room.player : corner(search, room.player)
  for (const cell of room.boxes) search.occupied[cell] = 0
  const hash = hashBoxes(search, search.after) ^ search.words[room.size + player]
  const root = addNode(nodes, slotOf(nodes, search.after, player, hash), search.after, player, hash)
  nodes.parent[root] = -1
  enqueue(search, root, bound + (search.moves ? walksLeft(search.walks, room.boxes, player) : 0))
  return root
}

function solved(search: Search, node: number): boolean {
  const { nodes, room } = search
  const base = node * nodes.boxes
  for (let i = 0; i < nodes.boxes; i++) if (!room.target[nodes.places[base + i]]) return false
  return true
}

function enqueue(search: Search, node: number, estimate: number): void {
  if (estimate >= search.buckets.length) {
    const buckets = new Int32Array(2 * estimate).fill(-1)
    buckets.set(search.buckets)
    search.buckets = buckets
  }
  search.nodes.next[node] = search.buckets[estimate]
  search.buckets[estimate] = node
}

/** Makes every position one push away. */
function expand(search: Search, node: number): void {
  const { room, nodes, matching, occupied, walked, places, moves } = search
  const { steps, wall, dead } = room
  const boxes = nodes.boxes
  for (let i = 0; i < boxes; i++) {
    places[i] = nodes.places[node * boxes + i]
    occupied[places[i]] = 1
  }
  search.hash = hashBoxes(search, places)
  match(matching, places, 0)
  walk(search, nodes.player[node])
  const stamp = search.stamp
  const cost = nodes.cost[node]
  for (let i = 0; i < boxes; i++) {
    const box = places[i]
    for (let d = 0; d < 4; d++) {
      const behind = box - steps[d]
      const to = box + steps[d]
      if (walked[behind] < stamp || wall[to] || occupied[to] || dead[to]) continue
      const reached = moves ? cost + walked[behind] - stamp + 1 : cost + 1
      occupied[box] = 0
      occupied[to] = 1
      if (!frozen(room, occupied, to)) push(search, node, i, d, reached)
      occupied[to] = 0
      occupied[box] = 1
    }
  }
  for (let i = 0; i < boxes; i++) occupied[places[i]] = 0
  // The flood used stamps up to the longest walk.
  search.stamp = stamp + room.size
}

/** Enters the successor that pushes box `index` in direction `d`. */
function push(search: Search, node: number, index: number, d: number, reached: number): void {
  const { room, nodes, places, after } = search
  const from = places[index]
  const to = from + room.steps[d]
  // Keeps the boxes in ascending order.
  let i = index
  after.set(places)
  for (; i > 0 && after[i - 1] > to; i--) after[i] = after[i - 1]
  for (; i < nodes.boxes - 1 && after[i + 1] < to; i++) after[i] = after[i + 1]
  after[i] = to
  const player = search.moves ? from : corner(search, from)
  const { words } = search
  const hash = search.hash ^ words[from] ^ words[to] ^ words[room.size + player]
  const slot = slotOf(nodes, after, player, hash)
  const known = nodes.table[slot] - 1
  if (known >= 0 && nodes.cost[known] <= reached) return
  const bound = rematch(search.matching, index, to)
  if (impossible(bound)) return
  if (known >= 0) nodes.closed[known] = 1
  const child = addNode(nodes, slot, after, player, hash)
  nodes.cost[child] = reached
  nodes.parent[child] = node
  nodes.push[child] = from * 4 + d
  enqueue(search, child, reached + bound + (search.moves ? walksLeft(search.walks, after, from) : 0))
}

/** Walking distances from `player` around the boxes, above a fresh stamp. */
function walk(search: Search, player: number): void {
  const { walked, queue, occupied, room, stamp } = search
  const { wall, steps } = room
  let head = 0
  let tail = 0
  queue[tail++] = player
  walked[player] = stamp
  while (head < tail) {
    const cell = queue[head++]
    const next = walked[cell] + 1
    for (let d = 0; d < 4; d++) {
      const to = cell + steps[d]
      if (walked[to] >= stamp || wall[to] || occupied[to]) continue
      walked[to] = next
      queue[tail++] = to
    }
  }
}

/** The first cell of the region that the player is in: the same for all cells he can walk to. */
function corner(search: Search, player: number): number {
  const { reach, queue, occupied, room } = search
  const { wall, steps } = room
  const flooded = ++search.flooded
  let tail = 0
  queue[tail++] = player
  reach[player] = flooded
  let first = player
  while (tail > 0) {
    const cell = queue[--tail]
    if (cell < first) first = cell
    for (let d = 0; d < 4; d++) {
      const to = cell + steps[d]
      if (reach[to] === flooded || wall[to] || occupied[to]) continue
      reach[to] = flooded
      queue[tail++] = to
    }
  }
  return first
}

function hashBoxes(search: Search, places: Uint16Array): number {
  let hash = 0
  for (let i = 0; i < places.length; i++) hash ^= search.words[places[i]]
  return hash
}

function hashWords(count: number): Int32Array {
  const words = new Int32Array(count)
  for (let i = 0; i < count; i++) {
    let word = Math.imul(i + 1, 0x9e3779b1)
    word = Math.imul(word ^ (word >>> 16), 0x85ebca6b)
    word = Math.imul(word ^ (word >>> 13), 0xc2b2ae35)
    words[i] = word ^ (word >>> 16)
  }
  return words
}
