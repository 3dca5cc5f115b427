import { exp4 } from './exp'
import { max4, sum4 } from './lanes'

// The cache of a row and layer: keys [width, capacity], so that the scores of four tokens come at once, and values
// [capacity, width]. Capacity and the width of a head are multiples of 4.

/** Puts the keys and values of `count` tokens (k, v: rows `row` bytes apart) at `start` of a row's cache. */
export function fillCache(k: usize, v: usize, row: usize, count: i32, keys: usize, values: usize, start: i32, width: i32, capacity: i32): void {
  const bytes = <usize>width << 2
  for (let t = start; t < start + count; t++) {
    let to = keys + (<usize>t << 2)
    for (let d: usize = 0; d < bytes; d += 4) {
      store<f32>(to, load<f32>(k + d))
      to += <usize>capacity << 2
    }
    memory.copy(values + <usize>t * bytes, v, bytes)
    k += row
    v += row
  }
}

/**
 * One new token per row: qkv [rows, 3 width] joins the caches (`keys`, `values`: those of row 0, all of one size) at
 * lengths[row], then attends to all that the row holds. Writes out [rows, width]; scratch: capacity numbers.
 */
export function attendCached(qkv: usize, lengths: usize, keys: usize, values: usize, out: usize, rows: i32, heads: i32, width: i32, capacity: i32, scratch: usize): void {
  const bytes = <usize>width << 2
  const size = bytes * <usize>capacity
  const head = width / heads
  for (let i = 0; i < rows; i++) {
    const length = load<i32>(lengths + (<usize>i << 2))
    fillCache(qkv + bytes, qkv + 2 * bytes, 0, 1, keys, values, length, width, capacity)
    for (let h = 0; h < heads; h++) {
      const o = <usize>(h * head) << 2
      attendHead(qkv + o, keys + o * <usize>capacity, values + o, bytes, out + o, length + 1, head, capacity, scratch)
    }
    qkv += 3 * bytes
    out += bytes
    keys += size
    values += size
  }
}

function attendHead(q: usize, keys: usize, values: usize, row: usize, out: usize, time: i32, head: i32, capacity: i32, scratch: usize): void {
  const column = <usize>capacity << 2
  const scale = f32x4.splat(<f32>1 / sqrt(<f32>head))
  const end = <usize>((time + 3) & ~3) << 2
  let most = f32x4.splat(-f32.MAX_VALUE)
  for (let t: usize = 0; t < end; t += 16) {
    let score = f32x4.splat(0)
    let key = keys + t
    for (let d = 0; d < head; d++) {
      score = f32x4.add(score, f32x4.mul(v128.load32_splat(q + (<usize>d << 2)), v128.load(key)))
      key += column
    }
    v128.store(scratch + t, f32x4.mul(score, scale))
  }
  for (let t = <usize>time << 2; t < end; t += 4) store<f32>(scratch + t, -f32.MAX_VALUE)
  for (let t: usize = 0; t < end; t += 16) most = f32x4.pmax(most, v128.load(scratch + t))
  const top = f32x4.splat(max4(most))
  let total = f32x4.splat(0)
  for (let t: usize = 0; t < end; t += 16) {
    const e = exp4(f32x4.sub(v128.load(scratch + t), top))
    v128.store(scratch + t, e)
    total = f32x4.add(total, e)
  }
  const inverse = f32x4.splat(<f32>1 / sum4(total))
  for (let d = 0; d < head; d += 4) {
    let sum = f32x4.splat(0)
    let value = values + (<usize>d << 2)
    for (let t = 0; t < time; t++) {
      sum = f32x4.add(sum, f32x4.mul(v128.load32_splat(scratch + (<usize>t << 2)), v128.load(value)))
      value += row
    }
    v128.store(out + (<usize>d << 2), f32x4.mul(sum, inverse))
  }
}
