import { load4, store4, sum4 } from './lanes'

const EPSILON: f32 = 1e-5

let mean: f32 = 0
let inverse: f32 = 0

/** Leaves a row's mean and the inverse of its standard deviation in `mean` and `inverse`. */
function moments(x: usize, width: i32): void {
  let total = f32x4.splat(0)
  for (let j = 0; j < width; j += 4) total = f32x4.add(total, load4(x + (<usize>j << 2), width - j, 0))
  mean = sum4(total) / <f32>width
  const m = f32x4.splat(mean)
  let squares = f32x4.splat(0)
  for (let j = 0; j < width; j += 4) {
    const d = f32x4.sub(load4(x + (<usize>j << 2), width - j, mean), m)
    squares = f32x4.add(squares, f32x4.mul(d, d))
  }
  inverse = <f32>1 / sqrt(sum4(squares) / <f32>width + EPSILON)
}

/** y [rows, width]: every row of x with mean 0 and variance 1, times gain plus bias. */
export function layerNorm(x: usize, gain: usize, bias: usize, y: usize, rows: i32, width: i32): void {
  const row = <usize>width << 2
  for (let i = 0; i < rows; i++) {
    moments(x, width)
    const m = f32x4.splat(mean), s = f32x4.splat(inverse)
    for (let j = 0; j < width; j += 4) {
      const o = <usize>j << 2, left = width - j
      const normal = f32x4.mul(f32x4.sub(load4(x + o, left, 0), m), s)
      store4(y + o, f32x4.add(f32x4.mul(normal, load4(gain + o, left, 0)), load4(bias + o, left, 0)), left)
    }
    x += row
    y += row
  }
}

/** The gradients over x [rows, width], gain and bias [width] from dy. */
export function layerNormGrad(x: usize, gain: usize, dy: usize, dx: usize, dgain: usize, dbias: usize, rows: i32, width: i32): void {
  const row = <usize>width << 2
  memory.fill(dgain, 0, row)
  memory.fill(dbias, 0, row)
  for (let i = 0; i < rows; i++) {
    moments(x, width)
    const m = f32x4.splat(mean), s = f32x4.splat(inverse)
    let total = f32x4.splat(0), along = f32x4.splat(0)
    for (let j = 0; j < width; j += 4) {
      const o = <usize>j << 2, left = width - j
      const normal = f32x4.mul(f32x4.sub(load4(x + o, left, 0), m), s)
      const d = load4(dy + o, left, 0)
      store4(dgain + o, f32x4.add(load4(dgain + o, left, 0), f32x4.mul(d, normal)), left)
      store4(dbias + o, f32x4.add(load4(dbias + o, left, 0), d), left)
      const scaled = f32x4.mul(d, load4(gain + o, left, 0))
      total = f32x4.add(total, scaled)
      along = f32x4.add(along, f32x4.mul(scaled, normal))
    }
    const a = f32x4.splat(sum4(total) / <f32>width), b = f32x4.splat(sum4(along) / <f32>width)
    for (let j = 0; j < width; j += 4) {
      const o = <usize>j << 2, left = width - j
      const normal = f32x4.mul(f32x4.sub(load4(x + o, left, 0), m), s)
      const scaled = f32x4.mul(load4(dy + o, left, 0), load4(gain + o, left, 0))
      store4(dx + o, f32x4.mul(s, f32x4.sub(f32x4.sub(scaled, a), f32x4.mul(normal, b))), left)
    }
    x += row
    dy += row
    dx += row
  }
}
