import { LOG2E, pow2, table } from './exp'
import { max4, sum4 } from './lanes'
import { copyTile, packA, packB } from './pack'
import { tileColumns, tileRows } from './tiles'

// Causal attention of one head of one segment, whose L queries see T = P + L keys: the P tokens of its prefix, then
// its own. Its weights lie in a block of ceil4(L) rows of ceil8(T) numbers. The width of a head is a multiple of 8.

// @ts-ignore: decorator
@inline
function ceil(n: i32, step: i32): i32 {
  return ((n + step - 1) / step) * step
}

/** Numbers in the block of weights of a segment's head. */
export function weightsSize(prefix: i32, length: i32): i32 {
  return ceil(length, 4) * ceil(prefix + length, 8) + 8
}

/** Bytes of scratch memory both directions need. */
export function attentionScratch(prefix: i32, length: i32, width: i32): i32 {
  const time = ceil(prefix + length, 8)
  return (4 * time * width + weightsSize(prefix, length) + 4 * (time + 2 * width) + 8) * 4
}

/** Columns that the rows i..i+3 may see, and those that later products read as zeros. */
// @ts-ignore: decorator
@inline
function seen(prefix: i32, i: i32, time: i32): i32 {
  return min(prefix + i + 4, time)
}

/** The prefix's and the segment's own rows of a matrix (rows `row` bytes apart), then zeros up to `columns` rows. */
function collect(before: usize, prefix: i32, own: usize, length: i32, row: usize, width: i32, columns: i32, out: usize): void {
  const bytes = <usize>width << 2
  for (let t = 0; t < prefix; t++) {
    memory.copy(out, before, bytes)
    before += row
    out += bytes
  }
  for (let t = 0; t < length; t++) {
    memory.copy(out, own, bytes)
    own += row
    out += bytes
  }
  memory.fill(out, 0, <usize>(columns - prefix - length) * bytes)
}

/** Four rows of A [rows, k] (at `a`, `aRow` bytes apart) times packed panels: C [4, columns], a multiple of 8. */
function stripe(rows: i32, k: i32, a: usize, aRow: usize, depth: i32, panels: usize, columns: i32, c: usize, cRow: usize, packed: usize, zeros: usize): void {
  if (rows < 4) packA(a, aRow, 4, rows, k, packed)
  for (let j = 0; j < columns; j += 8) {
    const panel = panels + <usize>j * (<usize>depth << 2)
    const to = c + (<usize>j << 2)
    if (rows < 4) tileColumns(k, packed, 16, panel, to, cRow, zeros, 0)
    else tileRows(k, a, aRow, panel, to, cRow, zeros, 0)
  }
}

/**
 * Queries, keys and values are rows `row` bytes apart (q, k, v: the segment's first; pk, pv: its prefix's first).
 * Writes the weights and the outputs, rows `outRow` bytes apart.
 */
export function attend(
  prefix: i32, length: i32, width: i32,
  q: usize, k: usize, v: usize, pk: usize, pv: usize, row: usize,
  weights: usize, out: usize, outRow: usize, scratch: usize,
): void {
  const time = prefix + length
  const columns = ceil(time, 8)
  const bytes = (<usize>columns * <usize>width) << 2
  const keys = scratch, panels = keys + bytes, values = panels + bytes
  const packed = values + bytes, tile = packed + (<usize>(4 * max(columns, width)) << 2), zeros = tile + (<usize>(4 * width) << 2)
  memory.fill(zeros, 0, 32)
  collect(pk, prefix, k, length, row, width, columns, keys)
  packB(keys, 4, <usize>width << 2, width, columns, panels)
  collect(pv, prefix, v, length, row, width, columns, keys)
  packB(keys, <usize>width << 2, 4, time, width, values)
  const scale: f32 = 1 / sqrt(<f32>width)
  const weightRow = <usize>columns << 2
  for (let i = 0; i < length; i += 4) {
    const rows = min(4, length - i)
    const limit = seen(prefix, i, time)
    const block = weights + <usize>i * weightRow
    stripe(rows, width, q + <usize>i * row, row, width, panels, ceil(limit, 8), block, weightRow, packed, zeros)
    for (let r = 0; r < 4; r++) softmax(block + <usize>r * weightRow, min(prefix + i + r + 1, time), columns, scale)
    const to = out + <usize>i * outRow
    if (rows == 4) stripe(4, limit, block, weightRow, time, values, width, to, outRow, packed, zeros)
    else {
      stripe(4, limit, block, weightRow, time, values, width, tile, <usize>width << 2, packed, zeros)
      copyTile(tile, <usize>width << 2, to, outRow, rows, width)
    }
  }
}

/** In place: softmax of scale x over the first `n` numbers, zeros behind them up to `columns`. */
function softmax(x: usize, n: i32, columns: i32, scale: f32): void {
  const end = x + (<usize>ceil(n, 4) << 2)
  for (let p = x + (<usize>n << 2); p < end; p += 4) store<f32>(p, -f32.MAX_VALUE)
  let most = v128.load(x)
  for (let p = x + 16; p < end; p += 16) most = f32x4.pmax(most, v128.load(p))
  const top = f32x4.splat(max4(most)), by = f32x4.splat(scale * LOG2E)
  const t = table()
  let total = f32x4.splat(0)
  for (let p = x; p < end; p += 16) {
    const e = pow2(f32x4.mul(f32x4.sub(v128.load(p), top), by), t)
    v128.store(p, e)
    total = f32x4.add(total, e)
  }
  const inverse = f32x4.splat(<f32>1 / sum4(total))
  for (let p = x; p < end; p += 16) v128.store(p, f32x4.mul(v128.load(p), inverse))
  for (let p = x + (<usize>n << 2); p < end; p += 4) store<f32>(p, 0)
  const last = x + (<usize>columns << 2)
  for (let p = end; p < last; p += 16) v128.store(p, f32x4.splat(0))
}

/**
 * The gradients of `attend`: dout like out; writes dq and adds to dk, dv, dpk, dpv (rows `row` bytes apart, laid out
 * like q, k, v, pk, pv).
 */
export function attendGrad(
  prefix: i32, length: i32, width: i32,
  q: usize, k: usize, v: usize, pk: usize, pv: usize, row: usize,
  weights: usize, dout: usize, outRow: usize,
  dq: usize, dk: usize, dv: usize, dpk: usize, dpv: usize, scratch: usize,
): void {
  const time = prefix + length
  const columns = ceil(time, 8)
  const bytes = (<usize>columns * <usize>width) << 2
  const gathered = scratch, valuePanels = gathered + bytes, keyPanels = valuePanels + bytes, rowPanels = keyPanels + bytes
  const scores = rowPanels + bytes
  const packed = scores + (<usize>weightsSize(prefix, length) << 2)
  const tile = packed + (<usize>(4 * max(columns, width)) << 2), zeros = tile + (<usize>(4 * width) << 2)
  const tileRow = <usize>width << 2
  memory.fill(zeros, 0, 32)
  collect(pv, prefix, v, length, row, width, columns, gathered)
  packB(gathered, 4, tileRow, width, columns, valuePanels)
  collect(pk, prefix, k, length, row, width, columns, gathered)
  packB(gathered, tileRow, 4, time, width, keyPanels)
  const scale: f32 = 1 / sqrt(<f32>width)
  const weightRow = <usize>columns << 2
  for (let i = 0; i < length; i += 4) {
    const rows = min(4, length - i)
    const limit = seen(prefix, i, time)
    const block = <usize>i * weightRow
    stripe(rows, width, dout + <usize>i * outRow, outRow, width, valuePanels, ceil(limit, 8), scores + block, weightRow, packed, zeros)
    for (let r: usize = 0; r < 4; r++) softmaxGrad(weights + block + r * weightRow, scores + block + r * weightRow, ceil(limit, 8), columns, scale)
    stripe(4, limit, scores + block, weightRow, time, keyPanels, width, tile, tileRow, packed, zeros)
    copyTile(tile, tileRow, dq + <usize>i * row, row, rows, width)
  }
  packB(q, row, 4, length, width, rowPanels)
  transposed(prefix, length, width, scores, weightRow, rowPanels, dk, dpk, row, tile, zeros)
  packB(dout, outRow, 4, length, width, rowPanels)
  transposed(prefix, length, width, weights, weightRow, rowPanels, dv, dpv, row, tile, zeros)
}

/** In place: the gradient of the softmax p over its inputs, scale included, from that over its outputs. */
function softmaxGrad(p: usize, d: usize, n: i32, columns: i32, scale: f32): void {
  const size = <usize>n << 2
  let total = f32x4.splat(0)
  for (let o: usize = 0; o < size; o += 16) total = f32x4.add(total, f32x4.mul(v128.load(p + o), v128.load(d + o)))
  const mean = f32x4.splat(sum4(total)), by = f32x4.splat(scale)
  for (let o: usize = 0; o < size; o += 16) {
    v128.store(d + o, f32x4.mul(f32x4.mul(v128.load(p + o), f32x4.sub(v128.load(d + o), mean)), by))
  }
  const last = <usize>columns << 2
  for (let o = size; o < last; o += 16) v128.store(d + o, f32x4.splat(0))
}

/** Adds A' B to the rows of the keys: A [length, time] of which only the causal half is not 0, B packed. */
function transposed(prefix: i32, length: i32, width: i32, a: usize, aRow: usize, panels: usize, own: usize, before: usize, row: usize, tile: usize, zeros: usize): void {
  const tileRow = <usize>width << 2
  for (let t = 0; t < prefix + length; t += 4) {
    const first = max(0, t - prefix)
    const from = a + <usize>first * aRow + (<usize>t << 2)
    for (let j = 0; j < width; j += 8) {
      const panel = panels + <usize>j * (<usize>length << 2) + (<usize>first << 5)
      tileColumns(length - first, from, aRow, panel, tile + (<usize>j << 2), tileRow, zeros, 0)
    }
    const rows = min(4, prefix + length - t)
    for (let r = 0; r < rows; r++) {
      const at = t + r
      const to = at < prefix ? before + <usize>at * row : own + <usize>(at - prefix) * row
      const add = tile + <usize>r * tileRow
      for (let o: usize = 0; o < tileRow; o += 16) v128.store(to + o, f32x4.add(v128.load(to + o), v128.load(add + o)))
    }
  }
}
