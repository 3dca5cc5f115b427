import { LOG2E, pow2, table } from './exp'
import { load4, max4, store4, sum4 } from './lanes'

// @ts-ignore: decorator
@inline
export function largest(x: usize, width: i32): f32 {
  let most = f32x4.splat(-f32.MAX_VALUE)
  for (let j = 0; j < width; j += 4) most = f32x4.pmax(most, load4(x + (<usize>j << 2), width - j, -f32.MAX_VALUE))
  return max4(most)
}

/** y [rows, width]: softmax of each row of x. */
export function softmax(x: usize, y: usize, rows: i32, width: i32): void {
  const row = <usize>width << 2, t = table(), by = f32x4.splat(LOG2E)
  for (let i = 0; i < rows; i++) {
    const top = f32x4.splat(largest(x, width))
    let total = f32x4.splat(0)
    for (let j = 0; j < width; j += 4) {
      const o = <usize>j << 2, left = width - j
      const e = masked(pow2(f32x4.mul(f32x4.sub(load4(x + o, left, 0), top), by), t), left)
      store4(y + o, e, left)
      total = f32x4.add(total, e)
    }
    const inverse = f32x4.splat(<f32>1 / sum4(total))
    for (let j = 0; j < width; j += 4) {
      const o = <usize>j << 2, left = width - j
      store4(y + o, f32x4.mul(load4(y + o, left, 0), inverse), left)
    }
    x += row
    y += row
  }
}

/** 0 in the lanes from `left` on. */
// @ts-ignore: decorator
@inline
export function masked(v: v128, left: i32): v128 {
  return left >= 4 ? v : v128.and(v, i32x4.gt_s(i32x4.splat(left), i32x4(0, 1, 2, 3)))
}

/** The natural logarithm of a normal number > 0: 2 atanh((m - 1) / (m + 1)) of the mantissa m in [1/sqrt 2, sqrt 2). */
export function log(x: f32): f32 {
  const bits = reinterpret<i64>(<f64>x)
  let exponent = (bits >> 52) - 1023
  let m = reinterpret<f64>((bits & 0x000fffffffffffff) | 0x3ff0000000000000)
  if (m > 1.4142135623730951) {
    m *= 0.5
    exponent++
  }
  const z = (m - 1) / (m + 1), s = z * z
  const series = 1 + s * (1.0 / 3 + s * (1.0 / 5 + s * (1.0 / 7 + s * (1.0 / 9 + s * (1.0 / 11)))))
  return <f32>(<f64>exponent * 0.6931471805599453 + 2 * z * series)
}

/** Per row of logits x [rows, width]: the log-probability of its target, and the entropy. */
export function scores(x: usize, targets: usize, logprobs: usize, entropy: usize, rows: i32, width: i32): void {
  const row = <usize>width << 2, t = table(), by = f32x4.splat(LOG2E)
  for (let i = 0; i < rows; i++) {
    const most = largest(x, width), top = f32x4.splat(most)
    let total = f32x4.splat(0), along = f32x4.splat(0)
    for (let j = 0; j < width; j += 4) {
      const left = width - j
      const d = f32x4.sub(load4(x + (<usize>j << 2), left, most), top)
      const e = masked(pow2(f32x4.mul(d, by), t), left)
      total = f32x4.add(total, e)
      along = f32x4.add(along, f32x4.mul(e, f32x4.pmax(d, v128.load(t, 16))))
    }
    const sum = sum4(total), logSum = log(sum)
    store<f32>(logprobs, load<f32>(x + (<usize>load<i32>(targets) << 2)) - most - logSum)
    store<f32>(entropy, logSum - sum4(along) / sum)
    x += row
    targets += 4
    logprobs += 4
    entropy += 4
  }
}

/** The gradient over the logits, from those over the log-probabilities and the entropies. */
export function scoresGrad(x: usize, targets: usize, dlogprobs: usize, dentropy: usize, dx: usize, rows: i32, width: i32): void {
  const row = <usize>width << 2, t = table(), by = f32x4.splat(LOG2E)
  for (let i = 0; i < rows; i++) {
    const most = largest(x, width), top = f32x4.splat(most)
    let total = f32x4.splat(0), along = f32x4.splat(0)
    for (let j = 0; j < width; j += 4) {
      const o = <usize>j << 2, left = width - j
      const d = f32x4.sub(load4(x + o, left, most), top)
      const e = masked(pow2(f32x4.mul(d, by), t), left)
      store4(dx + o, e, left)
      total = f32x4.add(total, e)
      along = f32x4.add(along, f32x4.mul(e, f32x4.pmax(d, v128.load(t, 16))))
    }
    const sum = sum4(total), inverse = f32x4.splat(<f32>1 / sum)
    const expected = f32x4.splat(sum4(along) / sum)
    const dl = load<f32>(dlogprobs), l = f32x4.splat(dl), h = f32x4.splat(load<f32>(dentropy))
    for (let j = 0; j < width; j += 4) {
      const o = <usize>j << 2, left = width - j
      const p = f32x4.mul(load4(dx + o, left, 0), inverse)
      const d = f32x4.pmax(f32x4.sub(load4(x + o, left, most), top), v128.load(t, 16))
      const down = f32x4.add(l, f32x4.mul(h, f32x4.sub(d, expected)))
      store4(dx + o, f32x4.neg(f32x4.mul(p, down)), left)
    }
    const at = dx + (<usize>load<i32>(targets) << 2)
    store<f32>(at, load<f32>(at) + dl)
    x += row
    dx += row
    targets += 4
    dlogprobs += 4
    dentropy += 4
  }
}
