import type { Shape } from '#core/draw/scene'
import { TARGET, WALL } from '../levels/level.ts'
import { rect } from './shapes.ts'

const JOINT = 0x343950
const MORTAR = 0x54201d
const BRICK = 0xa63d2c
const BRICK_LIGHT = 0xbb4f39
const TARGET_AREA = 0x57242f
const TARGET_RED = 0xff3b3b

/**
 * Everything of a level's picture that never moves, in units of 16 per cell: as few shapes as will do, for
 * speed. The pixels of a cell depend on that cell alone, so that patches of a frame mean what symbols mean.
 */
export function room(cells: Uint16Array, width: number): readonly Shape[] {
  const height = cells.length / width
  const shapes: Shape[] = []
  for (let row = 1; row < height; row++) shapes.push(rect(0, 16 * row - 1, 16 * width, 1, JOINT))
  for (let column = 1; column < width; column++) shapes.push(rect(16 * column - 1, 0, 1, 16 * height, JOINT))
  for (let cell = 0; cell < cells.length; cell++) {
    const x = 16 * (cell % width)
    const y = 16 * Math.floor(cell / width)
    if (cells[cell] & WALL) {
      // A wall is drawn whole where it begins in its row.
      if (x === 0 || !(cells[cell - 1] & WALL)) bricks(shapes, x, y, wallFrom(cells, cell, width))
      continue
    }
    if (cells[cell] & TARGET) target(shapes, x, y)
  }
  return shapes
}

/** Cells of wall from `cell` to the right. */
function wallFrom(cells: Uint16Array, cell: number, width: number): number {
  let count = 1
  while ((cell + count) % width !== 0 && cells[cell + count] & WALL) count++
  return count
}

/** Four courses of bricks, every other one shifted by half a brick, over `count` cells: neighbouring walls join. */
function bricks(shapes: Shape[], x: number, y: number, count: number): void {
  shapes.push(rect(x, y, 16 * count, 16, BRICK))
  for (let course = 0; course < 4; course++) {
    const top = y + 4 * course
    shapes.push(rect(x, top, 16 * count, 1, BRICK_LIGHT))
    shapes.push(rect(x, top + 3, 16 * count, 1, MORTAR))
    for (let half = 0; half < 2 * count; half++) {
      shapes.push(rect(x + 8 * half + (course % 2 === 0 ? 7 : 3), top, 1, 3, MORTAR))
    }
  }
}

/** A red area with a red dot; its corners stay in sight under the player. */
function target(shapes: Shape[], x: number, y: number): void {
  shapes.push(rect(x + 1, y + 1, 13, 13, TARGET_AREA))
  for (const [dx, dy] of [
    [1, 1],
    [12, 1],
    [1, 12],
    [12, 12],
  ]) {
    shapes.push(rect(x + dx, y + dy, 2, 2, TARGET_RED))
  }
  shapes.push({ kind: 'ellipse', x: x + 8, y: y + 8, rx: 3, ry: 3, fill: TARGET_RED })
}
