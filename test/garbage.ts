import { measure } from '../src/cli/measure.ts'

/** Bytes by which `work` grows or shrinks the heap: the least of many looks, none after one of less than `enough`. */
export function garbageOf(work: () => void, enough: number): number {
  const { heap, rest } = measure
  let least = Number.POSITIVE_INFINITY
  for (let look = 0; look < 100 && least >= enough; look++) {
    if (look > 0) rest()
    const before = heap()
    work()
    least = Math.min(least, Math.abs(heap() - before))
  }
  return least
}
