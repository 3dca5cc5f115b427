import { exp4 } from './exp'
import { load4, store4 } from './lanes'

// x sigmoid(2 u) with u = sqrt(2 / pi) (x + 0.044715 x^3): the same as x / 2 (1 + tanh u).

const TWICE_SCALE: f32 = 1.5957691216057308
const CUBIC: f32 = 0.044715

// @ts-ignore: decorator
@inline
function gate(x: v128, square: v128): v128 {
  const u = f32x4.mul(f32x4.mul(x, f32x4.splat(-TWICE_SCALE)), f32x4.add(f32x4.splat(1), f32x4.mul(square, f32x4.splat(CUBIC))))
  return f32x4.div(f32x4.splat(1), f32x4.add(f32x4.splat(1), exp4(u)))
}

export function gelu(x: usize, y: usize, size: i32): void {
  for (let i = 0; i < size; i += 4) {
    const o = <usize>i << 2
    const v = load4(x + o, size - i, 0)
    store4(y + o, f32x4.mul(v, gate(v, f32x4.mul(v, v))), size - i)
  }
}

export function geluGrad(x: usize, dy: usize, dx: usize, size: i32): void {
  const one = f32x4.splat(1)
  for (let i = 0; i < size; i += 4) {
    const o = <usize>i << 2
    const v = load4(x + o, size - i, 0), square = f32x4.mul(v, v)
    const g = gate(v, square)
    const slope = f32x4.mul(f32x4.splat(TWICE_SCALE), f32x4.add(one, f32x4.mul(square, f32x4.splat(3 * CUBIC))))
    const d = f32x4.mul(g, f32x4.add(one, f32x4.mul(f32x4.mul(v, f32x4.sub(one, g)), slope)))
    store4(dx + o, f32x4.mul(d, load4(dy + o, size - i, 0)), size - i)
  }
}
