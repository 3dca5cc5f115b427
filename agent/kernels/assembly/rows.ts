import { load4, store4 } from './lanes'

/** Row i of out [count, width] is row indices[i] of table; an index outside [0, rows) gives zeros. */
export function gatherRows(table: usize, rows: i32, indices: usize, out: usize, count: i32, width: i32): void {
  const row = <usize>width << 2
  for (let i = 0; i < count; i++) {
    const index = load<i32>(indices + (<usize>i << 2))
    if (<u32>index < <u32>rows) memory.copy(out, table + <usize>index * row, row)
    else memory.fill(out, 0, row)
    out += row
  }
}

/** Adds row i of values [count, width] to row indices[i] of out [rows, width], which starts as zeros. */
export function scatterRows(values: usize, indices: usize, out: usize, rows: i32, count: i32, width: i32): void {
  const row = <usize>width << 2
  memory.fill(out, 0, <usize>rows * row)
  for (let i = 0; i < count; i++) {
    const index = load<i32>(indices + (<usize>i << 2))
    if (<u32>index < <u32>rows) addTo(out + <usize>index * row, values, width)
    values += row
  }
}

/** out [width]: the sum of the rows of x. */
export function sumRows(x: usize, out: usize, rows: i32, width: i32): void {
  memory.fill(out, 0, <usize>width << 2)
  for (let i = 0; i < rows; i++) {
    addTo(out, x, width)
    x += <usize>width << 2
  }
}

// @ts-ignore: decorator
@inline
function addTo(out: usize, x: usize, width: i32): void {
  for (let j = 0; j < width; j += 4) {
    const o = <usize>j << 2, left = width - j
    store4(out + o, f32x4.add(load4(out + o, left, 0), load4(x + o, left, 0)), left)
  }
}

/** Sets x to zeros. */
export function clear(x: usize, size: i32): void {
  memory.fill(x, 0, <usize>size << 2)
}
