import { LOG2E, pow2, table } from './exp'
import { load4, store4, sum4 } from './lanes'
import { largest, log, masked } from './softmax'

/** Fills `out` with 2^((x - most) by); returns their sum. */
function powers(x: usize, width: i32, most: f32, by: f32, out: usize): f32 {
  const t = table(), top = f32x4.splat(most), factor = f32x4.splat(by)
  let total = f32x4.splat(0)
  for (let j = 0; j < width; j += 4) {
    const o = <usize>j << 2, left = width - j
    const e = masked(pow2(f32x4.mul(f32x4.sub(load4(x + o, left, most), top), factor), t), left)
    store4(out + o, e, left)
    total = f32x4.add(total, e)
  }
  return sum4(total)
}

/**
 * One token per row of logits x [rows, width], with its log-probability at temperature 1: that under which the row's
 * 32 random bits fall, or at temperature 0 the first of the most probable. scratch: `width` numbers.
 */
export function sample(x: usize, bits: usize, temperature: f32, tokens: usize, logprobs: usize, rows: i32, width: i32, scratch: usize): void {
  for (let i = 0; i < rows; i++) {
    const most = largest(x, width)
    const total = powers(x, width, most, LOG2E, scratch)
    let token = 0
    if (temperature == 0) {
      // Logits that are no numbers are never equal: the last token, whose log-probability tells.
      while (token < width - 1 && load<f32>(x + (<usize>token << 2)) != most) token++
    } else {
      if (temperature != 1) powers(x, width, most, LOG2E / temperature, scratch)
      token = pick(scratch, width, <f64>load<u32>(bits) * 2.3283064365386963e-10)
    }
    store<i32>(tokens, token)
    store<f32>(logprobs, load<f32>(x + (<usize>token << 2)) - most - log(total))
    x += <usize>width << 2
    bits += 4
    tokens += 4
    logprobs += 4
  }
}

/** The index of the weight under which `u` of their sum falls; weights of 2^-126 stand for 0. */
function pick(weights: usize, width: i32, u: f64): i32 {
  let total: f64 = 0
  for (let j = 0; j < width; j++) total += <f64>load<f32>(weights + (<usize>j << 2))
  let left = u * total
  let last = 0
  for (let j = 0; j < width && left >= 0; j++) {
    const weight = load<f32>(weights + (<usize>j << 2))
    if (weight <= f32.MIN_NORMAL_VALUE) continue
    left -= <f64>weight
    last = j
  }
  return last
}
