import { exp } from '#core/base/math'
import { below, type Random, seeded } from '#core/base/random'

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
  for (let r = 0; r < RESAMPLES; r++) means[r] = resampled(numbers, random)
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

/** Trainings below which figures are given and no verdict. */
export const LEAST_SEEDS = 8

/** A difference between two ways of training, with the trainings as the unit. */
export interface SeedInterval extends Interval {
  readonly seeds: number
  /** The t interval of the seeds' means alone, levels as given. */
  readonly t: Interval
}

export type Verdict = 'shown' | 'not shown' | 'the opposite is shown' | 'no verdict'

/**
 * The mean of numbers `[seed][level]`, differences paired by seed and level, with a 95 % interval for new seeds on new
 * levels. Every seed plays the same levels, so seeds and levels are resampled side by side: the seeds' means, and the
 * levels' means without the share of their spread that is noise of single cells, which the seeds' means hold already
 * (resampling cells both ways counts it three times; Owen 2007). A bootstrap of few seeds is too narrow by
 * sqrt((n - 1) / n) and by the normal's quantile in the place of t's: the percentiles move out by as much (the expanded
 * percentile interval; Hesterberg 2015).
 * @throws RangeError when seeds have different numbers of levels.
 */
export function overSeeds(numbers: readonly (readonly number[])[]): SeedInterval {
  const [seeds, levels] = [numbers.length, numbers[0]?.length ?? 0]
  if (numbers.some(({ length }) => length !== levels)) throw new RangeError('seeds played different levels')
  const means = numbers.map(average)
  const t = tInterval(means)
  const { mean } = t
  if (seeds < 2 || levels < 2) return { mean, low: Number.NaN, high: Number.NaN, seeds, t }
  const effects = levelEffects(numbers, means)
  const random = seeded(`seeds/${seeds}/${levels}`)
  const found = new Float64Array(RESAMPLES)
  for (let r = 0; r < RESAMPLES; r++) found[r] = resampled(means, random) + resampled(effects, random)
  found.sort()
  const tail = RESAMPLES * normalBelow(-Math.sqrt(seeds / (seeds - 1)) * tQuantile(seeds - 1))
  return { mean, low: found[Math.floor(tail)], high: found[Math.ceil(RESAMPLES - tail) - 1], seeds, t }
}

/** How far each level's mean is from the mean of all, shrunk to the variance that levels have beyond noise. */
function levelEffects(numbers: readonly (readonly number[])[], means: readonly number[]): number[] {
  const [seeds, levels] = [numbers.length, numbers[0].length]
  const mean = average(means)
  const effects = numbers[0].map((_, level) => average(numbers.map((own) => own[level])) - mean)
  const between = (seeds * effects.reduce((sum, effect) => sum + effect * effect, 0)) / (levels - 1)
  let noise = 0
  numbers.forEach((own, seed) => {
    own.forEach((x, level) => {
      noise += square(x - means[seed] - effects[level])
    })
  })
  noise /= (seeds - 1) * (levels - 1)
  // What is left of rounding is no effect.
  const beyond = between > 1e-12 ? 1 - noise / between : 0
  const kept = beyond > 1e-9 ? Math.sqrt(beyond) : 0
  return effects.map((effect) => effect * kept)
}

function resampled(numbers: readonly number[], random: Random): number {
  let sum = 0
  for (let i = 0; i < numbers.length; i++) sum += numbers[below(random, numbers.length)]
  return sum / numbers.length
}

/** A mean with its 95 % t interval; infinite for one number, NaN for none. */
export function tInterval(numbers: readonly number[]): Interval {
  const n = numbers.length
  const mean = average(numbers)
  if (n < 2) return { mean, low: -Infinity * n, high: Infinity * n }
  const squares = numbers.reduce((sum, x) => sum + square(x - mean), 0)
  const reach = tQuantile(n - 1) * Math.sqrt(squares / (n - 1) / n)
  return { mean, low: mean - reach, high: mean + reach }
}

/** What a difference over seeds shows: something only where both of its intervals leave out 0. */
export function verdict({ seeds, low, high, t }: SeedInterval): Verdict {
  if (seeds < LEAST_SEEDS) return 'no verdict'
  if (low > 0 && t.low > 0) return 'shown'
  if (high < 0 && t.high < 0) return 'the opposite is shown'
  return 'not shown'
}

/**
 * The chance that at least one of `k` samples succeeds, estimated without bias from `wins` of `samples` (Chen et al.
 * 2021): 1 - C(samples - wins, k) / C(samples, k).
 * @throws RangeError when k is more than the samples.
 */
export function passAtK(wins: number, samples: number, k: number): number {
  if (k > samples) throw new RangeError(`pass@${k} needs ${k} samples, not ${samples}`)
  let miss = 1
  for (let i = 0; i < k; i++) miss *= Math.max(0, samples - wins - i) / (samples - i)
  return 1 - miss
}

const square = (x: number): number => x * x

/** The .975 quantile of Student's t, by degrees of freedom from 1 to 30. */
const T975 = [
  12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.306, 2.2622, 2.2281, 2.201, 2.1788, 2.1604,
  2.1448, 2.1314, 2.1199, 2.1098, 2.1009, 2.093, 2.086, 2.0796, 2.0739, 2.0687, 2.0639, 2.0595, 2.0555,
  2.0518, 2.0484, 2.0452, 2.0423,
]

/** As the table; beyond it, the normal's quantile with the first term of Fisher's expansion. */
function tQuantile(freedom: number): number {
  const z = 1.959964
  return T975[freedom - 1] ?? z + (z * z * z + z) / (4 * freedom)
}

/** The share of the normal distribution below `x` (Zelen and Severo, in Abramowitz and Stegun 26.2.17; error < 1e-7). */
function normalBelow(x: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(x))
  const series =
    t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))))
  const above = (exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)) * series
  return x < 0 ? above : 1 - above
}
