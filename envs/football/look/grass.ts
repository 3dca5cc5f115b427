import { cos, sin, TAU } from '#core/base/math'
import type { Item, Shape } from '#core/draw/scene'
import { BOX_X, BOX_Y, GOAL_HALF_WIDTH, HALF_LENGTH, HALF_WIDTH, PENALTY_SPOT_X } from '../physics/pitch.ts'

/** The pitch itself, ten scene units to the metre, its middle at the origin: it never changes. */

const LIGHT = 0x48a043
const SHADE = 0x429a3e
const LINE = 0xe4f2e2
const WIDE = 3

const X = 10 * HALF_LENGTH
const Y = 10 * HALF_WIDTH
const STRIPE = 110
const CHORDS = 36

/** Mown stripes, ten of them. */
function stripes(): Shape[] {
  return Array.from({ length: 10 }, (_, i): Shape => {
    return {
      kind: 'rect',
      x: -X + STRIPE * i,
      y: -Y - 20,
      w: STRIPE,
      h: 2 * Y + 40,
      fill: i % 2 ? LIGHT : SHADE,
    }
  })
}

function line(x1: number, y1: number, x2: number, y2: number): Shape {
  return { kind: 'line', x1, y1, x2, y2, width: WIDE, fill: LINE }
}

function rectangle(x1: number, y1: number, x2: number, y2: number): Shape[] {
  return [line(x1, y1, x2, y1), line(x2, y1, x2, y2), line(x2, y2, x1, y2), line(x1, y2, x1, y1)]
}

/** A circle around the middle, as chords. */
function circle(radius: number): Shape[] {
  const at = (i: number) => [
    Math.round(radius * cos((TAU * i) / CHORDS)),
    Math.round(radius * sin((TAU * i) / CHORDS)),
  ]
  return Array.from({ length: CHORDS }, (_, i) => {
    const [x1, y1] = at(i)
    const [x2, y2] = at(i + 1)
    return line(x1, y1, x2, y2)
  })
}

/** One end: penalty area, goal area, spot, goal with its net. */
function end(side: 1 | -1): Shape[] {
  const goal = Math.round(10 * GOAL_HALF_WIDTH)
  const box = Math.round(10 * BOX_X)
  const wide = Math.round(10 * BOX_Y)
  const net: Shape[] = []
  for (let i = 0; i <= 2; i++) net.push(thin(side * (X + 8 * i + 6), -goal, side * (X + 8 * i + 6), goal))
  for (let i = -3; i <= 3; i++) net.push(thin(side * X, 12 * i, side * (X + 24), 12 * i))
  return [
    ...rectangle(side * X, -wide, side * box, wide),
    ...rectangle(side * X, -92, side * (X - 55), 92),
    { kind: 'ellipse', x: side * 10 * PENALTY_SPOT_X, y: 0, rx: 4, ry: 4, fill: LINE },
    { kind: 'rect', x: side > 0 ? X : -X - 26, y: -goal, w: 26, h: 2 * goal, fill: 0x9fb8a0 },
    ...net,
    { kind: 'line', x1: side * X, y1: -goal, x2: side * X, y2: goal, width: 6, fill: 0xffffff },
    { kind: 'ellipse', x: side * X, y: -goal, rx: 5, ry: 5, fill: 0xffffff },
    { kind: 'ellipse', x: side * X, y: goal, rx: 5, ry: 5, fill: 0xffffff },
  ]
}

function thin(x1: number, y1: number, x2: number, y2: number): Shape {
  return { kind: 'line', x1, y1, x2, y2, width: 1, fill: 0xffffff, alpha: 150 }
}

export const PITCH: Item = {
  id: 'pitch',
  x: 640,
  y: 400,
  shapes: [
    ...stripes(),
    ...circle(92),
    { kind: 'ellipse', x: 0, y: 0, rx: 5, ry: 5, fill: LINE },
    line(0, -Y, 0, Y),
    ...rectangle(-X, -Y, X, Y),
    ...end(1),
    ...end(-1),
  ],
}
