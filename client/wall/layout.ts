/** How boards lie on the wall. */
export interface Layout {
  readonly columns: number
  /** Width of a board's place, in CSS pixels. */
  readonly place: number
}

/** Height of the lines below a board and the space around it; space between places. */
const CAPTION = 84
const GAP = 12

/** Boards narrower than this are not shrunk further: the page scrolls. */
const NARROWEST = 128

/**
 * The columns with which `n` boards of one aspect (height over width) are largest while all of them fit into
 * `width` by `height` CSS pixels; as many as the width has room for when they would be too small.
 */
export function layOut(n: number, width: number, height: number, aspect: number): Layout {
  let best: Layout = { columns: 1, place: 0 }
  for (let columns = 1; columns <= n; columns++) {
    const wide = (width - GAP * (columns - 1)) / columns
    const high = height / Math.ceil(n / columns) - GAP - CAPTION
    const place = Math.floor(Math.min(wide, high / aspect))
    if (place > best.place) best = { columns, place }
  }
  if (best.place >= NARROWEST) return best
  const columns = Math.max(1, Math.min(n, Math.floor((width + GAP) / (NARROWEST + GAP))))
  return { columns, place: Math.floor((width - GAP * (columns - 1)) / columns) }
}
