import type { Shape } from '#core/draw/scene'

export function rect(x: number, y: number, w: number, h: number, fill: number): Shape {
  return { kind: 'rect', x, y, w, h, fill }
}

export function line(x1: number, y1: number, x2: number, y2: number, width: number, fill: number): Shape {
  return { kind: 'line', x1, y1, x2, y2, width, fill }
}

/** A circle whose middle is at `dx`, `dy` of a cell. */
export function disc(x: number, y: number, dx: number, dy: number, radius: number, fill: number): Shape {
  return { kind: 'ellipse', x: x + dx, y: y + dy, rx: radius, ry: radius, fill }
}

/** A square box with an edge, at the origin. */
export function box(face: number, edge: number): Shape[] {
  return [rect(1, 1, 14, 14, edge), rect(2, 2, 12, 12, face)]
}
