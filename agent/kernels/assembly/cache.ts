import { LOG2E, pow2, table } from './exp'
import { max4, sum4 } from './lanes'
import { packB } from './pack'
import { tileRows } from './tiles'

// The cache of a sequence in one layer: the block of its prompt, which the members of a group share, and a block of
// its own with what it has written since. A prompt's block holds the keys, then the values, of one head after the
// other, packed as panels for tiles: four members of a group at a time. An own block holds keys [capacity, width],
// then values [capacity, width]. Capacities and the width of a head are multiples of 8.

/** Puts the keys and values of a prompt's `count` tokens (k, v: rows `row` bytes apart) into its block. */
export function fillCache(k: usize, v: usize, row: usize, count: i32, block: usize, heads: i32, width: i32, capacity: i32): void {
  const head = width / heads
  const size = (<usize>head * <usize>capacity) << 2
  for (let h = 0; h < heads; h++) {
    const o = <usize>(h * head) << 2
    packB(k + o, 4, row, head, count, block + <usize>h * size)
    packB(v + o, row, 4, count, head, block + <usize>(heads + h) * size)
  }
}

/** Copies `rows` blocks of `bytes`: block i from block indices[i]. */
export function copyBlocks(from: usize, indices: usize, to: usize, rows: i32, bytes: usize): void {
  for (let i = 0; i < rows; i++) {
    memory.copy(to, from + <usize>load<i32>(indices + (<usize>i << 2)) * bytes, bytes)
    to += bytes
  }
}

/** Copies a multiple of 32 bytes; memory.copy leaves WebAssembly, which costs more than so few are worth. */
function copy(from: usize, to: usize, bytes: usize): void {
  for (let o: usize = 0; o < bytes; o += 32) {
    v128.store(to + o, v128.load(from + o))
    v128.store(to + o, v128.load(from + o, 16), 16)
  }
}

/** Bytes of scratch memory that `attendCached` needs: scores of four rows, a tile, zeros. */
export function cacheScratch(sharedCapacity: i32, ownCapacity: i32): i32 {
  return 4 * 4 * (sharedCapacity + ownCapacity) + 128 + 32
}

/**
 * One new token per row, the `step`-th: qkv [rows, 3 width] joins the rows' own blocks, then attends to the row's
 * prompt (index and length per row in `prompts`) and own block. Writes out [rows, width].
 */
export function attendCached(
  qkv: usize, rows: i32, heads: i32, width: i32,
  prompts: usize, shared: usize, sharedCapacity: i32,
  own: usize, ownCapacity: i32, step: i32,
  out: usize, scratch: usize,
): void {
  const bytes = <usize>width << 2
  const half = bytes * <usize>ownCapacity
  for (let i = 0; i < rows; i++) {
    const from = qkv + <usize>i * 3 * bytes, to = own + <usize>i * 2 * half + <usize>step * bytes
    copy(from + bytes, to, bytes)
    copy(from + 2 * bytes, to + half, bytes)
  }
  for (let i = 0; i < rows; ) {
    const prompt = load<i32>(prompts), length = load<i32>(prompts, 4)
    const four = i + 4 <= rows && load<i32>(prompts, 8) == prompt && load<i32>(prompts, 16) == prompt && load<i32>(prompts, 24) == prompt
    const members = four ? 4 : 1
    const block = shared + <usize>prompt * (2 * bytes * <usize>sharedCapacity)
    attendMembers(members, qkv, heads, width, block, length, sharedCapacity, own, half, step + 1, ownCapacity, out, scratch)
    i += members
    prompts += <usize>members * 8
    qkv += <usize>members * 3 * bytes
    own += <usize>members * 2 * half
    out += <usize>members * bytes
  }
}

/** One or four rows that share a prompt. */
function attendMembers(
  members: i32, q: usize, heads: i32, width: i32,
  prompt: usize, length: i32, capacity: i32,
  own: usize, half: usize, written: i32, ownCapacity: i32,
  out: usize, scores: usize,
): void {
  const bytes = <usize>width << 2
  const head = width / heads
  const size = (<usize>head * <usize>capacity) << 2
  const seen = (length + 7) & ~7
  const row = <usize>(capacity + ownCapacity) << 2, tail = scores + (<usize>seen << 2)
  const end = (<usize>seen + <usize>((written + 3) & ~3)) << 2
  const tile = scores + 4 * row, zeros = tile + 128
  memory.fill(zeros, 0, 32)
  const scale: f32 = LOG2E / sqrt(<f32>head)
  for (let h = 0; h < heads; h++) {
    const o = <usize>(h * head) << 2
    const keys = prompt + <usize>h * size, values = prompt + <usize>(heads + h) * size
    for (let t = 0; t < length; t += 8) {
      const panel = keys + <usize>t * (<usize>head << 2), to = scores + (<usize>t << 2)
      if (members == 4) tileRows(head, q + o, 3 * bytes, panel, to, row, zeros, 0)
      else add8(q + o, head, panel, 32, zeros, to)
    }
    for (let m: usize = 0; m < <usize>members; m++) {
      const at = scores + m * row
      for (let t = length; t < seen; t++) store<f32>(at + (<usize>t << 2), -f32.MAX_VALUE)
      rateRows(q + o + m * 3 * bytes, own + o + m * 2 * half, written, head, bytes, tail + m * row)
    }
    for (let m: usize = 0; m < <usize>members; m++) weigh(scores + m * row, scores + m * row + end, scale)
    for (let d: usize = 0; d < <usize>head << 2; d += 32) {
      const panel = values + d * <usize>length
      if (members == 4) tileRows(length, scores, row, panel, tile, 32, zeros, 0)
      else add8(scores, length, panel, 32, zeros, tile)
      for (let m: usize = 0; m < <usize>members; m++) {
        add8(tail + m * row, written, own + half + o + d + m * 2 * half, bytes, tile + m * 32, out + o + d + m * bytes)
      }
    }
  }
}

/**
 * Products of a query with `count` keys [head], rows `row` bytes apart, four at a time; the lowest number behind them
 * up to a multiple of 4.
 */
function rateRows(q: usize, keys: usize, count: i32, head: i32, row: usize, scores: usize): void {
  const size = <usize>head << 2
  for (let t = 0; t < count; t += 4) {
    let a = f32x4.splat(0), b = f32x4.splat(0), c = f32x4.splat(0), d = f32x4.splat(0)
    const k1 = keys + row, k2 = k1 + row, k3 = k2 + row
    for (let o: usize = 0; o < size; o += 16) {
      const x = v128.load(q + o)
      a = f32x4.add(a, f32x4.mul(x, v128.load(keys + o)))
      b = f32x4.add(b, f32x4.mul(x, v128.load(k1 + o)))
      c = f32x4.add(c, f32x4.mul(x, v128.load(k2 + o)))
      d = f32x4.add(d, f32x4.mul(x, v128.load(k3 + o)))
    }
    const ab = f32x4.add(i32x4.shuffle(a, b, 0, 4, 1, 5), i32x4.shuffle(a, b, 2, 6, 3, 7))
    const cd = f32x4.add(i32x4.shuffle(c, d, 0, 4, 1, 5), i32x4.shuffle(c, d, 2, 6, 3, 7))
    v128.store(scores + (<usize>t << 2), f32x4.add(i64x2.shuffle(ab, cd, 0, 2), i64x2.shuffle(ab, cd, 1, 3)))
    keys += 4 * row
  }
  for (let t = count; t < ((count + 3) & ~3); t++) store<f32>(scores + (<usize>t << 2), -f32.MAX_VALUE)
}

/** In place from `x` to `end`: 2^(scale (x - largest)), divided by the sum of all. */
function weigh(x: usize, end: usize, scale: f32): void {
  const t = table(), by = f32x4.splat(scale)
  let most = v128.load(x)
  for (let p = x; p < end; p += 16) most = f32x4.pmax(most, v128.load(p))
  const top = f32x4.splat(max4(most))
  let total = f32x4.splat(0)
  for (let p = x; p < end; p += 16) {
    const e = pow2(f32x4.mul(f32x4.sub(v128.load(p), top), by), t)
    v128.store(p, e)
    total = f32x4.add(total, e)
  }
  const inverse = f32x4.splat(<f32>1 / sum4(total))
  for (let p = x; p < end; p += 16) v128.store(p, f32x4.mul(v128.load(p), inverse))
}

/** out = init + the weighted sum of `count` rows of 8 values, `row` bytes apart. */
function add8(weights: usize, count: i32, values: usize, row: usize, init: usize, out: usize): void {
  let low = v128.load(init), high = v128.load(init, 16)
  for (const end = weights + (<usize>count << 2); weights < end; weights += 4) {
    const w = v128.load32_splat(weights)
    low = f32x4.add(low, f32x4.mul(w, v128.load(values)))
    high = f32x4.add(high, f32x4.mul(w, v128.load(values, 16)))
    values += row
  }
  v128.store(out, low)
  v128.store(out, high, 16)
}
