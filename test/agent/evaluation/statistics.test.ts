import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  interval,
  overSeeds,
  pairedDifference,
  passAtK,
  tInterval,
  verdict,
} from '#agent/evaluation/statistics'

describe('intervals', () => {
  test('hold the mean and narrow with more numbers', () => {
    const few = interval([0, 1, 0, 1, 1, 0, 0, 1])
    const many = interval(Array.from({ length: 800 }, (_, i) => i % 2))
    expect(few.mean).toBe(0.5)
    expect(few.low).toBeLessThan(0.5)
    expect(few.high).toBeGreaterThan(0.5)
    // The interval of a share p of n is about p +- 1.96 sqrt(p (1 - p) / n).
    expect(many.high - many.low).toBeCloseTo((2 * 1.96 * 0.5) / Math.sqrt(800), 2)
  })

  test('of paired differences see what single ones would hide', () => {
    const base = Array.from({ length: 200 }, (_, i) => i % 10)
    const better = base.map((x) => x + 0.5)
    expect(pairedDifference(better, base)).toEqual({ mean: 0.5, low: 0.5, high: 0.5 })
    expect(() => pairedDifference([1], [])).toThrow('cannot be paired')
  })
})

describe('over seeds', () => {
  const seeds = (n: number, levels: number, of: (seed: number, level: number) => number) =>
    Array.from({ length: n }, (_, seed) => Array.from({ length: levels }, (_, level) => of(seed, level)))

  test('the t interval is that of the tables', () => {
    // Mean 2, standard error 1 / sqrt(3), two degrees of freedom: 4.3027.
    const { mean, low, high } = tInterval([1, 2, 3])
    expect(mean).toBe(2)
    expect(high - mean).toBeCloseTo(4.3027 / Math.sqrt(3), 6)
    expect(mean - low).toBeCloseTo(4.3027 / Math.sqrt(3), 6)
    // 41 numbers, forty degrees: 2.0211 in the tables.
    const many = tInterval(Array.from({ length: 41 }, (_, i) => i))
    const deviation = Math.sqrt((41 * 42) / 12)
    expect(many.high - many.mean).toBeCloseTo((2.0211 * deviation) / Math.sqrt(41), 2)
  })

  test('many levels do not make up for seeds that disagree', () => {
    // Four seeds gain 40 points on every level, four lose 20: levels alone would be sure.
    const numbers = seeds(8, 500, (seed) => (seed % 2 === 0 ? 0.4 : -0.2))
    const found = overSeeds(numbers)
    expect(pairedDifference(numbers.flat(), numbers.flat().fill(0)).low).toBeGreaterThan(0)
    expect(found.mean).toBeCloseTo(0.1, 10)
    expect(found.low).toBeLessThan(0)
    expect(found.t.low).toBeLessThan(0)
    expect(verdict(found)).toBe('not shown')
  })

  test('many seeds do not make up for levels that disagree', () => {
    // All seeds gain on 6 levels of 10 and lose on 4: the t interval of the seeds' means has no width.
    const found = overSeeds(seeds(20, 10, (_, level) => (level < 6 ? 1 : -1)))
    expect(found.t.low).toBeCloseTo(0.2, 10)
    expect(found.low).toBeLessThan(0)
    expect(verdict(found)).toBe('not shown')
  })

  test('seeds that agree are shown, turned round they show the opposite, and seven are too few', () => {
    const gain = (seed: number, level: number) => ((seed + level) % 3 === 0 ? 1 : 0)
    expect(verdict(overSeeds(seeds(8, 90, gain)))).toBe('shown')
    expect(verdict(overSeeds(seeds(8, 90, (seed, level) => -gain(seed, level))))).toBe(
      'the opposite is shown',
    )
    expect(verdict(overSeeds(seeds(7, 90, gain)))).toBe('no verdict')
    expect(verdict(overSeeds([]))).toBe('no verdict')
  })

  test('the same numbers plus a constant move the interval by it', () => {
    const cell = fc.integer({ min: -1, max: 1 })
    const study = fc.array(fc.array(cell, { minLength: 12, maxLength: 12 }), { minLength: 2, maxLength: 9 })
    fc.assert(
      fc.property(study, fc.integer({ min: -3, max: 3 }), (numbers, shift) => {
        const found = overSeeds(numbers)
        const moved = overSeeds(numbers.map((own) => own.map((x) => x + shift)))
        expect(found.low).toBeLessThanOrEqual(found.mean + 1e-9)
        expect(found.high).toBeGreaterThanOrEqual(found.mean - 1e-9)
        for (const end of ['mean', 'low', 'high'] as const) {
          expect(moved[end]).toBeCloseTo(found[end] + shift, 8)
        }
      }),
      { numRuns: 30 },
    )
  })

  test('seeds that played different levels are refused', () => {
    expect(() => overSeeds([[1, 0], [1]])).toThrow('different levels')
  })
})

test('pass@k is the chance that k of the samples drawn hold a success', () => {
  // Of the 6 pairs of 4 samples with one success, 3 hold it.
  expect(passAtK(1, 4, 2)).toBeCloseTo(0.5, 12)
  expect(passAtK(1, 4, 1)).toBeCloseTo(0.25, 12)
  expect(passAtK(3, 4, 2)).toBe(1)
  expect(passAtK(0, 4, 4)).toBe(0)
  expect(() => passAtK(1, 4, 5)).toThrow('pass@5')
})
