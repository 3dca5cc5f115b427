import { load4, store4 } from './lanes'

/** The sum of the squares of x, in double precision and a fixed order. */
export function sumOfSquares(x: usize, size: i32): f64 {
  let low = f64x2.splat(0), high = f64x2.splat(0)
  for (let i = 0; i < size; i += 4) {
    const v = load4(x + (<usize>i << 2), size - i, 0)
    const a = f64x2.promote_low_f32x4(v), b = f64x2.promote_low_f32x4(i64x2.shuffle(v, v, 1, 1))
    low = f64x2.add(low, f64x2.mul(a, a))
    high = f64x2.add(high, f64x2.mul(b, b))
  }
  const both = f64x2.add(low, high)
  return f64x2.extract_lane(both, 0) + f64x2.extract_lane(both, 1)
}

/**
 * One step of AdamW in place: w = keep w - step mean / (sqrt(square) / root + epsilon), where mean and square are
 * the running means of scale g and of its square.
 */
export function adamw(
  w: usize, g: usize, mean: usize, square: usize, size: i32,
  scale: f32, beta1: f32, beta2: f32, keep: f32, step: f32, root: f32, epsilon: f32,
): void {
  const a1 = f32x4.splat(beta1), b1 = f32x4.splat(1 - beta1), a2 = f32x4.splat(beta2), b2 = f32x4.splat(1 - beta2)
  for (let i = 0; i < size; i += 4) {
    const o = <usize>i << 2, left = size - i
    const d = f32x4.mul(load4(g + o, left, 0), f32x4.splat(scale))
    const m = f32x4.add(f32x4.mul(a1, load4(mean + o, left, 0)), f32x4.mul(b1, d))
    const v = f32x4.add(f32x4.mul(a2, load4(square + o, left, 0)), f32x4.mul(b2, f32x4.mul(d, d)))
    store4(mean + o, m, left)
    store4(square + o, v, left)
    const down = f32x4.add(f32x4.div(f32x4.sqrt(v), f32x4.splat(root)), f32x4.splat(epsilon))
    const moved = f32x4.div(f32x4.mul(m, f32x4.splat(step)), down)
    store4(w + o, f32x4.sub(f32x4.mul(load4(w + o, left, 0), f32x4.splat(keep)), moved), left)
  }
}
