import type { Nodes } from './nodes.ts'

/**
 * Open nodes of a search by estimate, in one or several cells that are served in turn: with one cell the best node
 * comes first; with several, the best of each, so that no one kind of position takes all the work.
 */
export interface Queue {
  readonly cells: readonly Cell[]
  /** The cell that was served last. */
  turn: number
}

interface Cell {
  /** First node of each estimate; -1 is empty. */
  buckets: Int32Array
  /** No node has a lower estimate. */
  lowest: number
  count: number
}

export function createQueue(cells: number): Queue {
  return {
    cells: Array.from({ length: cells }, () => ({
      buckets: new Int32Array(256).fill(-1),
      lowest: 0,
      count: 0,
    })),
    turn: 0,
  }
}

export function enqueue(queue: Queue, nodes: Nodes, node: number, estimate: number, which: number): void {
  const cell = queue.cells[which]
  if (estimate >= cell.buckets.length) {
    const buckets = new Int32Array(2 * estimate).fill(-1)
    buckets.set(cell.buckets)
    cell.buckets = buckets
  }
  nodes.next[node] = cell.buckets[estimate]
  cell.buckets[estimate] = node
  if (cell.count === 0 || estimate < cell.lowest) cell.lowest = estimate
  cell.count++
}

/** The best node of the next cell that has any, taken out; -1 when nothing is open. */
export function dequeue(queue: Queue, nodes: Nodes): number {
  const { cells } = queue
  for (let i = 0; i < cells.length; i++) {
    queue.turn = (queue.turn + 1) % cells.length
    const cell = cells[queue.turn]
    if (cell.count === 0) continue
    const { buckets } = cell
    while (buckets[cell.lowest] < 0) cell.lowest++
    const node = buckets[cell.lowest]
    buckets[cell.lowest] = nodes.next[node]
    cell.count--
    return node
  }
  return -1
}
