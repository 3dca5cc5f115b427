import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { atan2, cos, exp, hypot, log, PI, pow, sin, tan, wholePower } from '#core/base/math'

const close = (actual: number, expected: number, relative: number, absolute = 0): void => {
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(relative * Math.abs(expected) + absolute)
}
const real = (min: number, max: number) => fc.double({ min, max, noNaN: true, noDefaultInfinity: true })

describe('elementary functions agree with the engine', () => {
  test('sin, cos', () => {
    fc.assert(
      fc.property(real(-1e6, 1e6), (x) => {
        close(sin(x), Math.sin(x), 1e-15, 1e-15)
        close(cos(x), Math.cos(x), 1e-15, 1e-15)
      }),
      { numRuns: 3000 },
    )
  })
  test('tan', () => {
    fc.assert(fc.property(real(-1.5, 1.5), (x) => close(tan(x), Math.tan(x), 1e-14)))
  })
  test('atan2 in every quadrant', () => {
    fc.assert(
      fc.property(real(-1e3, 1e3), real(-1e3, 1e3), (y, x) => {
        // Signed zeros are not told apart: the angle of a point on the positive x axis is 0.
        if (y !== 0) close(atan2(y, x), Math.atan2(y, x), 1e-15, 1e-15)
      }),
      { numRuns: 3000 },
    )
    expect(atan2(0, -1)).toBe(PI)
    expect(atan2(0, 1)).toBe(0)
    expect(atan2(0, 0)).toBe(0)
    expect(atan2(1, 0)).toBe(PI / 2)
  })
  test('exp', () => {
    fc.assert(
      fc.property(real(-700, 709.7), (x) => close(exp(x), Math.exp(x), 1e-13)),
      { numRuns: 3000 },
    )
    expect(exp(0)).toBe(1)
    expect(exp(710)).toBe(Infinity)
    expect(exp(-800)).toBe(0)
  })
  test('log', () => {
    fc.assert(
      fc.property(real(Number.MIN_VALUE, Number.MAX_VALUE), (x) => close(log(x), Math.log(x), 1e-15, 1e-16)),
      { numRuns: 3000 },
    )
    fc.assert(fc.property(real(0.5, 2), (x) => close(log(x), Math.log(x), 1e-15, 1e-16)))
    expect(log(1)).toBe(0)
    expect(log(0)).toBe(-Infinity)
    expect(log(-1)).toBeNaN()
  })
  test('pow', () => {
    fc.assert(fc.property(real(1e-3, 1e3), real(-8, 8), (x, y) => close(pow(x, y), x ** y, 1e-13)))
    expect(pow(0, 2)).toBe(0)
    expect(pow(0, 0)).toBe(1)
  })
  test('hypot', () => {
    expect(hypot(3, -4)).toBe(5)
  })
})

test('bits do not depend on the engine: a few are written down', () => {
  const bits = (x: number) => {
    const view = new DataView(new ArrayBuffer(8))
    view.setFloat64(0, x)
    return view.getBigUint64(0).toString(16)
  }
  expect([sin(1), cos(1), atan2(1, 2), exp(1), log(10), pow(0.7, 0.8)].map(bits)).toEqual([
    '3feaed548f090cee',
    '3fe14a280fb5068c',
    '3fddac670561bb4f',
    '4005bf0a8b14576a',
    '40026bb1bbb55516',
    '3fe80e68263b1bfb',
  ])
})

/** The number nearest to `x` to the power `n`, worked out in whole numbers. */
function nearest(x: number, n: number): number {
  const bits = new BigUint64Array(Float64Array.of(x).buffer)[0]
  const fraction = (bits & 0xfffffffffffffn) | 0x10000000000000n
  const exponent = Number((bits >> 52n) & 0x7ffn) - 1075
  const whole = fraction ** BigInt(n)
  const surplus = BigInt(whole.toString(2).length - 53)
  const rest = whole & ((1n << surplus) - 1n)
  const half = 1n << (surplus - 1n)
  let top = whole >> surplus
  if (rest > half || (rest === half && top & 1n)) top++
  return Number(top) * 2 ** (exponent * n + Number(surplus))
}

test('a whole power is the nearest number there is', () => {
  for (const x of [0.9, 0.95, 0.99, 0.999, 0.9999, 1.5, 3.14]) {
    for (const n of [2, 3, 5, 17, 100, 101, 255, 256, 513]) expect(wholePower(x, n)).toBe(nearest(x, n))
  }
  expect([wholePower(0.9, 0), wholePower(0.9, 1), wholePower(2, 10), wholePower(0, 3)]).toEqual([
    1, 0.9, 1024, 0,
  ])
  // What is left of it where it becomes too small to be told.
  expect(wholePower(0.5, 5000)).toBe(0)
})
