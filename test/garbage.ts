import type { Tools } from '#core/check/support'

const still = new Int32Array(new SharedArrayBuffer(4))

/** How memory is told in tests as `kickpush check` tells it, with time for a compiler that hardly gets a core. */
export const heap: NonNullable<Tools['heap']> = () => process.memoryUsage().heapUsed
export const rest: NonNullable<Tools['rest']> = () => void Atomics.wait(still, 0, 0, 20)

/** Bytes by which `work` grows or shrinks the heap: the least of many looks, none after one of less than `enough`. */
export function garbageOf(work: () => void, enough: number): number {
  let least = Number.POSITIVE_INFINITY
  for (let look = 0; look < 100 && least >= enough; look++) {
    if (look > 0) rest()
    const before = heap()
    work()
    least = Math.min(least, Math.abs(heap() - before))
  }
  return least
}
