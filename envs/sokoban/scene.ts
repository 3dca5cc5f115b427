import type { Item, Scene, Shape } from '#core/scene'
import { TARGET, WALL } from './level.ts'
import { boxesOf, type Sokoban } from './state.ts'

/** Scene units of a cell; a cell of 16 pixels is drawn one to one. */
export const CELL = 16

const FLOOR = 0x2a2e3f
const JOINT = 0x353a4e
const MORTAR = 0x5a2320
const BRICK = 0xb5432f
const BRICK_LIGHT = 0xc8553c
const TARGET_AREA = 0x4d2632
const TARGET_DOT = 0xff3b3b
const BOX_EDGE = 0x8a5a10
const BOX_FACE = 0xf6c626
const BOX_PLANK = 0xd9a015
const SKIN = 0x8ff0a4
const BODY = 0x2fbf55
const DARK = 0x12351d

/** What the player sees: floor, red brick walls, targets with a red dot, yellow boxes, the green character. */
export function scene(state: Sokoban): Scene {
  const { board, cells, player } = state
  const { width, height } = board
  const x = (cell: number) => (cell % width) * CELL
  const y = (cell: number) => Math.floor(cell / width) * CELL
  const items: Item[] = [{ id: 'room', x: 0, y: 0, shapes: room(state) }]
  boxesOf(state).forEach((cell, i) => {
    items.push({ id: `box${i}`, x: x(cell), y: y(cell), shapes: cells[cell] & TARGET ? HOME : CRATE })
  })
  items.push({ id: 'player', x: x(player), y: y(player), shapes: CHARACTER })
  return { width: width * CELL, height: height * CELL, background: FLOOR, items }
}

/** Walls, targets and the joints of the floor: they never change. */
function room(state: Sokoban): Shape[] {
  const { cells, board } = state
  const shapes: Shape[] = []
  for (let cell = 0; cell < cells.length; cell++) {
    const x = (cell % board.width) * CELL
    const y = Math.floor(cell / board.width) * CELL
    if (cells[cell] & WALL) {
      bricks(shapes, x, y)
    } else {
      shapes.push({ kind: 'rect', x, y: y + 15, w: 16, h: 1, fill: JOINT })
      shapes.push({ kind: 'rect', x: x + 15, y, w: 1, h: 15, fill: JOINT })
      if (cells[cell] & TARGET) {
        shapes.push({ kind: 'rect', x: x + 1, y: y + 1, w: 13, h: 13, fill: TARGET_AREA })
        shapes.push({ kind: 'ellipse', x: x + 8, y: y + 8, rx: 3, ry: 3, fill: TARGET_DOT })
      }
    }
  }
  return shapes
}

/** Four courses of bricks, every other one shifted by half a brick so that neighbouring cells join. */
function bricks(shapes: Shape[], x: number, y: number): void {
  shapes.push({ kind: 'rect', x, y, w: 16, h: 16, fill: MORTAR })
  for (let course = 0; course < 4; course++) {
    const top = y + 4 * course
    const spans = course % 2 === 0 ? [0, 7, 8, 7] : [0, 3, 4, 7, 12, 4]
    for (let i = 0; i < spans.length; i += 2) {
      shapes.push({ kind: 'rect', x: x + spans[i], y: top, w: spans[i + 1], h: 3, fill: BRICK })
      shapes.push({ kind: 'rect', x: x + spans[i], y: top, w: spans[i + 1], h: 1, fill: BRICK_LIGHT })
    }
  }
}

const CRATE: readonly Shape[] = [
  { kind: 'rect', x: 1, y: 1, w: 14, h: 14, fill: BOX_EDGE },
  { kind: 'rect', x: 2, y: 2, w: 12, h: 12, fill: BOX_FACE },
  { kind: 'rect', x: 4, y: 6, w: 8, h: 1, fill: BOX_PLANK },
  { kind: 'rect', x: 4, y: 9, w: 8, h: 1, fill: BOX_PLANK },
  { kind: 'rect', x: 3, y: 3, w: 1, h: 10, fill: BOX_PLANK },
  { kind: 'rect', x: 12, y: 3, w: 1, h: 10, fill: BOX_PLANK },
]

/** A box at home shows the target's red dot and red edge. */
const HOME: readonly Shape[] = [
  { kind: 'rect', x: 1, y: 1, w: 14, h: 14, fill: TARGET_DOT },
  { kind: 'rect', x: 3, y: 3, w: 10, h: 10, fill: BOX_FACE },
  { kind: 'ellipse', x: 8, y: 8, rx: 3, ry: 3, fill: TARGET_DOT },
]

const CHARACTER: readonly Shape[] = [
  { kind: 'ellipse', x: 8, y: 12, rx: 5, ry: 4, fill: DARK },
  { kind: 'ellipse', x: 8, y: 11, rx: 5, ry: 4, fill: BODY },
  { kind: 'ellipse', x: 8, y: 6, rx: 4, ry: 4, fill: SKIN },
  { kind: 'rect', x: 6, y: 5, w: 1, h: 2, fill: DARK },
  { kind: 'rect', x: 9, y: 5, w: 1, h: 2, fill: DARK },
]
