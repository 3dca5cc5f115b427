import { ADVANCE, CAPITAL_HEIGHT, GLYPH_HEIGHT, GLYPH_WIDTH, glyphRow } from './font.ts'

/** Where pixels go: a scene unit is num / den pixels, and nothing is painted outside of the box. */
export interface Target {
  readonly data: Uint8Array
  readonly stride: number
  readonly num: number
  readonly den: number
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

/** The pixel column that the scene's x falls into. */
function column(t: Target, x: number): number {
  return t.left + Math.floor((x * t.num) / t.den)
}

function row(t: Target, y: number): number {
  return t.top + Math.floor((y * t.num) / t.den)
}

export function rect(
  t: Target,
  x: number,
  y: number,
  w: number,
  h: number,
  fill: number,
  alpha: number,
): void {
  if (w <= 0 || h <= 0) return
  const x0 = column(t, x)
  const y0 = row(t, y)
  box(t, x0, y0, Math.max(column(t, x + w), x0 + 1), Math.max(row(t, y + h), y0 + 1), fill, alpha)
}

/**
 * Rounded shapes work in units of 1 / (2 num) of a scene unit: there, scene points and pixel centres,
 * (2 i + 1) den for pixel i of the box, are both whole.
 */
function centre(t: Target, index: number): number {
  return (2 * index + 1) * t.den
}

/** The first pixel of the box whose centre is not before p / q, for q > 0. */
function firstFrom(t: Target, p: number, q: number): number {
  return Math.ceil((p - q * t.den) / (2 * q * t.den))
}

export function ellipse(
  t: Target,
  x: number,
  y: number,
  rx: number,
  ry: number,
  fill: number,
  alpha: number,
): void {
  if (rx <= 0 || ry <= 0) return
  // Below two pixels it might miss every centre.
  if (rx * t.num < t.den || ry * t.num < t.den) {
    rect(t, x - rx, y - ry, 2 * rx, 2 * ry, fill, alpha)
    return
  }
  const unit = 2 * t.num
  const last = Math.min(row(t, y + ry), t.bottom - 1)
  for (let j = Math.max(row(t, y - ry), t.top); j <= last; j++) {
    const dy = centre(t, j - t.top) - unit * y
    const rest = unit * ry * unit * ry - dy * dy
    if (rest < 0) continue
    const reach = Math.floor((rx * Math.sqrt(rest)) / ry)
    span(t, j, firstFrom(t, unit * x - reach, 1), firstFrom(t, unit * x + reach + 1, 1), fill, alpha)
  }
}

/** A stroke with butt ends, at least a pixel wide: per row, where the bands along and across it overlap. */
export function line(
  t: Target,
  x1: number,
  y1: number,
  x2: number,
  y2: number,
  width: number,
  fill: number,
  alpha: number,
): void {
  const unit = 2 * t.num
  const dx = unit * (x2 - x1)
  const dy = unit * (y2 - y1)
  const squared = dx * dx + dy * dy
  if (squared === 0 || width <= 0) return
  const half = Math.floor(Math.max(unit * width, 2 * t.den) / 2)
  const reach = Math.floor(half * Math.sqrt(squared))
  const margin = Math.ceil(width / 2) + Math.ceil(t.den / t.num)
  const last = Math.min(row(t, Math.max(y1, y2) + margin), t.bottom - 1)
  for (let j = Math.max(row(t, Math.min(y1, y2) - margin), t.top); j <= last; j++) {
    const cy = centre(t, j - t.top) - unit * y1
    let from = -Infinity
    let to = Infinity
    // Across: -reach <= dx cy - dy cx < reach.
    if (dy !== 0) {
      const middle = (dx * cy) / dy
      const spread = reach / Math.abs(dy)
      from = middle - spread
      to = middle + spread
    } else if (dx * cy < -reach || dx * cy >= reach) continue
    // Along: 0 <= dx cx + dy cy < squared.
    if (dx !== 0) {
      const start = (-dy * cy) / dx
      const end = (squared - dy * cy) / dx
      from = Math.max(from, Math.min(start, end))
      to = Math.min(to, Math.max(start, end))
    } else if (dy * cy < 0 || dy * cy >= squared) continue
    const origin = unit * x1
    span(t, j, firstFrom(t, origin + from, 1), firstFrom(t, origin + to, 1), fill, alpha)
  }
}

/** Filled by the even-odd rule. */
export function polygon(
  t: Target,
  points: readonly number[],
  x: number,
  y: number,
  fill: number,
  alpha: number,
): void {
  let highest = Infinity
  let lowest = -Infinity
  for (let i = 1; i < points.length; i += 2) {
    highest = Math.min(highest, points[i])
    lowest = Math.max(lowest, points[i])
  }
  const last = Math.min(row(t, y + lowest), t.bottom - 1)
  for (let j = Math.max(row(t, y + highest), t.top); j <= last; j++) {
    // From crossing to crossing, left to right; looking for the next one each time needs no list.
    let at = -Infinity
    let inside = false
    for (;;) {
      let next = Infinity
      let count = 0
      for (let i = 0; i + 1 < points.length; i += 2) {
        const crossing = crossed(t, points, i, x, y, j)
        if (crossing > at && crossing < next) {
          next = crossing
          count = 1
        } else if (crossing === next) count++
      }
      if (next === Infinity) break
      if (inside) span(t, j, at, next, fill, alpha)
      if (count & 1) inside = !inside
      at = next
    }
  }
}

/** The first pixel of row j behind the polygon's edge from point i to the next; NaN when the row misses it. */
function crossed(t: Target, points: readonly number[], i: number, x: number, y: number, j: number): number {
  const unit = 2 * t.num
  const next = i + 2 < points.length ? i + 2 : 0
  const ay = unit * (y + points[i + 1])
  const by = unit * (y + points[next + 1])
  const cy = centre(t, j - t.top)
  if (ay <= cy === by <= cy) return Number.NaN
  const ax = unit * (x + points[i])
  const slope = unit * (x + points[next]) - ax
  const sign = by > ay ? 1 : -1
  return firstFrom(t, sign * (ax * (by - ay) + (cy - ay) * slope), sign * (by - ay))
}

/** `x`, `y`: the top of the line of text at its left end, centre or right end; capitals are `size` high. */
export function text(
  t: Target,
  line: string,
  x: number,
  y: number,
  size: number,
  align: 'left' | 'center' | 'right',
  fill: number,
  alpha: number,
): void {
  const scale = Math.max(1, Math.round((size * t.num) / (CAPITAL_HEIGHT * t.den)))
  const width = (ADVANCE * line.length - 1) * scale
  const left = column(t, x) - (align === 'left' ? 0 : align === 'center' ? width >> 1 : width)
  const top = row(t, y)
  for (let i = 0; i < line.length; i++) {
    for (let r = 0; r < GLYPH_HEIGHT; r++) {
      const dots = glyphRow(line.charCodeAt(i), r)
      const y0 = top + r * scale
      for (let c = 0; c < GLYPH_WIDTH; c++) {
        if (!(dots & (1 << (GLYPH_WIDTH - 1 - c)))) continue
        const x0 = left + (ADVANCE * i + c) * scale
        box(t, x0, y0, x0 + scale, y0 + scale, fill, alpha)
      }
    }
  }
}

/** Pixels x0 to x1 (not included) of row j, counted from the left of the box. */
function span(t: Target, j: number, x0: number, x1: number, fill: number, alpha: number): void {
  box(t, t.left + x0, j, t.left + x1, j + 1, fill, alpha)
}

function box(t: Target, x0: number, y0: number, x1: number, y1: number, fill: number, alpha: number): void {
  const left = Math.max(x0, t.left)
  const right = Math.min(x1, t.right)
  const bottom = Math.min(y1, t.bottom)
  const red = (fill >> 16) & 255
  const green = (fill >> 8) & 255
  const blue = fill & 255
  const { data } = t
  for (let j = Math.max(y0, t.top); j < bottom; j++) {
    const end = 3 * (j * t.stride + right)
    let p = 3 * (j * t.stride + left)
    if (alpha >= 255) {
      for (; p < end; p += 3) {
        data[p] = red
        data[p + 1] = green
        data[p + 2] = blue
      }
    } else {
      for (; p < end; p += 3) {
        data[p] = mix(data[p], red, alpha)
        data[p + 1] = mix(data[p + 1], green, alpha)
        data[p + 2] = mix(data[p + 2], blue, alpha)
      }
    }
  }
}

/** (under (255 - alpha) + over alpha) / 255, rounded. */
function mix(under: number, over: number, alpha: number): number {
  return Math.floor((under * (255 - alpha) + over * alpha + 127) / 255)
}
