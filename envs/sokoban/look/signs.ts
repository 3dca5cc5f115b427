import type { Shape } from '#core/draw/scene'
import { TARGET, WALL } from '../levels/level.ts'
import { disc, line, rect } from './shapes.ts'
import type { Sprites } from './sprites.ts'

const PAPER = 0xe9e6da
const GRID = 0xd3cfbf
const SLATE = 0x5b6b7d
const SLATE_EDGE = 0x46535f
const RING = 0x1f7fd4
const WOOD = 0x9a5b2c
const WOOD_DARK = 0x6d3d1a
const GREEN = 0x2e9e5b
const GREEN_DARK = 0x1d6b3c
const INK = 0x3b1d5e
const VIOLET = 0x8a4fd0

/**
 * Another picture of the same board, in none of the colours and shapes of the usual one, to ask whether an agent reads
 * frames or knows pixels: slate walls on paper, blue rings, brown crates that turn green at home, a violet pawn.
 */
export const signs: Sprites = {
  floor: PAPER,
  room(cells, width) {
    const height = cells.length / width
    const shapes: Shape[] = []
    for (let row = 1; row < height; row++) shapes.push(rect(0, 16 * row - 1, 16 * width, 1, GRID))
    for (let column = 1; column < width; column++) shapes.push(rect(16 * column - 1, 0, 1, 16 * height, GRID))
    for (let cell = 0; cell < cells.length; cell++) {
      const x = 16 * (cell % width)
      const y = 16 * Math.floor(cell / width)
      if (cells[cell] & WALL) shapes.push(rect(x, y, 16, 16, SLATE_EDGE), rect(x + 1, y + 1, 14, 14, SLATE))
      else if (cells[cell] & TARGET) shapes.push(disc(x, y, 8, 8, 7, RING), disc(x, y, 8, 8, 5, PAPER))
    }
    return shapes
  },
  crate: crate(WOOD, WOOD_DARK),
  home: crate(GREEN, GREEN_DARK),
  player: [
    { kind: 'polygon', points: [8, 5, 12, 14, 4, 14], fill: INK },
    { kind: 'polygon', points: [8, 7, 10, 13, 6, 13], fill: VIOLET },
    { kind: 'ellipse', x: 8, y: 4, rx: 3, ry: 3, fill: INK },
    { kind: 'ellipse', x: 8, y: 4, rx: 2, ry: 2, fill: VIOLET },
  ],
  told:
    'You are the violet pawn. Boxes are brown crates with a cross, a target is a blue ring, a box on a target is green, ' +
    'walls are slate blocks. On a target you stand inside its ring.',
}

/** Crossed by two boards. */
function crate(face: number, edge: number): readonly Shape[] {
  return [
    rect(1, 1, 14, 14, edge),
    rect(3, 3, 10, 10, face),
    line(3, 3, 13, 13, 2, edge),
    line(13, 3, 3, 13, 2, edge),
  ]
}
