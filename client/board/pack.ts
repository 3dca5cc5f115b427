/** A place on a shared surface, in pixels from its top left corner. */
export interface Cell {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** Cells for some of the sizes, and the extent of all of them. */
export interface Packing {
  readonly cells: readonly Cell[]
  readonly width: number
  readonly height: number
}

/**
 * Places sizes in rows, in order, on a surface of at most `limit` by `limit` pixels: as many as fit, at least one
 * (which is cut where it is larger).
 */
export function pack(
  sizes: readonly { readonly width: number; readonly height: number }[],
  limit: number,
): Packing {
  const cells: Cell[] = []
  let x = 0
  let y = 0
  let row = 0
  let widest = 0
  for (const size of sizes) {
    const width = Math.min(size.width, limit)
    const height = Math.min(size.height, limit)
    if (x + width > limit) {
      x = 0
      y += row
      row = 0
    }
    if (y + height > limit) break
    cells.push({ x, y, width, height })
    x += width
    row = Math.max(row, height)
    widest = Math.max(widest, x)
  }
  return { cells, width: widest, height: y + row }
}
