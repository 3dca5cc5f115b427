import type { Nodes } from './nodes.ts'

/** Open nodes of a search by estimate, the best first; the newest of equals. */
export interface Queue {
  /** First node of each estimate; -1 is empty. */
  buckets: Int32Array
  /** No node has a lower estimate. */
  lowest: number
  count: number
}

export function createQueue(): Queue {
  return { buckets: new Int32Array(256).fill(-1), lowest: 0, count: 0 }
}

export function enqueue(queue: Queue, nodes: Nodes, node: number, estimate: number): void {
  if (estimate >= queue.buckets.length) {
    const buckets = new Int32Array(2 * estimate).fill(-1)
    buckets.set(queue.buckets)
    queue.buckets = buckets
  }
  nodes.next[node] = queue.buckets[estimate]
  queue.buckets[estimate] = node
  if (queue.count === 0 || estimate < queue.lowest) queue.lowest = estimate
  queue.count++
}

/** The best node, taken out; -1 when nothing is open. */
export function dequeue(queue: Queue, nodes: Nodes): number {
  if (queue.count === 0) return -1
  const { buckets } = queue
  while (buckets[queue.lowest] < 0) queue.lowest++
  const node = buckets[queue.lowest]
  buckets[queue.lowest] = nodes.next[node]
  queue.count--
  return node
}
