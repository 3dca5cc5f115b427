import { below, type Random, seeded } from '#core/random'

/** A mean with its 95 % interval. */
export interface Interval {
  readonly mean: number
  readonly low: number
  readonly high: number
}

const RESAMPLES = 2000

/**
 * The mean of some numbers with its 95 % percentile-bootstrap interval; NaN for none. Resampling is seeded, so the
 * same numbers give the same interval.
 */
export function interval(numbers: readonly number[]): Interval {
  const n = numbers.length
  const mean = average(numbers)
  if (n < 2) return { mean, low: mean, high: mean }
  const random: Random = seeded(`bootstrap/${n}`)
  const means = new Float64Array(RESAMPLES)
  for (let r = 0; r < RESAMPLES; r++) {
    let sum = 0
    for (let i = 0; i < n; i++) sum += numbers[below(random, n)]
    means[r] = sum / n
  }
  means.sort()
  return { mean, low: means[Math.floor(RESAMPLES * 0.025)], high: means[Math.ceil(RESAMPLES * 0.975) - 1] }
}

/**
 * The mean difference a - b of numbers measured on the same levels in the same order, with its 95 % interval.
 * @throws RangeError when they do not pair up.
 */
export function pairedDifference(a: readonly number[], b: readonly number[]): Interval {
  if (a.length !== b.length) throw new RangeError(`${a.length} numbers cannot be paired with ${b.length}`)
  return interval(a.map((x, i) => x - b[i]))
}

/** An interval for people: '1.50 [1.20, 1.80]'. */
export const plain = ({ mean, low, high }: Interval): string =>
  `${mean.toFixed(2)} [${low.toFixed(2)}, ${high.toFixed(2)}]`

/** An interval of shares in percent: '56.0 [51.6, 60.2]'. */
export const percent = ({ mean, low, high }: Interval): string =>
  `${(mean * 100).toFixed(1)} [${(low * 100).toFixed(1)}, ${(high * 100).toFixed(1)}]`

function average(numbers: readonly number[]): number {
  return numbers.reduce((sum, x) => sum + x, 0) / numbers.length
}
