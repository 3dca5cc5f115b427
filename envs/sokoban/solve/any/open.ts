/** A move that was not made yet: one box brought from a cell to another, from a node, with the player's region then. */
export interface Moves {
  count: number
  node: Int32Array
  from: Uint16Array
  to: Uint16Array
  player: Uint16Array
  /** The move after it in its list; -1 ends it. */
  next: Int32Array
}

/** Moves from positions with the same features, in lists by weight. */
export interface Cell {
  readonly packed: number
  readonly first: number[]
  readonly last: number[]
  lowest: number
  count: number
}

export function createMoves(): Moves {
  const room = 4096
  return {
    count: 0,
    node: new Int32Array(room),
    from: new Uint16Array(room),
    to: new Uint16Array(room),
    player: new Uint16Array(room),
    next: new Int32Array(room),
  }
}

export function createCell(packed: number): Cell {
  return { packed, first: [], last: [], lowest: 0, count: 0 }
}

/** Keeps a move; the newest of a weight is taken first, or the oldest with `queue`. */
export function put(
  moves: Moves,
  cell: Cell,
  weight: number,
  move: { readonly node: number; readonly from: number; readonly to: number; readonly player: number },
  queue: boolean,
): void {
  if (moves.count === moves.node.length) grow(moves)
  const at = moves.count++
  moves.node[at] = move.node
  moves.from[at] = move.from
  moves.to[at] = move.to
  moves.player[at] = move.player
  while (cell.first.length <= weight) {
    cell.first.push(-1)
    cell.last.push(-1)
  }
  const first = cell.first[weight]
  if (first < 0 || !queue) {
    moves.next[at] = first
    cell.first[weight] = at
    if (first < 0) cell.last[weight] = at
  } else {
    moves.next[at] = -1
    moves.next[cell.last[weight]] = at
    cell.last[weight] = at
  }
  if (cell.count === 0 || weight < cell.lowest) cell.lowest = weight
  cell.count++
}

/** The move of least weight, taken out; the cell has one, and its `lowest` is then that weight. */
export function take(moves: Moves, cell: Cell): number {
  while (cell.first[cell.lowest] < 0) cell.lowest++
  const move = cell.first[cell.lowest]
  cell.first[cell.lowest] = moves.next[move]
  cell.count--
  return move
}

function grow(moves: Moves): void {
  const room = 2 * moves.node.length
  const wide = <T extends Int32Array | Uint16Array>(to: T, from: T): T => {
    to.set(from)
    return to
  }
  moves.node = wide(new Int32Array(room), moves.node)
  moves.from = wide(new Uint16Array(room), moves.from)
  moves.to = wide(new Uint16Array(room), moves.to)
  moves.player = wide(new Uint16Array(room), moves.player)
  moves.next = wide(new Int32Array(room), moves.next)
}
