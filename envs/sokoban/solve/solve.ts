import type { Level } from '../levels/level.ts'
import { planOf } from '../plan.ts'
import { solveAny } from './any/search.ts'
import { frozen } from './deadlock.ts'
import { createInward, type Inward, isNext, lookInward } from './inward.ts'
import { createMatching, impossible, LATE, type Matching, match, rematch } from './matching.ts'
import { addNode, createNodes, hashWords, type Nodes, slotOf } from './nodes.ts'
import { createQueue, dequeue, enqueue, type Queue } from './queue.ts'
import { analyseWithin, type Room } from './room.ts'
import {
  type Clock,
  clockOf,
  NODES,
  nothing,
  type Solution,
  type SolveOptions,
  WORK_PER_NODE,
} from './solution.ts'
import { createWalks, type Walks, walksLeft } from './walks.ts'

/** One search: its room, the nodes, the queue and scratch. */
interface Search {
  readonly room: Room
  readonly moves: boolean
  readonly nodes: Nodes
  readonly matching: Matching
  /** Open nodes by estimated total cost. */
  readonly queue: Queue
  /** Box number + 1 at each cell. */
  readonly occupied: Uint8Array
  /** Walking distance + `stamp` of the position at hand; a smaller value is unreached. */
  readonly walked: Int32Array
  stamp: number
  /** `flooded` where the last flood came. */
  readonly reach: Int32Array
  flooded: number
  readonly line: Int32Array
  /** Random words per cell, of a box and of the player; a position's hash is their exclusive or. */
  readonly words: Int32Array
  /** Boxes of the position at hand, and of its successor. */
  readonly places: Uint16Array
  readonly after: Uint16Array
  /** Hash of the boxes of the position at hand. */
  hash: number
  readonly walks: Walks
  /** Most work, and what was done beside the matching. */
  readonly limit: number
  work: number
  /** Estimates beyond this are cut off. */
  readonly longest: number
  /** The limit for which a successor was left out. */
  cut: 'work' | 'length' | null
  readonly late: Clock
  /** Only pushes of a corral's boxes are looked at where they can be the next; null where all are. */
  readonly inward: Inward | null
  /** An estimate is the cost so far divided by this, and the bound. */
  readonly haste: number
}

/** How a search goes about it: what is not optimal may be in haste. */
interface Pace {
  readonly inward: boolean
  readonly haste: number
}
const STEADY: Pace = { inward: false, haste: 1 }

/** Instead of a node: the position is lost. */
const LOST = -2

/** Work of keeping one position, beside what grows with the level. */
const KEEPING = 100

/**
 * An optimal solution by A* over pushes: assignment bound, dead cells, freeze deadlocks. Between pushes the
 * player walks a shortest way; when pushes are counted, all cells he can walk to are one position.
 */
export function solve(level: Level, options: SolveOptions): Solution {
  const nodes = options.nodes ?? NODES
  const work = options.work ?? WORK_PER_NODE * nodes
  const { expired = () => false } = options
  if (options.optimal !== 'any') return find(level, options)
  return solveAny(level, { nodes, work, expired }, (most, left, haste) =>
    find(
      level,
      { optimal: 'pushes', nodes: Math.min(nodes, most), work: left, expired },
      { inward: true, haste },
    ),
  )
}

/** A search by A*: optimal at a steady pace; in haste it takes what it finds first. */
export function find(level: Level, options: SolveOptions, pace: Pace = STEADY): Solution {
  const most = options.nodes ?? NODES
  const { expired = () => false } = options
  const room = analyseWithin(level, expired)
  if (room === null) return nothing('time')
  const search = createSearch(room, options, most, pace)
  const { nodes } = search
  const end = (status: Solution['status'], node = -1): Solution => ({
    status,
    ...solution(level, nodes, node),
    nodes: nodes.count,
    work: done(search),
  })
  const stopped = (limit: Solution['limit']): Solution => ({ ...end('limit'), limit })
  if (!room.solvable || anyLost(search)) return end('unsolvable')
  // One assignment costs up to the cube of the boxes.
  const count = room.boxes.length
  if ((count * count * count) / 8 > search.limit) return stopped('work')
  const root = start(search)
  if (root === LATE) return stopped('time')
  if (root === LOST) return end('unsolvable')
  for (let node = dequeue(search.queue, nodes); node >= 0; node = dequeue(search.queue, nodes)) {
    if (nodes.closed[node]) continue
    nodes.closed[node] = 1
    if (solved(search, node)) return end('solved', node)
    if (nodes.count >= most) return stopped('nodes')
    if (done(search) >= search.limit) return stopped('work')
    expand(search, node)
    if (search.late()) return stopped('time')
  }
  return search.cut === null ? end('unsolvable') : stopped(search.cut)
}

/** The pushes that lead to a node, with walks between them; none before there is one. */
function solution(level: Level, nodes: Nodes, node: number): Pick<Solution, 'plan' | 'pushes'> {
  const chain: number[] = []
  for (let at = node; at >= 0 && nodes.parent[at] >= 0; at = nodes.parent[at]) chain.push(nodes.push[at])
  return { plan: planOf(level, chain.reverse()), pushes: chain.length }
}

const done = ({ work, matching, inward }: Search): number => work + matching.work + (inward?.work ?? 0)

function createSearch(room: Room, options: SolveOptions, most: number, { inward, haste }: Pace): Search {
  const { optimal, work, longest, expired = () => false } = options
  const boxes = room.boxes.length
  const search: Search = {
    room,
    moves: optimal === 'moves',
    limit: work ?? WORK_PER_NODE * most,
    work: room.size * (boxes + 1),
    longest: longest ?? Number.POSITIVE_INFINITY,
    cut: null,
    late: clockOf(expired, () => done(search)),
    nodes: createNodes(boxes, 512),
    matching: createMatching(room),
    queue: createQueue(),
    occupied: new Uint8Array(room.size),
    walked: new Int32Array(room.size),
    stamp: 1,
    reach: new Int32Array(room.size),
    flooded: 0,
    words: hashWords(2 * room.size),
    line: new Int32Array(room.size),
    places: new Uint16Array(boxes),
    after: new Uint16Array(boxes),
    hash: 0,
    walks: createWalks(room),
    inward: inward ? createInward(room) : null,
    haste,
  }
  return search
}

/** Whether a box is lost where it stands, which needs no assignment to be seen. */
function anyLost({ room, occupied }: Search): boolean {
  for (const cell of room.boxes) occupied[cell] = 1
  const found = room.boxes.some((cell) => room.dead[cell] || frozen(room, occupied, cell))
  for (const cell of room.boxes) occupied[cell] = 0
  return found
}

/** Enters the root; LOST when there is no assignment, LATE where time is up. */
function start(search: Search): number {
  const { room, nodes, matching } = search
  const bound = match(matching, room.boxes, 0, search.late)
  if (bound === LATE) return LATE
  if (impossible(bound)) return LOST
  search.after.set(room.boxes)
  for (const cell of room.boxes) search.occupied[cell] = 1
  const player = search.moves ? room.player : corner(search, room.player)
  for (const cell of room.boxes) search.occupied[cell] = 0
  const hash = hashBoxes(search, search.after) ^ search.words[room.size + player]
  const root = addNode(nodes, slotOf(nodes, search.after, player, hash), search.after, player, hash)
  nodes.parent[root] = -1
  enqueue(search.queue, nodes, root, bound + (search.moves ? walksLeft(search.walks, room.boxes, player) : 0))
  return root
}

function solved(search: Search, node: number): boolean {
  const { nodes, room } = search
  const base = node * nodes.boxes
  for (let i = 0; i < nodes.boxes; i++) if (!room.target[nodes.places[base + i]]) return false
  return true
}

/** Makes every position one push away, as long as there is time. */
function expand(search: Search, node: number): void {
  const { room, nodes, matching, occupied, walked, places, moves } = search
  const { steps, wall, dead } = room
  const boxes = nodes.boxes
  for (let i = 0; i < boxes; i++) {
    places[i] = nodes.places[node * boxes + i]
    occupied[places[i]] = 1
  }
  search.hash = hashBoxes(search, places)
  match(matching, places, 0, search.late)
  walk(search, nodes.player[node])
  const stamp = search.stamp
  const cost = nodes.cost[node]
  const { inward } = search
  if (inward !== null) lookInward(inward, places, occupied, walked, stamp)
  for (let i = 0; i < boxes && !search.late(); i++) {
    const box = places[i]
    if (inward !== null && !isNext(inward, box)) continue
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
  const { boxes } = nodes
  const from = places[index]
  const to = from + room.steps[d]
  // Keeps the boxes in ascending order.
  let i = index
  after.set(places)
  for (; i > 0 && after[i - 1] > to; i--) after[i] = after[i - 1]
  for (; i < boxes - 1 && after[i + 1] < to; i++) after[i] = after[i + 1]
  after[i] = to
  const player = search.moves ? from : corner(search, from)
  const { words } = search
  const hash = search.hash ^ words[from] ^ words[to] ^ words[room.size + player]
  const slot = slotOf(nodes, after, player, hash)
  const known = nodes.table[slot] - 1
  if (known >= 0 && nodes.cost[known] <= reached) return
  if (done(search) > search.limit) {
    search.cut = 'work'
    return
  }
  const bound = rematch(search.matching, index, to)
  if (impossible(bound)) return
  const walks = search.moves ? walksLeft(search.walks, after, from) : 0
  if (reached + bound + walks > search.longest) {
    search.cut ??= 'length'
    return
  }
  search.work += KEEPING + boxes
  if (known >= 0) nodes.closed[known] = 1
  const child = addNode(nodes, slot, after, player, hash)
  nodes.cost[child] = reached
  nodes.parent[child] = node
  nodes.push[child] = from * 4 + d
  enqueue(search.queue, nodes, child, Math.floor(reached / search.haste) + bound + walks)
}

/** Walking distances from `player` around the boxes, above a fresh stamp. */
function walk(search: Search, player: number): void {
  const { walked, line, occupied, room, stamp } = search
  const { wall, steps } = room
  let head = 0
  let tail = 0
  line[tail++] = player
  walked[player] = stamp
  while (head < tail) {
    const cell = line[head++]
    const next = walked[cell] + 1
    for (let d = 0; d < 4; d++) {
      const to = cell + steps[d]
      if (walked[to] >= stamp || wall[to] || occupied[to]) continue
      walked[to] = next
      line[tail++] = to
    }
  }
  search.work += tail
}

/** The first cell of the region that the player is in: the same for all cells he can walk to. */
function corner(search: Search, player: number): number {
  const { reach, line, occupied, room } = search
  const { wall, steps } = room
  const flooded = ++search.flooded
  let tail = 0
  line[tail++] = player
  reach[player] = flooded
  let first = player
  while (tail > 0) {
    const cell = line[--tail]
    search.work++
    if (cell < first) first = cell
    for (let d = 0; d < 4; d++) {
      const to = cell + steps[d]
      if (reach[to] === flooded || wall[to] || occupied[to]) continue
      reach[to] = flooded
      line[tail++] = to
    }
  }
  return first
}

function hashBoxes(search: Search, places: Uint16Array): number {
  let hash = 0
  for (let i = 0; i < places.length; i++) hash ^= search.words[places[i]]
  return hash
}
