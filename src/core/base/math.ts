/**
 * Elementary functions from + - * / and sqrt alone, in a fixed order: the same bits in every engine, where
 * Math's own may differ. Errors stay below 1e-14 relative (absolute near a zero), for angles up to a million.
 * Every series is Taylor's, on an interval made small enough first.
 */

export const PI = Math.PI
export const TAU = 2 * Math.PI

const TWO_OVER_PI = 0.6366197723675814
// pi / 2 in three parts; the first two have 33 bits, so that their products with a quadrant count are exact.
const HALF_PI_1 = 1.5707963267341256
const HALF_PI_2 = 6.077100506303966e-11
const HALF_PI_3 = 2.0222662487959506e-21
const LN2_1 = 0.6931471804855391
const LN2_2 = 7.440617110012396e-11
const TWO_TO_512 = 1.3407807929942597e154

/** Sine of an angle in radians. */
export function sin(x: number): number {
  const quadrant = Math.round(x * TWO_OVER_PI)
  const r = reduced(x, quadrant)
  const half = quadrant & 1 ? cosSeries(r) : sinSeries(r)
  return quadrant & 2 ? -half : half
}

/** Cosine of an angle in radians. */
export function cos(x: number): number {
  const quadrant = Math.round(x * TWO_OVER_PI)
  const r = reduced(x, quadrant)
  const half = quadrant & 1 ? sinSeries(r) : cosSeries(r)
  return (quadrant + 1) & 2 ? -half : half
}

/** Tangent of an angle in radians. */
export function tan(x: number): number {
  return sin(x) / cos(x)
}

/** Angle of the point (x, y) in radians, in [-pi, pi]; 0 at the origin. */
export function atan2(y: number, x: number): number {
  const ax = Math.abs(x)
  const ay = Math.abs(y)
  if (ax === 0 && ay === 0) return 0
  let angle = ay <= ax ? atanOfUnit(ay / ax) : PI / 2 - atanOfUnit(ax / ay)
  if (x < 0) angle = PI - angle
  return y < 0 ? -angle : angle
}

/** e to the power x. */
export function exp(x: number): number {
  if (x > 709.782712893384) return Infinity
  if (x < -745.2) return 0
  const k = Math.round(x * Math.LOG2E)
  const r = x - k * LN2_1 - k * LN2_2
  let sum = 1
  for (let n = 14; n >= 1; n--) sum = 1 + (r / n) * sum
  return scaled(sum, k)
}

/** Natural logarithm; -Infinity at 0, NaN below. */
export function log(x: number): number {
  if (!(x > 0)) return x === 0 ? -Infinity : NaN
  if (x === Infinity) return Infinity
  // Below the normal numbers the halvings that follow would not be enough.
  const small = x < 2.2250738585072014e-308
  let m = small ? x * TWO_TO_512 : x
  let k = small ? -512 : 0
  for (let step = 512, power = TWO_TO_512; step >= 1; step /= 2, power = Math.sqrt(power)) {
    if (m >= power) {
      m /= power
      k += step
    } else if (m * power < 2) {
      m *= power
      k -= step
    }
  }
  if (m > Math.SQRT2) {
    m /= 2
    k++
  }
  const s = (m - 1) / (m + 1)
  const s2 = s * s
  let sum = 0
  for (let n = 23; n >= 1; n -= 2) sum = 1 / n + s2 * sum
  return k * LN2_1 + (k * LN2_2 + 2 * s * sum)
}

/** `x` to the power `y`, for x >= 0; relative error grows with |y log x|. */
export function pow(x: number, y: number): number {
  if (y === 0) return 1
  if (x === 0) return y > 0 ? 0 : Infinity
  return exp(y * log(x))
}

/**
 * `x` to a whole power `n` >= 0, rounded once: the product is kept in two numbers of 53 bits each (Dekker 1971), for |x|
 * between 1e-150 and 1e150 to powers that are, too.
 */
export function wholePower(x: number, n: number): number {
  let result: Pair = [1, 0]
  let power: Pair = [x, 0]
  for (let left = n; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) result = product(result, power)
    if (left > 1) power = product(power, power)
  }
  return result[0]
}

/** A number as the sum of two, the second at most half a unit in the last place of the first. */
type Pair = readonly [number, number]

function product([a, aLow]: Pair, [b, bLow]: Pair): Pair {
  const high = a * b
  // What rounding took from it, exactly: both factors are split in halves of 26 bits.
  const [aTop, bTop] = [topHalf(a), topHalf(b)]
  const [aRest, bRest] = [a - aTop, b - bTop]
  const lost = aRest * bRest - (high - aTop * bTop - aRest * bTop - aTop * bRest)
  const low = lost + (a * bLow + aLow * b)
  const sum = high + low
  return [sum, low - (sum - high)]
}

function topHalf(x: number): number {
  const scaled = x * 134217729 // 2^27 + 1
  return scaled - (scaled - x)
}

/** Length of the vector (x, y). */
export function hypot(x: number, y: number): number {
  return Math.sqrt(x * x + y * y)
}

/** What is left of `x` after whole quarter turns, in [-pi/4, pi/4]. */
function reduced(x: number, quadrant: number): number {
  return x - quadrant * HALF_PI_1 - quadrant * HALF_PI_2 - quadrant * HALF_PI_3
}

function sinSeries(r: number): number {
  const q = -r * r
  let sum = 1
  for (let n = 18; n >= 2; n -= 2) sum = 1 + (q / (n * (n + 1))) * sum
  return r * sum
}

function cosSeries(r: number): number {
  const q = -r * r
  let sum = 1
  for (let n = 17; n >= 1; n -= 2) sum = 1 + (q / (n * (n + 1))) * sum
  return sum
}

/** Arc tangent of z in [0, 1]: the angle is halved twice, then the series. */
function atanOfUnit(z: number): number {
  const half = z / (1 + Math.sqrt(1 + z * z))
  const quarter = half / (1 + Math.sqrt(1 + half * half))
  const q = -quarter * quarter
  let sum = 0
  for (let n = 25; n >= 1; n -= 2) sum = 1 / n + q * sum
  return 4 * quarter * sum
}

/** x * 2^k, for |k| <= 1076. */
function scaled(x: number, k: number): number {
  if (k > 1023) return 2 * scaled(x, k - 1)
  let result = x
  let power = k < 0 ? 0.5 : 2
  for (let n = Math.abs(k); n > 0; n >>>= 1) {
    if (n & 1) result *= power
    power *= power
  }
  return result
}
