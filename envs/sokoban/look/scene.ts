import type { Item, Scene, Shape } from '#core/draw/scene'
import type { Config } from '../config.ts'
import { BOX, TARGET } from '../levels/level.ts'
import { boxesOf, type Sokoban } from '../state.ts'
import { drawnSprites } from './drawn.ts'
import { room } from './picture.ts'
import { signs } from './signs.ts'
import type { Sprites } from './sprites.ts'

/** Scene units of a cell; a cell of 16 pixels is drawn one to one. */
export const CELL = 16

const FLOOR = 0x2a2e3f
/** Of nothing on a board. */
const OUTSIDE = 0x808080
const RED = 0xff3b3b
const BOX_EDGE = 0x8a5a10
const BOX_FACE = 0xf6c626
const BOX_PLANK = 0xd9a015
const SKIN = 0x8ff0a4
const BODY = 0x2fbf55
const DARK = 0x12351d

/** The sprites a config names; the usual ones where it names none. */
export function spritesOf({ sprites, spriteSeed = 0 }: Pick<Config, 'sprites' | 'spriteSeed'>): Sprites {
  return sprites === 'drawn' ? drawnSprites(spriteSeed) : sprites === 'signs' ? signs : bricks
}

/** A position that need not be a level: `cells` are the flags of level.ts, `player` below 0 is none. */
export function sceneOf(cells: Uint16Array, width: number, player: number): Scene {
  const boxes = [...cells.keys()].filter((cell) => cells[cell] & BOX)
  return painted(bricks, bricks.room(cells, width), cells, width, boxes, (_, cell) => cell, player)
}

/** What the player sees. */
export function scene(state: Sokoban): Scene {
  const { board, cells, player, config } = state
  board.sprites ??= spritesOf(config)
  board.picture ??= board.sprites.room(cells, board.width)
  return painted(board.sprites, board.picture, cells, board.width, boxesOf(state), (index) => index, player)
}

function painted(
  sprites: Sprites,
  picture: readonly Shape[],
  cells: Uint16Array,
  width: number,
  boxes: Iterable<number>,
  nameOf: (index: number, cell: number) => number,
  player: number,
): Scene {
  const item = (id: string, cell: number, shapes: readonly Shape[]): Item => ({
    id,
    x: (cell % width) * CELL,
    y: Math.floor(cell / width) * CELL,
    shapes,
  })
  const items: Item[] = [{ id: 'room', x: 0, y: 0, shapes: picture }]
  let index = 0
  for (const cell of boxes) {
    const shapes = cells[cell] & TARGET ? sprites.home : sprites.crate
    items.push(item(`box${nameOf(index++, cell)}`, cell, shapes))
  }
  if (player >= 0) items.push(item('player', player, sprites.player))
  const height = (cells.length / width) * CELL
  return { width: width * CELL, height, background: sprites.floor, outside: OUTSIDE, items }
}

const CRATE: readonly Shape[] = [
  { kind: 'rect', x: 1, y: 1, w: 14, h: 14, fill: BOX_EDGE },
  { kind: 'rect', x: 2, y: 2, w: 12, h: 12, fill: BOX_FACE },
  { kind: 'rect', x: 4, y: 6, w: 8, h: 1, fill: BOX_PLANK },
  { kind: 'rect', x: 4, y: 9, w: 8, h: 1, fill: BOX_PLANK },
  { kind: 'rect', x: 3, y: 3, w: 1, h: 10, fill: BOX_PLANK },
  { kind: 'rect', x: 12, y: 3, w: 1, h: 10, fill: BOX_PLANK },
]

/** A box at home wears the target's red as edge and dot. */
const HOME: readonly Shape[] = [
  { kind: 'rect', x: 1, y: 1, w: 14, h: 14, fill: RED },
  { kind: 'rect', x: 3, y: 3, w: 10, h: 10, fill: BOX_FACE },
  { kind: 'ellipse', x: 8, y: 8, rx: 3, ry: 3, fill: RED },
]

const CHARACTER: readonly Shape[] = [
  { kind: 'ellipse', x: 8, y: 12, rx: 5, ry: 4, fill: DARK },
  { kind: 'ellipse', x: 8, y: 11, rx: 5, ry: 4, fill: BODY },
  { kind: 'ellipse', x: 8, y: 6, rx: 4, ry: 4, fill: SKIN },
  { kind: 'rect', x: 6, y: 5, w: 1, h: 2, fill: DARK },
  { kind: 'rect', x: 9, y: 5, w: 1, h: 2, fill: DARK },
]

/** Floor, red brick walls, targets with a red dot, yellow boxes, the green character. */
const bricks: Sprites = {
  floor: FLOOR,
  room,
  crate: CRATE,
  home: HOME,
  player: CHARACTER,
  told:
    'You are the green character. Boxes are yellow, a target is an area with a red dot, a box on a target has a ' +
    'red edge and dot, walls are a red brick pattern. On a target you stand before its dot, and its dark red ' +
    'area with red corners shows around you.',
}
