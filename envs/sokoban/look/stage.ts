import type { Item, Scene, Shape } from '#core/draw/scene'
import { offsets } from '../levels/level.ts'
import type { Sokoban } from '../state.ts'
import { CELL, scene } from './scene.ts'

const SHADOW = 0x10131c
const SKIN = 0x8ff0a4
const BODY = 0x2fbf55
const LIMB = 0x1d8a3b
const DARK = 0x12351d

/** Right and down of Up, Down, Left and Right. */
const WAYS = [
  [0, -1],
  [0, 1],
  [-1, 0],
  [1, 0],
] as const
/** Which way the figure looks while it has not moved. */
const TOWARDS_US = 1

/**
 * The level as people watch it: a figure that looks where it goes, whose feet swing from step to step and whose hands
 * lie on the box that it pushes. Its limbs are items of their own, so that they move between two steps.
 * @param played the action that led here, where it is known.
 */
export function stage(state: Sokoban, played?: number): Scene {
  const plain = scene(state)
  // The figure belongs to the usual sprites.
  if ((state.config.sprites ?? 'bricks') !== 'bricks') return plain
  const { width } = state.board
  const x = (state.player % width) * CELL
  const y = Math.floor(state.player / width) * CELL
  return { ...plain, items: [...plain.items.slice(0, -1), ...figure(state, facing(state, played), x, y)] }
}

/** Index in WAYS. */
function facing({ board, player, pushed }: Sokoban, played: number | undefined): number {
  const move = pushed !== 0 ? pushed - player : played === undefined ? 0 : board.steps[played]
  const way = offsets(board.width).indexOf(move)
  return way < 0 ? TOWARDS_US : way
}

function figure({ t, pushed }: Sokoban, way: number, x: number, y: number): Item[] {
  const [dx, dy] = WAYS[way]
  const swing = t === 0 ? 0 : t % 2 === 0 ? 2 : -2
  const reach = pushed !== 0 ? 6 : 0
  /** `along` its way and `across` it, from the middle of the body. */
  const limb = (id: string, along: number, across: number, down: number, shapes: readonly Shape[]): Item => ({
    id,
    x: x + dx * along - dy * across,
    y: y + dy * along + dx * across + down,
    shapes,
  })
  const hands = [-1, 1].map((side) =>
    limb(`hand${side}`, reach || 1 - side * swing, side * (reach ? 3 : 5), 0, HAND),
  )
  const body: Item = { id: 'player', x, y, shapes: TORSO }
  const head: Item = { id: 'head', x: x + dx, y: y + (dy < 0 ? -1 : 0), shapes: HEADS[way] }
  return [
    { id: 'shade', x, y, shapes: SHADE },
    ...[-1, 1].map((side) => limb(`foot${side}`, side * swing, side * 3, 0, FOOT)),
    // What is turned away from us hides what is before it.
    ...(dy < 0 ? [...hands, body] : [body, ...hands]),
    head,
  ]
}

const oval = (x: number, y: number, rx: number, ry: number, fill: number): Shape => ({
  kind: 'ellipse',
  x,
  y,
  rx,
  ry,
  fill,
})
const SHADE: readonly Shape[] = [{ ...oval(8, 14, 5, 2, SHADOW), alpha: 110 }]
const FOOT: readonly Shape[] = [oval(8, 13, 2, 2, DARK)]
const TORSO: readonly Shape[] = [oval(8, 10, 5, 4, DARK), oval(8, 9, 4, 4, BODY)]
const HAND: readonly Shape[] = [oval(8, 10, 2, 2, DARK), oval(8, 10, 1, 1, SKIN)]
const SKULL: readonly Shape[] = [oval(8, 5, 4, 4, DARK), oval(8, 5, 4, 3, SKIN)]
const eye = (x: number): Shape => ({ kind: 'rect', x, y: 5, w: 1, h: 2, fill: DARK })
/** Seen from behind it has hair, from the side one eye. */
const HEADS: readonly (readonly Shape[])[] = [
  [...SKULL, oval(8, 5, 3, 2, LIMB)],
  [...SKULL, eye(6), eye(9)],
  [...SKULL, eye(5)],
  [...SKULL, eye(10)],
]
