import type { Tools } from '#core/check/support'

const still = new Int32Array(new SharedArrayBuffer(4))

/** What a check can measure with in Node. */
export const measure: Required<Pick<Tools, 'heap' | 'rest' | 'cpu'>> = {
  heap: () => process.memoryUsage().heapUsed,
  rest: () => void Atomics.wait(still, 0, 0, 20),
  cpu() {
    const { user, system } = process.cpuUsage()
    return (user + system) / 1e6
  },
}
