import { hashBytes, hashText } from '#core/base/hash'
import { atan2, cos, exp, log, pow, sin, tan, wholePower } from '#core/base/math'
import { below, seeded, uniform } from '#core/base/random'

/**
 * What everything else is made of, one row each: how this engine rounds, writes numbers down and orders what is equal. A
 * game that stops agreeing is found here first.
 */
export const NUMBERS: Readonly<Record<string, () => string>> = {
  'signed zeros': () => bitsOf(zeros()),
  'no numbers': noNumbers,
  functions: () => bitsOf(functions()),
  digits: () => hashText(digits()),
  'order of equals': () => hashText(JSON.stringify(orders())),
  chance: () => bitsOf(draws()),
}

/** The bits of every number, so that 0 and -0 are two. */
function bitsOf(numbers: readonly number[]): string {
  return hashBytes(new Uint8Array(Float64Array.from(numbers).buffer))
}

/** Where a zero has a sign: of what is rounded, compared, multiplied, narrowed and read. */
function zeros(): number[] {
  const small = [-0.4, -0, 0, 0.4, -Number.MIN_VALUE]
  return [
    ...small.flatMap((x) => [Math.round(x), Math.ceil(x), Math.floor(x), Math.trunc(x), Math.sign(x)]),
    ...small.flatMap((x) => [Math.fround(x), Math.abs(x), Math.sqrt(x < 0 ? -0 : x), x * 0, x * -1, x + 0]),
    ...small.flatMap((x) => small.flatMap((y) => [Math.min(x, y), Math.max(x, y)])),
    Number('-0'),
    JSON.parse('-0'),
    Float32Array.of(-1e-60)[0],
    -1 % 1,
  ]
}

/** The bytes that typed arrays and views hold of what is no number, and what is made of it. */
function noNumbers(): string {
  const bytes = new Uint8Array(32)
  const view = new DataView(bytes.buffer)
  view.setFloat64(0, Number.NaN, true)
  view.setFloat32(8, Number.NaN, true)
  new Float64Array(bytes.buffer, 16, 1)[0] = Number.NaN
  new Float32Array(bytes.buffer, 24, 1)[0] = Number.NaN
  new Int32Array(bytes.buffer, 28, 1)[0] = Number.NaN
  return hashBytes(bytes)
}

/** Core's functions over the ranges that games and learners use. */
function functions(): number[] {
  const numbers: number[] = []
  for (let i = -400; i <= 400; i++) {
    const x = i / 7
    numbers.push(sin(x), cos(x), tan(x / 50), atan2(x, i % 11), exp(x), Math.sqrt(Math.abs(x)))
    if (i > 0) numbers.push(log(x), pow(x, 0.3), 1 - wholePower(0.95, i), wholePower(0.999, 7 * i), 1 / x)
  }
  return numbers
}

/** Numbers as texts and back: records and metrics are written so. */
function digits(): string {
  const texts: string[] = []
  const random = seeded('golden/digits')
  for (let i = 0; i < 500; i++) {
    const x = (uniform(random) - 0.5) * wholePower(10, i % 40) * 1e-12
    texts.push(String(x), JSON.stringify(x), x.toFixed(3), String(Number(String(x)) === x))
  }
  return texts.join(' ')
}

/** Lists of many lengths in which many are equal: equals keep their order. */
function orders(): number[][] {
  const random = seeded('golden/order')
  return [2, 5, 11, 33, 100, 513, 2000].map((length) => {
    const list = Array.from({ length }, (_, i) => ({ i, key: below(random, 4) }))
    return list.sort((a, b) => a.key - b.key).map(({ i }) => i)
  })
}

function draws(): number[] {
  return ['1', 'two', '7/3', ''].flatMap((seed) => {
    const random = seeded(seed)
    return Array.from({ length: 200 }, (_, i) => (i % 2 === 0 ? uniform(random) : below(random, 1 + i * i)))
  })
}
