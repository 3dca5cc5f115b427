// The heart of every product: a tile of 4 rows x 8 columns of C in eight registers. V8 keeps that many and no more:
// 6 x 8, which would read less, spills and is a third slower.
// B always comes as a packed panel: for each k its 8 columns, side by side.
// A tile starts from `init` (rows `initRow` bytes apart, 0 to repeat one row): zeros, a bias, or C itself to add to it.

/** Tile from 4 rows of A, `aRow` bytes apart, each contiguous in k. */
export function tileRows(k: i32, a: usize, aRow: usize, b: usize, c: usize, cRow: usize, init: usize, initRow: usize): void {
  let a1 = a + aRow, a2 = a1 + aRow, a3 = a2 + aRow
  let c00 = v128.load(init), c01 = v128.load(init, 16); init += initRow
  let c10 = v128.load(init), c11 = v128.load(init, 16); init += initRow
  let c20 = v128.load(init), c21 = v128.load(init, 16); init += initRow
  let c30 = v128.load(init), c31 = v128.load(init, 16)
  do {
    const b0 = v128.load(b), b1 = v128.load(b, 16)
    const x0 = v128.load32_splat(a)
    c00 = f32x4.add(c00, f32x4.mul(x0, b0)); c01 = f32x4.add(c01, f32x4.mul(x0, b1))
    const x1 = v128.load32_splat(a1)
    c10 = f32x4.add(c10, f32x4.mul(x1, b0)); c11 = f32x4.add(c11, f32x4.mul(x1, b1))
    const x2 = v128.load32_splat(a2)
    c20 = f32x4.add(c20, f32x4.mul(x2, b0)); c21 = f32x4.add(c21, f32x4.mul(x2, b1))
    const x3 = v128.load32_splat(a3)
    c30 = f32x4.add(c30, f32x4.mul(x3, b0)); c31 = f32x4.add(c31, f32x4.mul(x3, b1))
    b += 32
    a += 4; a1 += 4; a2 += 4; a3 += 4
  } while (--k)
  v128.store(c, c00); v128.store(c, c01, 16); c += cRow
  v128.store(c, c10); v128.store(c, c11, 16); c += cRow
  v128.store(c, c20); v128.store(c, c21, 16); c += cRow
  v128.store(c, c30); v128.store(c, c31, 16)
}

/** Tile from an A whose 4 rows lie side by side for each k, `aColumn` bytes apart from k to k. */
export function tileColumns(k: i32, a: usize, aColumn: usize, b: usize, c: usize, cRow: usize, init: usize, initRow: usize): void {
  let c00 = v128.load(init), c01 = v128.load(init, 16); init += initRow
  let c10 = v128.load(init), c11 = v128.load(init, 16); init += initRow
  let c20 = v128.load(init), c21 = v128.load(init, 16); init += initRow
  let c30 = v128.load(init), c31 = v128.load(init, 16)
  do {
    const b0 = v128.load(b), b1 = v128.load(b, 16)
    const x0 = v128.load32_splat(a)
    c00 = f32x4.add(c00, f32x4.mul(x0, b0)); c01 = f32x4.add(c01, f32x4.mul(x0, b1))
    const x1 = v128.load32_splat(a, 4)
    c10 = f32x4.add(c10, f32x4.mul(x1, b0)); c11 = f32x4.add(c11, f32x4.mul(x1, b1))
    const x2 = v128.load32_splat(a, 8)
    c20 = f32x4.add(c20, f32x4.mul(x2, b0)); c21 = f32x4.add(c21, f32x4.mul(x2, b1))
    const x3 = v128.load32_splat(a, 12)
    c30 = f32x4.add(c30, f32x4.mul(x3, b0)); c31 = f32x4.add(c31, f32x4.mul(x3, b1))
    b += 32
    a += aColumn
  } while (--k)
  v128.store(c, c00); v128.store(c, c01, 16); c += cRow
  v128.store(c, c10); v128.store(c, c11, 16); c += cRow
  v128.store(c, c20); v128.store(c, c21, 16); c += cRow
  v128.store(c, c30); v128.store(c, c31, 16)
}
