// Powers of two of four numbers at a time: 2^n times a polynomial on [-1/2, 1/2], fitted by Lawson's algorithm to a
// relative error of 2e-7. Its terms are added in pairs, because the length of the chain is what costs.
// V8 builds a constant vector anew wherever it is used, in several instructions, but loads one in a single: so the
// constants of the inner loops lie in memory, where `prepare` puts them.

/** exp(x) = 2^(x LOG2E). */
export const LOG2E: f32 = 1.44269504088896341

let constants: usize = 0

/** Bytes of the table of constants. */
export function tableSize(): i32 {
  return 13 * 16
}

/** Writes the constants to `at`, which stays ours. */
export function prepare(at: usize): void {
  constants = at
  v128.store(at, f32x4.splat(126))
  v128.store(at, f32x4.splat(-126), 16)
  v128.store(at, f32x4.splat(12582912.0), 32) // 1.5 * 2^23: adding it leaves the nearest integer in the low bits
  v128.store(at, i32x4.splat(127 << 23), 48) // the exponent of 1
  v128.store(at, f32x4.splat(0.6931470036506653), 64)
  v128.store(at, f32x4.splat(0.24022242426872253), 80)
  v128.store(at, f32x4.splat(0.05550733581185341), 96)
  v128.store(at, f32x4.splat(0.009671512991189957), 112)
  v128.store(at, f32x4.splat(0.001326472731307149), 128)
  v128.store(at, f32x4.splat(1), 144)
  v128.store(at, f32x4.splat(0.044715), 160) // for gelu,
  v128.store(at, f32x4.splat(-2.302208198), 176) // -2 sqrt(2 / pi) log2 e,
  v128.store(at, f32x4.splat(-1.5957691216057308), 192) // and -2 sqrt(2 / pi)
}

/** The constants' address: take it once, before the loop. */
// @ts-ignore: decorator
@inline
export function table(): usize {
  return constants
}

/** 2^x of four numbers up to 126, those below -126 as -126; t: the table. */
// @ts-ignore: decorator
@inline
export function pow2(x: v128, t: usize): v128 {
  x = f32x4.pmax(v128.load(t, 16), x)
  const round = v128.load(t, 32)
  const shifted = f32x4.add(x, round)
  const f = f32x4.sub(x, f32x4.sub(shifted, round))
  const square = f32x4.mul(f, f)
  const low = f32x4.add(v128.load(t, 64), f32x4.mul(f, v128.load(t, 80)))
  const middle = f32x4.add(v128.load(t, 96), f32x4.mul(f, v128.load(t, 112)))
  const high = f32x4.add(middle, f32x4.mul(square, v128.load(t, 128)))
  const p = f32x4.add(v128.load(t, 144), f32x4.mul(f, f32x4.add(low, f32x4.mul(square, high))))
  return f32x4.mul(p, i32x4.add(i32x4.shl(shifted, 23), v128.load(t, 48)))
}
