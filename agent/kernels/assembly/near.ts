/**
 * y [rows, width]: each row of x, plus the rows of x that index [rows, taps] names, each times a row of weights [taps, width]:
 * tap k takes weights' row k, or taps - 1 - k when turned. An index below 0 adds nothing. width is a multiple of 8.
 */
export function near(x: usize, weights: usize, index: usize, y: usize, rows: i32, width: i32, taps: i32, turned: i32): void {
  const row = <usize>width << 2
  for (let i = 0; i < rows; i++) {
    const own = x + <usize>i * row
    for (let o: usize = 0; o < row; o += 32) {
      let a = v128.load(own + o), b = v128.load(own + o, 16)
      for (let k = 0; k < taps; k++) {
        const from = load<i32>(index + (<usize>k << 2))
        if (from < 0) continue
        const w = weights + <usize>(turned ? taps - 1 - k : k) * row + o
        const p = x + <usize>from * row + o
        a = f32x4.add(a, f32x4.mul(v128.load(w), v128.load(p)))
        b = f32x4.add(b, f32x4.mul(v128.load(w, 16), v128.load(p, 16)))
      }
      v128.store(y + o, a)
      v128.store(y + o, b, 16)
    }
    y += row
    index += <usize>taps << 2
  }
}

/** The gradient over weights [taps, width] from dy [rows, width]. */
export function nearGrad(x: usize, index: usize, dy: usize, dw: usize, rows: i32, width: i32, taps: i32): void {
  const row = <usize>width << 2
  memory.fill(dw, 0, <usize>taps * row)
  for (let i = 0; i < rows; i++) {
    for (let k = 0; k < taps; k++) {
      const from = load<i32>(index + (<usize>k << 2))
      if (from < 0) continue
      const p = x + <usize>from * row, w = dw + <usize>k * row
      for (let o: usize = 0; o < row; o += 16) {
        v128.store(w + o, f32x4.add(v128.load(w + o), f32x4.mul(v128.load(p + o), v128.load(dy + o))))
      }
    }
    dy += row
    index += <usize>taps << 2
  }
}
