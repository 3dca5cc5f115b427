import type { Level } from '../../levels/level.ts'
import { createInward, type Inward, isNext, lookInward } from '../inward.ts'
import { createMatching, impossible, type Matching, match } from '../matching.ts'
import { addNode, createNodes, hashWords, type Nodes, slotOf } from '../nodes.ts'
import { analyseWithin, type Room } from '../room.ts'
import type { Clock } from '../solution.ts'
import { advise } from './advice.ts'
import { type Board, createBoard, walk } from './board.ts'
import { type Carry, carry, createCarry } from './carry.ts'
import { type Corrals, corralled, createCorrals } from './corral.ts'
import {
  createEyes,
  type Eyes,
  FEATURES,
  LINKS,
  LOST,
  observe,
  PACKED,
  REGIONS,
  STRAY,
  stays,
} from './features.ts'
import { type Cell, createCell, createMoves, type Moves, put, take } from './open.ts'
import { pack, stageOf } from './packing.ts'

/** What all attempts at a level share. */
export interface Ground {
  readonly room: Room
  readonly board: Board
  readonly eyes: Eyes
  readonly corrals: Corrals
  readonly matching: Matching
  readonly inward: Inward
  readonly words: Int32Array
  readonly list: Carry
  /** Boxes of the position at hand, and of its successor, ascending. */
  readonly places: Uint16Array
  readonly after: Uint16Array
}

/** How an attempt looks. */
export interface Manner {
  /** What is packed in order stays where it is, and a position is lost when a box has no target left then. */
  readonly strict: boolean
  /** The oldest of equal moves comes first, not the newest. */
  readonly queue: boolean
  /** Every second turn is of the positions with the most packed. */
  readonly eager: boolean
}

export interface Attempt extends Ground {
  readonly manner: Manner
  /** Positions; `cost` is the weight, and `push` the cells a box was brought from and to, as `from * CELLS + to`. */
  readonly nodes: Nodes
  readonly moves: Moves
  readonly cells: Cell[]
  readonly byFeatures: Map<number, Cell>
  /** Most targets that were full in a position. */
  most: number
  /** Successors of the position at hand: which box, where it is brought, the player's region, features, and who is liked. */
  count: number
  box: Int32Array
  to: Int32Array
  player: Int32Array
  features: Int32Array
  liked: Uint8Array
}

/** More than a level has. */
export const CELLS = 8192
/** Instead of a node: all there is was looked at, or a limit was reached. */
export const NONE = -1
export const LIMIT = -2

/**
 * @param work - most work of finding an order of filling targets.
 * @returns null where time is up.
 */
export function createGround(level: Level, work: number, expired: () => boolean): Ground | null {
  const room = analyseWithin(level, expired)
  if (room === null) return null
  const board = createBoard(room)
  const words = hashWords(2 * room.size)
  const packing = pack(room, work, expired)
  if (packing === null) return null
  return {
    room,
    board,
    words,
    eyes: createEyes(room, packing),
    corrals: createCorrals(room, words, stageOf(room, packing, 0).pushes),
    matching: createMatching(room),
    inward: createInward(room),
    list: createCarry(board),
    places: new Uint16Array(room.boxes.length),
    after: new Uint16Array(room.boxes.length),
  }
}

export function createAttempt(ground: Ground, manner: Manner): Attempt {
  const most = 256
  return {
    ...ground,
    manner,
    nodes: createNodes(ground.room.boxes.length, 1024),
    moves: createMoves(),
    cells: [],
    byFeatures: new Map(),
    most: -1,
    count: 0,
    box: new Int32Array(most),
    to: new Int32Array(most),
    player: new Int32Array(most),
    features: new Int32Array(most * FEATURES),
    liked: new Uint8Array(most),
  }
}

/**
 * Looks at up to `most` positions.
 * @param over - asked at each box of each position; true gives up. So does `late`, asked more often, for the time alone.
 * @returns the node of a solution, NONE or LIMIT.
 */
export function seek(attempt: Attempt, most: number, over: () => boolean, late: Clock): number {
  const { nodes, moves, cells, after, board, manner } = attempt
  after.set(attempt.room.boxes)
  hold(board, after, 1)
  walk(board, attempt.room.player)
  hold(board, after, 0)
  const root = enter(attempt, board.corner, -1)
  if (solved(attempt, root)) return root
  expand(attempt, root, over, late)
  let turn = 0
  let eager = 0
  for (let empty = 0; empty <= cells.length; ) {
    turn = turn < cells.length ? turn : 0
    let cell = cells[turn++]
    if (manner.eager && nodes.count % 2 === 0) {
      const best = cells.filter((one) => one.packed === attempt.most && one.count > 0)
      if (best.length > 0) cell = best[eager++ % best.length]
    }
    if (cell.count === 0) {
      empty++
      continue
    }
    empty = 0
    const move = take(moves, cell)
    const parent = moves.node[move]
    place(attempt, parent)
    bring(attempt, attempt.places.indexOf(moves.from[move]), moves.to[move])
    if (known(attempt, moves.player[move]) || hopeless(attempt, moves.player[move], late)) continue
    const node = enter(attempt, moves.player[move], parent)
    nodes.cost[node] = cell.lowest
    nodes.push[node] = moves.from[move] * CELLS + moves.to[move]
    if (solved(attempt, node)) return node
    if (nodes.count >= most || over()) return LIMIT
    expand(attempt, node, over, late)
  }
  return NONE
}

/** Finds the successors of a node, all unless it is `over`, and opens them in the cell of its features. */
function expand(attempt: Attempt, node: number, over: () => boolean, late: Clock): void {
  const { nodes, board, room, eyes, places, manner, list, inward } = attempt
  const { packing } = eyes
  const own = new Int32Array(FEATURES)
  place(attempt, node)
  hold(board, places, 1)
  walk(board, nodes.player[node])
  observe(eyes, board, places, own, 0)
  const full = own[PACKED]
  const hope = stageOf(room, packing, manner.strict ? full : 0).pushes
  lookInward(inward, places, board.occupied, board.reach, board.walked)
  attempt.count = 0
  for (let i = 0; i < places.length; i++) {
    if (over()) break
    if (!isNext(inward, places[i])) continue
    if (manner.strict && stays(packing, places[i], full)) continue
    carry(
      list,
      board,
      places[i],
      nodes.player[node],
      hope,
      (entry) => late() || consider(attempt, i, list.cell[entry]),
    )
  }
  hold(board, places, 0)
  advise(own, attempt.features, attempt.count, attempt.liked)
  const cell = cellOf(attempt, own)
  for (let i = 0; i < attempt.count; i++) {
    const move = { node, from: places[attempt.box[i]], to: attempt.to[i], player: attempt.player[i] }
    put(attempt.moves, cell, nodes.cost[node] + (attempt.liked[i] ? 0 : 1), move, manner.queue)
  }
  attempt.most = Math.max(attempt.most, full)
}

/** Lists the position that the board holds, box `index` brought to `to`, unless it is known or lost. */
function consider(attempt: Attempt, index: number, to: number): boolean {
  const { board, manner, features } = attempt
  const { corner } = board
  bring(attempt, index, to)
  if (known(attempt, corner)) return false
  const at = attempt.count * FEATURES
  observe(attempt.eyes, board, attempt.after, features, at)
  if (manner.strict && features[at + LOST] > 0) return false
  attempt.box[attempt.count] = index
  attempt.to[attempt.count] = to
  attempt.player[attempt.count] = corner
  if (++attempt.count === attempt.box.length) widen(attempt)
  return false
}

function widen(attempt: Attempt): void {
  const wide = (from: Int32Array): Int32Array => {
    const to = new Int32Array(2 * from.length)
    to.set(from)
    return to
  }
  attempt.box = wide(attempt.box)
  attempt.to = wide(attempt.to)
  attempt.player = wide(attempt.player)
  attempt.features = wide(attempt.features)
  attempt.liked = new Uint8Array(attempt.box.length)
}

/** Positions with these features are served together. */
function cellOf({ byFeatures, cells }: Attempt, own: Int32Array): Cell {
  const key =
    ((own[PACKED] * 64 + Math.min(63, own[REGIONS])) * 64 + Math.min(63, own[LINKS])) * 64 + own[STRAY]
  const known = byFeatures.get(key)
  if (known !== undefined) return known
  const cell = createCell(own[PACKED])
  byFeatures.set(key, cell)
  cells.push(cell)
  return cell
}

/** Whether boxes at `after` have no targets for all of them, or a corral is lost. */
function hopeless({ board, after, matching, corrals }: Attempt, player: number, late: Clock): boolean {
  if (impossible(match(matching, after, 0, late))) return true
  hold(board, after, 1)
  walk(board, player)
  const lost = board.area + after.length < board.floor.length && corralled(corrals, board, player, late)
  hold(board, after, 0)
  return lost
}

/** Takes up the boxes of a node. */
function place({ nodes, places }: Attempt, node: number): void {
  for (let i = 0; i < places.length; i++) places[i] = nodes.places[node * places.length + i]
}

/** Makes `after` what `places` are with box `index` at `to`. */
function bring({ places, after }: Attempt, index: number, to: number): void {
  let i = index
  after.set(places)
  for (; i > 0 && after[i - 1] > to; i--) after[i] = after[i - 1]
  for (; i < after.length - 1 && after[i + 1] < to; i++) after[i] = after[i + 1]
  after[i] = to
}

function known(attempt: Attempt, player: number): boolean {
  return attempt.nodes.table[slotOf(attempt.nodes, attempt.after, player, hashOf(attempt, player))] !== 0
}

function enter(attempt: Attempt, player: number, parent: number): number {
  const { nodes, after } = attempt
  const hash = hashOf(attempt, player)
  const node = addNode(nodes, slotOf(nodes, after, player, hash), after, player, hash)
  nodes.parent[node] = parent
  return node
}

function hashOf({ words, after, room }: Attempt, player: number): number {
  let hash = words[room.size + player]
  for (let i = 0; i < after.length; i++) hash ^= words[after[i]]
  return hash
}

function solved({ nodes, room, places }: Attempt, node: number): boolean {
  const base = node * places.length
  for (let i = 0; i < places.length; i++) if (!room.target[nodes.places[base + i]]) return false
  return true
}

export function hold({ occupied }: Board, boxes: ArrayLike<number>, value: 0 | 1): void {
  for (let i = 0; i < boxes.length; i++) occupied[boxes[i]] = value
}
