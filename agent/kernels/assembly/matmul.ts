import { copyTile, packA, packB } from './pack'
import { tileColumns, tileRows } from './tiles'

// C = A B + init for matrices of any strides (Goto and van de Geijn 2008, in small): a block of B is packed so
// that it stays in the second cache, six rows of A pass over it at a time.

/** Depth and width of a packed block of B: 512 KiB. */
const DEPTH: i32 = 256
const WIDTH: i32 = 512

/** Bytes of scratch memory `matmul` needs: the block of B, six rows of A, a tile, 8 zeros. */
export function matmulScratch(): i32 {
  return DEPTH * WIDTH * 4 + DEPTH * 24 + 192 + 32
}

/**
 * C [m, n] = A [m, k] B [k, n] + init. Strides in bytes; C is contiguous in its rows. init: 0, or a matrix like C
 * whose rows are initRow bytes apart (0: one row for all, a bias).
 */
export function matmul(
  m: i32, n: i32, k: i32,
  a: usize, aRow: usize, aColumn: usize,
  b: usize, bRow: usize, bColumn: usize,
  c: usize, cRow: usize,
  init: usize, initRow: usize,
  scratch: usize,
): void {
  const packedA = scratch + <usize>(DEPTH * WIDTH * 4)
  const tile = packedA + <usize>(DEPTH * 24)
  const zeros = tile + 192
  memory.fill(zeros, 0, 32)
  for (let p = 0; p < k; p += DEPTH) {
    const depth = min(DEPTH, k - p)
    const first = p == 0
    for (let j = 0; j < n; j += WIDTH) {
      const width = min(WIDTH, n - j)
      packB(b + <usize>p * bRow + <usize>j * bColumn, bRow, bColumn, depth, width, scratch)
      for (let i = 0; i < m; i += 6) {
        const rows = min(6, m - i)
        let ai = a + <usize>i * aRow + <usize>p * aColumn
        const direct = rows == 6 && aColumn == 4
        if (!direct) {
          packA(ai, aRow, aColumn, rows, depth, packedA)
          ai = packedA
        }
        const cRowI = c + <usize>i * cRow + (<usize>j << 2)
        const initI = init + <usize>i * initRow + (<usize>j << 2)
        for (let jj = 0; jj < width; jj += 8) {
          const columns = min(8, width - jj)
          const panel = scratch + <usize>jj * (<usize>depth << 2)
          const at = cRowI + (<usize>jj << 2)
          const whole = rows == 6 && columns == 8
          let from = first ? (init ? initI + (<usize>jj << 2) : zeros) : at
          let fromRow = first ? (init ? initRow : 0) : cRow
          if (!whole && from != zeros) {
            copyTile(from, fromRow, tile, 32, rows, columns)
            from = tile
            fromRow = 32
          }
          const to = whole ? at : tile
          const toRow: usize = whole ? cRow : 32
          if (direct) tileRows(depth, ai, aRow, panel, to, toRow, from, fromRow)
          else tileColumns(depth, ai, 24, panel, to, toRow, from, fromRow)
          if (!whole) copyTile(tile, 32, at, cRow, rows, columns)
        }
      }
    }
  }
}
