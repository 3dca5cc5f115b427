import seedrandom from 'seedrandom'

/**
 * A small generator (xoshiro128**, Blackman and Vigna 2018) whose four words live in the state that uses it.
 * `seedrandom` turns a seed string into the first words.
 */
export type Random = Uint32Array

/** The generator of a seed: four words. Numbers pass String() first, so 7 and '7' are one seed. */
export function seeded(seed: string | number): Random {
  // The cipher repeats a short key, so that '1' and '11' would be one seed; an end mark keeps them apart.
  const expand = seedrandom(`${seed}\0`)
  const words = new Uint32Array(4)
  for (let i = 0; i < 4; i++) words[i] = expand.int32()
  if ((words[0] | words[1] | words[2] | words[3]) === 0) words[0] = 1
  return words
}

/** The next 32 bits, as an integer in [0, 2^32). */
export function bits(random: Random): number {
  const b = random[1]
  const product = Math.imul(b, 5)
  const result = Math.imul((product << 7) | (product >>> 25), 9) >>> 0
  const shifted = b << 9
  random[2] ^= random[0]
  random[3] ^= random[1]
  random[1] ^= random[2]
  random[0] ^= random[3]
  random[2] ^= shifted
  const last = random[3]
  random[3] = (last << 11) | (last >>> 21)
  return result
}

/** Uniform in [0, 1), a multiple of 2^-32. */
export function uniform(random: Random): number {
  return bits(random) * 2.3283064365386963e-10
}

/** Uniform integer in [0, n), n up to 2^31 (bias below n / 2^32). */
export function below(random: Random, n: number): number {
  return Math.floor(uniform(random) * n)
}

/** Shuffles in place (Fisher-Yates). */
export function shuffle<T>(random: Random, items: T[]): T[] {
  for (let i = items.length - 1; i > 0; i--) {
    const j = below(random, i + 1)
    const item = items[i]
    items[i] = items[j]
    items[j] = item
  }
  return items
}
