import { exp4 } from './exp'
import { max4, sum4 } from './lanes'

// A cache block holds the keys and values of one sequence in one layer: keys [width, capacity], so that the scores of
// four tokens come at once, then values [capacity, width]. Capacities and the width of a head are multiples of 8.
// What a sequence sees is a shared block (its prompt) and a block of its own (what it has written since).

/** Puts the keys and values of `count` tokens (k, v: rows `row` bytes apart) at `start` of a block. */
export function fillCache(k: usize, v: usize, row: usize, count: i32, block: usize, start: i32, width: i32, capacity: i32): void {
  const bytes = <usize>width << 2, column = <usize>capacity << 2
  const values = block + <usize>width * column
  for (let t = start; t < start + count; t++) {
    let to = block + (<usize>t << 2)
    for (let d: usize = 0; d < bytes; d += 4) {
      store<f32>(to, load<f32>(k + d))
      to += column
    }
    memory.copy(values + <usize>t * bytes, v, bytes)
    k += row
    v += row
  }
}

/** Copies `rows` blocks of `bytes`: block i from block indices[i]. */
export function copyBlocks(from: usize, indices: usize, to: usize, rows: i32, bytes: usize): void {
  for (let i = 0; i < rows; i++) {
    memory.copy(to, from + <usize>load<i32>(indices + (<usize>i << 2)) * bytes, bytes)
    to += bytes
  }
}

/**
 * One new token per row, the `step`-th: qkv [rows, 3 width] joins the rows' own blocks, then attends to the row's
 * prompt (index and length per row in `prompts`) and own block. Writes out [rows, width]; scratch: room for the
 * scores of both blocks.
 */
export function attendCached(
  qkv: usize, rows: i32, heads: i32, width: i32,
  prompts: usize, shared: usize, sharedCapacity: i32,
  own: usize, ownCapacity: i32, step: i32,
  out: usize, scratch: usize,
): void {
  const bytes = <usize>width << 2
  const head = width / heads
  const sharedSize = 2 * bytes * <usize>sharedCapacity, ownSize = 2 * bytes * <usize>ownCapacity
  const scale: f32 = <f32>1 / sqrt(<f32>head)
  for (let i = 0; i < rows; i++) {
    const prompt = shared + <usize>load<i32>(prompts) * sharedSize, length = load<i32>(prompts, 4)
    const promptValues = prompt + bytes * <usize>sharedCapacity, ownValues = own + bytes * <usize>ownCapacity
    const tail = scratch + (<usize>((length + 7) & ~7) << 2)
    fillCache(qkv + bytes, qkv + 2 * bytes, 0, 1, own, step, width, ownCapacity)
    for (let h = 0; h < heads; h++) {
      const o = <usize>(h * head) << 2
      rate(qkv + o, prompt + o * <usize>sharedCapacity, length, head, sharedCapacity, scale, scratch)
      rate(qkv + o, own + o * <usize>ownCapacity, step + 1, head, ownCapacity, scale, tail)
      const inverse = weigh(scratch, tail + (<usize>((step + 8) & ~7) << 2))
      for (let d: usize = 0; d < <usize>head << 2; d += 32) {
        blend(scratch, length, promptValues + o + d, tail, step + 1, ownValues + o + d, bytes, inverse, out + o + d)
      }
    }
    prompts += 8
    qkv += 3 * bytes
    out += bytes
    own += ownSize
  }
}

/** Scaled products of a query with `count` keys; the lowest number behind them up to a multiple of 8. */
function rate(q: usize, keys: usize, count: i32, head: i32, capacity: i32, scale: f32, scores: usize): void {
  const column = <usize>capacity << 2, by = f32x4.splat(scale)
  const end = <usize>((count + 7) & ~7) << 2
  for (let t: usize = 0; t < end; t += 32) {
    let a = f32x4.splat(0), b = f32x4.splat(0)
    let key = keys + t
    for (let d: usize = 0; d < <usize>head << 2; d += 4) {
      const x = v128.load32_splat(q + d)
      a = f32x4.add(a, f32x4.mul(x, v128.load(key)))
      b = f32x4.add(b, f32x4.mul(x, v128.load(key, 16)))
      key += column
    }
    v128.store(scores + t, f32x4.mul(a, by))
    v128.store(scores + t, f32x4.mul(b, by), 16)
  }
  for (let t = <usize>count << 2; t < end; t += 4) store<f32>(scores + t, -f32.MAX_VALUE)
}

/** exp(x - largest) in place from `x` to `end`; returns the inverse of their sum. */
function weigh(x: usize, end: usize): f32 {
  let most = v128.load(x)
  for (let p = x; p < end; p += 16) most = f32x4.pmax(most, v128.load(p))
  const top = f32x4.splat(max4(most))
  let total = f32x4.splat(0)
  for (let p = x; p < end; p += 16) {
    const e = exp4(f32x4.sub(v128.load(p), top))
    v128.store(p, e)
    total = f32x4.add(total, e)
  }
  return <f32>1 / sum4(total)
}

/** 8 numbers of the weighted sum of the values (rows `row` bytes apart) of both blocks, times `scale`. */
function blend(a: usize, aCount: i32, aValues: usize, b: usize, bCount: i32, bValues: usize, row: usize, scale: f32, out: usize): void {
  let low = f32x4.splat(0), high = f32x4.splat(0)
  for (let t = 0; t < aCount; t++) {
    const w = v128.load32_splat(a)
    low = f32x4.add(low, f32x4.mul(w, v128.load(aValues)))
    high = f32x4.add(high, f32x4.mul(w, v128.load(aValues, 16)))
    a += 4
    aValues += row
  }
  for (let t = 0; t < bCount; t++) {
    const w = v128.load32_splat(b)
    low = f32x4.add(low, f32x4.mul(w, v128.load(bValues)))
    high = f32x4.add(high, f32x4.mul(w, v128.load(bValues, 16)))
    b += 4
    bValues += row
  }
  v128.store(out, f32x4.mul(low, f32x4.splat(scale)))
  v128.store(out, f32x4.mul(high, f32x4.splat(scale)), 16)
}
