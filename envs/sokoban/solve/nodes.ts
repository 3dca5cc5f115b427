/**
 * The positions a search has met: boxes in ascending order and a player cell per node, found by content in an
 * open-addressing table. Everything is a typed array that doubles when it is full.
 */
export interface Nodes {
  readonly boxes: number
  count: number
  capacity: number
  /** `places[node * boxes + i]`: cells of the boxes, ascending. */
  places: Uint16Array
  player: Uint16Array
  /** Cost so far. */
  cost: Int32Array
  /** The node it was pushed from; -1 at the root. */
  parent: Int32Array
  /** Cell the pushed box came from * 4 + direction. */
  push: Int32Array
  hash: Int32Array
  /** 1 once expanded, or when a cheaper way to the same position was found. */
  closed: Uint8Array
  /** The next node in the same bucket of the queue; -1 ends it. */
  next: Int32Array
  /** Node + 1 by hash; 0 is empty. */
  table: Int32Array
}

export function createNodes(boxes: number, capacity: number): Nodes {
  return {
    boxes,
    count: 0,
    capacity,
    places: new Uint16Array(capacity * boxes),
    player: new Uint16Array(capacity),
    cost: new Int32Array(capacity),
    parent: new Int32Array(capacity),
    push: new Int32Array(capacity),
    hash: new Int32Array(capacity),
    closed: new Uint8Array(capacity),
    next: new Int32Array(capacity),
    table: new Int32Array(capacity * 2),
  }
}

/** The slot of the table where this position stands or belongs. */
export function slotOf(nodes: Nodes, places: Uint16Array, player: number, hash: number): number {
  const { table, boxes } = nodes
  const mask = table.length - 1
  let slot = hash & mask
  for (let entry = table[slot]; entry !== 0; entry = table[slot]) {
    const node = entry - 1
    if (nodes.hash[node] === hash && nodes.player[node] === player) {
      let i = 0
      const base = node * boxes
      while (i < boxes && nodes.places[base + i] === places[i]) i++
      if (i === boxes) return slot
    }
    slot = (slot + 1) & mask
  }
  return slot
}

/** A new node for the position, made the one that `slot` names. */
export function addNode(
  nodes: Nodes,
  slot: number,
  places: Uint16Array,
  player: number,
  hash: number,
): number {
  const node = nodes.count++
  nodes.places.set(places, node * nodes.boxes)
  nodes.player[node] = player
  nodes.hash[node] = hash
  nodes.table[slot] = node + 1
  if (nodes.count === nodes.capacity) grow(nodes)
  return node
}

function grow(nodes: Nodes): void {
  const capacity = nodes.capacity * 2
  nodes.places = widen(nodes.places, new Uint16Array(capacity * nodes.boxes))
  nodes.player = widen(nodes.player, new Uint16Array(capacity))
  nodes.cost = widen(nodes.cost, new Int32Array(capacity))
  nodes.parent = widen(nodes.parent, new Int32Array(capacity))
  nodes.push = widen(nodes.push, new Int32Array(capacity))
  nodes.hash = widen(nodes.hash, new Int32Array(capacity))
  nodes.closed = widen(nodes.closed, new Uint8Array(capacity))
  nodes.next = widen(nodes.next, new Int32Array(capacity))
  const table = new Int32Array(capacity * 2)
  const mask = table.length - 1
  for (const entry of nodes.table) {
    if (entry === 0) continue
    let slot = nodes.hash[entry - 1] & mask
    while (table[slot] !== 0) slot = (slot + 1) & mask
    table[slot] = entry
  }
  nodes.table = table
  nodes.capacity = capacity
}

function widen<T extends Uint8Array | Uint16Array | Int32Array>(from: T, to: T): T {
  to.set(from)
  return to
}

/** Words that look random, of which hashes of positions are made. */
export function hashWords(count: number): Int32Array {
  const words = new Int32Array(count)
  for (let i = 0; i < count; i++) {
    let word = Math.imul(i + 1, 0x9e3779b1)
    word = Math.imul(word ^ (word >>> 16), 0x85ebca6b)
    word = Math.imul(word ^ (word >>> 13), 0xc2b2ae35)
    words[i] = word ^ (word >>> 16)
  }
  return words
}
