import { copyTile, packA, packB } from './pack'
import { tileColumns, tileRows } from './tiles'

// C = A B + init for matrices of any strides (Goto and van de Geijn 2008, in small): a block of B is packed for the
// second cache; a few rows of A and one panel of B at a time fit the first.

/** Depth and width of a packed block of B: 512 KiB. */
const DEPTH: i32 = 256
const WIDTH: i32 = 512
/** Numbers of A that are worked on at a time: 16 KiB. */
const NUMBERS: i32 = 4096

/** Bytes of scratch memory `matmul` needs: the block of B, the rows of A, a tile, 8 zeros. */
export function matmulScratch(): i32 {
  return DEPTH * WIDTH * 4 + NUMBERS * 4 + 128 + 32
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
  const packed = scratch + <usize>(DEPTH * WIDTH * 4)
  const tile = packed + <usize>(NUMBERS * 4)
  const zeros = tile + 128
  memory.fill(zeros, 0, 32)
  for (let p = 0; p < k; p += DEPTH) {
    const depth = min(DEPTH, k - p)
    const height = min(64, (NUMBERS / depth) & ~3)
    if (p > 0) {
      init = c
      initRow = cRow
    }
    for (let j = 0; j < n; j += WIDTH) {
      const width = min(WIDTH, n - j)
      packB(b + <usize>p * bRow + <usize>j * bColumn, bRow, bColumn, depth, width, scratch)
      for (let i = 0; i < m; i += height) {
        block(
          min(height, m - i), width, depth,
          a + <usize>i * aRow + <usize>p * aColumn, aRow, aColumn,
          c + <usize>i * cRow + (<usize>j << 2), cRow,
          init ? init + <usize>i * initRow + (<usize>j << 2) : 0, initRow,
          scratch, packed, tile, zeros,
        )
      }
    }
  }
}

/** Some rows of A times a packed block of B. */
function block(
  m: i32, n: i32, k: i32,
  a: usize, aRow: usize, aColumn: usize,
  c: usize, cRow: usize,
  init: usize, initRow: usize,
  panel: usize, packed: usize, tile: usize, zeros: usize,
): void {
  const direct = aColumn == 4
  const whole = direct ? m & ~3 : 0
  const step = <usize>k << 2
  for (let i = whole; i < m; i += 4) {
    packA(a + <usize>i * aRow, aRow, aColumn, min(4, m - i), k, packed + <usize>i * step)
  }
  for (let j = 0; j < n; j += 8) {
    const columns = min(8, n - j)
    for (let i = 0; i < m; i += 4) {
      const rows = min(4, m - i)
      const at = c + <usize>i * cRow + (<usize>j << 2)
      const full = rows == 4 && columns == 8
      let from = init ? init + <usize>i * initRow + (<usize>j << 2) : zeros
      let fromRow = init ? initRow : 0
      if (!full && init) {
        copyTile(from, fromRow, tile, 32, rows, columns)
        from = tile
        fromRow = 32
      }
      const to = full ? at : tile
      const toRow: usize = full ? cRow : 32
      if (i < whole) tileRows(k, a + <usize>i * aRow, aRow, panel, to, toRow, from, fromRow)
      else tileColumns(k, packed + <usize>i * step, 16, panel, to, toRow, from, fromRow)
      if (!full) copyTile(tile, 32, at, cRow, rows, columns)
    }
    panel += <usize>k << 5
  }
}
