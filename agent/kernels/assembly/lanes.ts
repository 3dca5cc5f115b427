// Loading, storing and adding up vectors of four, also where fewer than four are left.

/** Four numbers at p; where only `left` < 4 are left, `fill` in the other lanes. */
// @ts-ignore: decorator
@inline
export function load4(p: usize, left: i32, fill: f32): v128 {
  return left >= 4 ? v128.load(p) : loadPart(p, left, fill)
}

function loadPart(p: usize, left: i32, fill: f32): v128 {
  let v = f32x4.splat(fill)
  v = f32x4.replace_lane(v, 0, load<f32>(p))
  if (left > 1) v = f32x4.replace_lane(v, 1, load<f32>(p, 4))
  if (left > 2) v = f32x4.replace_lane(v, 2, load<f32>(p, 8))
  return v
}

/** Stores the first min(left, 4) lanes. */
// @ts-ignore: decorator
@inline
export function store4(p: usize, v: v128, left: i32): void {
  if (left >= 4) v128.store(p, v)
  else storePart(p, v, left)
}

function storePart(p: usize, v: v128, left: i32): void {
  store<f32>(p, f32x4.extract_lane(v, 0))
  if (left > 1) store<f32>(p, f32x4.extract_lane(v, 1), 4)
  if (left > 2) store<f32>(p, f32x4.extract_lane(v, 2), 8)
}

/** The sum of the lanes, in a fixed order. */
// @ts-ignore: decorator
@inline
export function sum4(v: v128): f32 {
  const half = f32x4.add(v, i64x2.shuffle(v, v, 1, 0))
  return f32x4.extract_lane(half, 0) + f32x4.extract_lane(half, 1)
}

/** The largest of the lanes. */
// @ts-ignore: decorator
@inline
export function max4(v: v128): f32 {
  const half = f32x4.pmax(v, i64x2.shuffle(v, v, 1, 0))
  return max(f32x4.extract_lane(half, 0), f32x4.extract_lane(half, 1))
}
