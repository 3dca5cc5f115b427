// Packing: rearranges operands so that a tile reads them one after the other. Strides are in bytes.

/**
 * Packs B [k, n] (element (p, j) at b + p bRow + j bColumn) into panels of 8 columns, the last one filled up with
 * zeros: ceil(n / 8) * k * 32 bytes.
 */
export function packB(b: usize, bRow: usize, bColumn: usize, k: i32, n: i32, out: usize): void {
  for (let j = 0; j < n; j += 8) {
    const width = n - j < 8 ? n - j : 8
    if (width < 8) packNarrow(b, bRow, bColumn, k, width, out)
    else if (bColumn == 4) packRows(b, bRow, k, out)
    else if (bRow == 4) packTransposed(b, bColumn, k, out)
    else packNarrow(b, bRow, bColumn, k, width, out)
    b += <usize>8 * bColumn
    out += <usize>k << 5
  }
}

function packRows(b: usize, bRow: usize, k: i32, out: usize): void {
  for (let p = 0; p < k; p++) {
    v128.store(out, v128.load(b))
    v128.store(out, v128.load(b, 16), 16)
    b += bRow
    out += 32
  }
}

function packTransposed(b: usize, bColumn: usize, k: i32, out: usize): void {
  transpose4(b, bColumn, k, out)
  transpose4(b + 4 * bColumn, bColumn, k, out + 16)
}

/** 4 columns that are contiguous in k, `column` bytes apart, to 16 bytes of every 32. */
function transpose4(b: usize, column: usize, k: i32, out: usize): void {
  let b1 = b + column, b2 = b1 + column, b3 = b2 + column
  let p = 0
  for (; p + 4 <= k; p += 4) {
    const r0 = v128.load(b), r1 = v128.load(b1), r2 = v128.load(b2), r3 = v128.load(b3)
    const t0 = i32x4.shuffle(r0, r1, 0, 4, 1, 5), t1 = i32x4.shuffle(r2, r3, 0, 4, 1, 5)
    const t2 = i32x4.shuffle(r0, r1, 2, 6, 3, 7), t3 = i32x4.shuffle(r2, r3, 2, 6, 3, 7)
    v128.store(out, i64x2.shuffle(t0, t1, 0, 2))
    v128.store(out, i64x2.shuffle(t0, t1, 1, 3), 32)
    v128.store(out, i64x2.shuffle(t2, t3, 0, 2), 64)
    v128.store(out, i64x2.shuffle(t2, t3, 1, 3), 96)
    b += 16; b1 += 16; b2 += 16; b3 += 16
    out += 128
  }
  for (; p < k; p++) {
    store<f32>(out, load<f32>(b))
    store<f32>(out, load<f32>(b1), 4)
    store<f32>(out, load<f32>(b2), 8)
    store<f32>(out, load<f32>(b3), 12)
    b += 4; b1 += 4; b2 += 4; b3 += 4
    out += 32
  }
}

function packNarrow(b: usize, bRow: usize, bColumn: usize, k: i32, width: i32, out: usize): void {
  if (width < 8) memory.fill(out, 0, <usize>k << 5)
  for (let j = 0; j < width; j++) {
    let from = b, to = out
    for (let p = 0; p < k; p++) {
      store<f32>(to, load<f32>(from))
      from += bRow
      to += 32
    }
    b += bColumn
    out += 4
  }
}

/** Packs up to 4 rows of A (element (i, p) at a + i aRow + p aColumn) for tileColumns: k * 16 bytes, zeros below. */
export function packA(a: usize, aRow: usize, aColumn: usize, rows: i32, k: i32, out: usize): void {
  if (aRow == 4 && rows == 4) {
    for (let p = 0; p < k; p++) {
      v128.store(out, v128.load(a))
      a += aColumn
      out += 16
    }
    return
  }
  if (rows < 4) memory.fill(out, 0, <usize>k << 4)
  for (let i = 0; i < rows; i++) {
    let from = a, to = out
    for (let p = 0; p < k; p++) {
      store<f32>(to, load<f32>(from))
      from += aColumn
      to += 16
    }
    a += aRow
    out += 4
  }
}

/** Copies `rows` x `columns` numbers between matrices, for the tiles at the edges. */
export function copyTile(from: usize, fromRow: usize, to: usize, toRow: usize, rows: i32, columns: i32): void {
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) store<f32>(to + (<usize>j << 2), load<f32>(from + (<usize>j << 2)))
    from += fromRow
    to += toRow
  }
}
