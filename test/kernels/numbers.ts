import { seeded, uniform } from '#core/base/random'

/** Numbers in [-1, 1) from a seed. */
export function numbers(size: number, seed: string): Float32Array {
  const random = seeded(seed)
  return Float32Array.from({ length: size }, () => uniform(random) * 2 - 1)
}
