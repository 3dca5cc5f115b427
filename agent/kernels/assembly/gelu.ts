import { pow2, table } from './exp'
import { load4, store4 } from './lanes'

// x sigmoid(2 u) with u = sqrt(2 / pi) (x + 0.044715 x^3): the same as x / 2 (1 + tanh u).

/** sigmoid(2 u), from stretch = 1 + 0.044715 x^2. */
// @ts-ignore: decorator
@inline
function gate(x: v128, stretch: v128, t: usize): v128 {
  const one = v128.load(t, 144)
  const power = f32x4.mul(f32x4.mul(x, v128.load(t, 176)), stretch)
  return f32x4.div(one, f32x4.add(one, pow2(f32x4.pmin(v128.load(t, 0), power), t)))
}

// @ts-ignore: decorator
@inline
function value(x: v128, t: usize): v128 {
  const stretch = f32x4.add(v128.load(t, 144), f32x4.mul(f32x4.mul(x, x), v128.load(t, 160)))
  return f32x4.mul(x, gate(x, stretch, t))
}

// @ts-ignore: decorator
@inline
function slope(x: v128, t: usize): v128 {
  const one = v128.load(t, 144)
  const cubic = f32x4.mul(f32x4.mul(x, x), v128.load(t, 160))
  const stretch = f32x4.add(one, cubic)
  const g = gate(x, stretch, t)
  const inner = f32x4.mul(f32x4.mul(x, v128.load(t, 192)), f32x4.add(stretch, f32x4.add(cubic, cubic)))
  return f32x4.mul(g, f32x4.add(one, f32x4.mul(f32x4.sub(g, one), inner)))
}

export function gelu(x: usize, y: usize, size: i32): void {
  const t = table()
  const whole = <usize>(size & ~3) << 2
  for (let o: usize = 0; o < whole; o += 16) v128.store(y + o, value(v128.load(x + o), t))
  if (size & 3) store4(y + whole, value(load4(x + whole, size & 3, 0), t), size & 3)
}

export function geluGrad(x: usize, dy: usize, dx: usize, size: i32): void {
  const t = table()
  const whole = <usize>(size & ~3) << 2
  for (let o: usize = 0; o < whole; o += 16) {
    v128.store(dx + o, f32x4.mul(v128.load(dy + o), slope(v128.load(x + o), t)))
  }
  if (size & 3) {
    const d = slope(load4(x + whole, size & 3, 0), t)
    store4(dx + whole, f32x4.mul(load4(dy + whole, size & 3, 0), d), size & 3)
  }
}
