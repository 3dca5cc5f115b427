import type { Shape } from './shape.ts'
import type { Slots } from './types.ts'

/** Places of the square that reaches `near` rows and columns around a place, itself included. */
export function tapsOf(near: number): number {
  return (2 * near + 1) * (2 * near + 1)
}

/**
 * Whom each slot of the prompts, which lie end to end, has around its place, [rows, taps] in reading order; -1 where there is
 * nobody, and in rows beyond the prompts'. A word has words, a patch patches, of its own prompt and layer. Undefined for a
 * shape that does not look.
 */
export function neighbours(shape: Shape, prompts: readonly Slots[], rows: number): Int32Array | undefined {
  if (!shape.near) return undefined
  const { near, rows: height, columns: width } = shape
  const taps = tapsOf(near)
  const index = new Int32Array(rows * taps).fill(-1)
  // A border as wide as one looks makes every look safe.
  const across = width + 2 * near
  const plane = across * (height + 2 * near)
  const grid = new Int32Array(shape.layers * 2 * plane).fill(-1)
  let first = 0
  for (const prompt of prompts) {
    const at = prompt.words.map(
      (word, i) =>
        (prompt.layers[i] * 2 + (word < 0 ? 1 : 0)) * plane +
        (prompt.rows[i] + near) * across +
        prompt.columns[i] +
        near,
    )
    for (let i = 0; i < at.length; i++) grid[at[i]] = first + i
    for (let i = 0; i < at.length; i++) {
      let tap = (first + i) * taps
      for (let row = -near; row <= near; row++) {
        const middle = at[i] + row * across
        for (let column = -near; column <= near; column++) index[tap++] = grid[middle + column]
      }
    }
    for (let i = 0; i < at.length; i++) grid[at[i]] = -1
    first += at.length
  }
  return index
}
