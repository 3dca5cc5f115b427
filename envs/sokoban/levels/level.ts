import { hashBytes } from '#core/base/hash'

/** Flags of a cell; a cell without any is bare floor. */
export const WALL = 1
export const TARGET = 2
export const BOX = 4

/** Directions in action order; a plan is a list of their indices. */
export const DIRECTIONS = ['Up', 'Down', 'Left', 'Right'] as const

/** Most rows and columns of a level. */
export const LARGEST = 80

/** A position to play: rows from the top, `cells[row * width + column]` of flags. */
export interface Level {
  readonly width: number
  readonly height: number
  readonly cells: Uint8Array
  /** Cell of the player. */
  readonly player: number
}

/** Index steps of Up, Down, Left, Right in a grid of this width. */
export function offsets(width: number): Int32Array {
  return Int32Array.of(-width, width, -1, 1)
}

/** Whether each cell can be entered by the player if boxes were no obstacle; the level must be closed. */
export function interior(level: Level): Uint8Array {
  const { cells, width, height, player } = level
  const inside = new Uint8Array(cells.length)
  const stack = [player]
  inside[player] = 1
  for (let cell = stack.pop(); cell !== undefined; cell = stack.pop()) {
    const column = cell % width
    const neighbours = [
      cell >= width ? cell - width : -1,
      cell + width < width * height ? cell + width : -1,
      column > 0 ? cell - 1 : -1,
      column < width - 1 ? cell + 1 : -1,
    ]
    for (const next of neighbours) {
      if (next < 0 || inside[next] || cells[next] & WALL) continue
      inside[next] = 1
      stack.push(next)
    }
  }
  return inside
}

/**
 * A hash that is equal for levels which are the same under the 8 symmetries of the square, whatever wall
 * surrounds them: floor that nobody can reach counts as wall, and the rim is cut off.
 */
export function canonicalKey(level: Level): string {
  const inside = interior(level)
  const { width, height } = level
  let top = height
  let bottom = 0
  let left = width
  let right = 0
  const symbol = new Uint8Array(level.cells.length)
  for (let cell = 0; cell < symbol.length; cell++) {
    const flags = level.cells[cell]
    symbol[cell] = flags === 0 && !inside[cell] ? WALL : flags
    if (cell === level.player) symbol[cell] |= 8
    if (symbol[cell] === WALL) continue
    const row = Math.floor(cell / width)
    const column = cell - row * width
    top = Math.min(top, row)
    bottom = Math.max(bottom, row)
    left = Math.min(left, column)
    right = Math.max(right, column)
  }
  let best: Uint8Array | undefined
  for (let symmetry = 0; symmetry < 8; symmetry++) {
    const turned = transform(symbol, width, top, left, bottom - top + 1, right - left + 1, symmetry)
    if (best === undefined || precedes(turned, best)) best = turned
  }
  return hashBytes(best as Uint8Array)
}

/** The crop of `symbol` seen under one of the 8 symmetries, its shape first. */
function transform(
  symbol: Uint8Array,
  width: number,
  top: number,
  left: number,
  rows: number,
  columns: number,
  symmetry: number,
): Uint8Array {
  const transpose = (symmetry & 4) !== 0
  const r = transpose ? columns : rows
  const c = transpose ? rows : columns
  const out = new Uint8Array(2 + r * c)
  out[0] = r
  out[1] = c
  for (let y = 0; y < r; y++) {
    for (let x = 0; x < c; x++) {
      const a = symmetry & 1 ? r - 1 - y : y
      const b = symmetry & 2 ? c - 1 - x : x
      const row = transpose ? b : a
      const column = transpose ? a : b
      out[2 + y * c + x] = symbol[(top + row) * width + left + column]
    }
  }
  return out
}

function precedes(a: Uint8Array, b: Uint8Array): boolean {
  for (let i = 0; i < a.length && i < b.length; i++) if (a[i] !== b[i]) return a[i] < b[i]
  return a.length < b.length
}
