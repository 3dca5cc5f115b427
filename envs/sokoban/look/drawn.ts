import { append } from '#core/base/lists'
import { below, type Random, seeded, shuffle, uniform } from '#core/base/random'
import type { Shape } from '#core/draw/scene'
import { TARGET, WALL } from '../levels/level.ts'
import { box, disc, line, rect } from './shapes.ts'
import type { Sprites } from './sprites.ts'

/** Names of hues, from red on, each an eighth of the circle. */
const HUES = ['red', 'amber', 'lime', 'green', 'cyan', 'blue', 'violet', 'magenta'] as const

/** A colour, what fits beside it darker or lighter, and what to call it. */
interface Paint {
  readonly name: string
  readonly face: number
  readonly edge: number
}

/**
 * Sprites nobody has designed, by a number: colours and shapes of every kind of cell are drawn, within what all boards have
 * in common (walls fill their cells, crates are large and regular, targets lie flat and show around the player). An agent
 * that sees a thousand of them has to read boards, not pixels. None has a ring, a crate with a cross or a pawn: `signs` stay
 * unlike all of them.
 */
export function drawnSprites(number: number): Sprites {
  const random = seeded(`sprites/${number}`)
  const dark = uniform(random) < 0.5
  const ground = groundOf(random, dark)
  const hues = shuffle(random, [...HUES.keys()])
  const paint = () => paintOf(random, hues.pop()!, dark)
  const [wall, crate, target, player] = [
    uniform(random) < 0.4 ? stoneOf(random, dark) : paint(),
    paint(),
    paint(),
    paint(),
  ]
  const home = uniform(random) < 0.5 ? paint() : undefined
  const wallShape = pick(random, WALLS)
  const targetShape = pick(random, TARGETS)
  const crateShape = pick(random, CRATES)
  const figure = pick(random, FIGURES)
  const mark = pick(random, MARKS)
  const floor = pick(random, FLOORS)
  const crateOf = ({ face, edge }: Paint): Shape[] => crateShape.draw(face, edge)
  return {
    floor: ground.face,
    room(cells, width) {
      const shapes: Shape[] = []
      for (let cell = 0; cell < cells.length; cell++) {
        const x = 16 * (cell % width)
        const y = 16 * Math.floor(cell / width)
        if (cells[cell] & WALL) {
          shapes.push(rect(x, y, 16, 16, wall.face))
          append(shapes, wallShape.draw(wall, x, y))
          continue
        }
        append(shapes, floor(ground.edge, x, y))
        if (cells[cell] & TARGET) append(shapes, targetShape.draw(target, ground.face, x, y))
      }
      return shapes
    },
    crate: crateOf(crate),
    home: home ? crateOf(home) : [...crateOf(crate), ...mark(target)],
    player: figure.draw(player),
    told:
      `You are the ${player.name} ${figure.name}. Boxes are ${crate.name} ${crateShape.name}, a target is ${article(target.name)} ` +
      `${targetShape.name}, a box on a target ${home ? `is ${home.name}` : `has ${article(target.name)} mark`}, walls are ` +
      `${wall.name} ${wallShape.name}. On a target you stand on its ${targetShape.name}.`,
  }
}

const article = (name: string): string => `${name === 'amber' ? 'an' : 'a'} ${name}`

function pick<T>(random: Random, from: readonly T[]): T {
  return from[below(random, from.length)]
}

/** Nearly grey, and its marks. */
function groundOf(random: Random, dark: boolean): { readonly face: number; readonly edge: number } {
  const hue = below(random, 8)
  const value = dark ? 20 + below(random, 45) : 200 + below(random, 45)
  const step = dark ? 14 : -18
  return { face: colour(hue, 0.25, value), edge: colour(hue, 0.25, value + step) }
}

function stoneOf(random: Random, dark: boolean): Paint {
  const value = dark ? 110 + below(random, 90) : 60 + below(random, 80)
  return { name: 'grey', face: colour(0, 0, value), edge: colour(0, 0, value - 30) }
}

function paintOf(random: Random, hue: number, dark: boolean): Paint {
  const value = dark ? 160 + below(random, 96) : 100 + below(random, 90)
  const strength = 0.65 + 0.35 * uniform(random)
  const turn = hue + 0.5 * uniform(random) - 0.25
  return {
    name: HUES[hue],
    face: colour(turn, strength, value),
    edge: colour(turn, strength, Math.floor(value * (0.45 + 0.2 * uniform(random)))),
  }
}

/** 0xRRGGBB of a hue in eighths of the circle, a strength 0..1 and a value 0..255. */
function colour(hue: number, strength: number, value: number): number {
  const sixths = (((hue + 8) % 8) * 6) / 8
  const channel = (shift: number): number => {
    const k = (shift + sixths) % 6
    return Math.floor(value * (1 - strength * Math.max(0, Math.min(k, 4 - k, 1))))
  }
  return (channel(5) << 16) | (channel(3) << 8) | channel(1)
}

/** What lies on bare floor. */
const FLOORS: readonly ((edge: number, x: number, y: number) => readonly Shape[])[] = [
  () => [],
  (edge, x, y) => [rect(x, y + 15, 16, 1, edge), rect(x + 15, y, 1, 16, edge)],
  (edge, x, y) => [rect(x + 7, y + 7, 2, 2, edge)],
]

/** Over the whole cell. */
const WALLS: readonly {
  readonly name: string
  draw({ edge }: Paint, x: number, y: number): readonly Shape[]
}[] = [
  { name: 'areas', draw: () => [] },
  { name: 'blocks', draw: ({ edge }, x, y) => [rect(x, y + 13, 16, 3, edge), rect(x + 13, y, 3, 16, edge)] },
  {
    name: 'bricks',
    draw: ({ edge }, x, y) => [
      rect(x, y + 7, 16, 1, edge),
      rect(x, y + 15, 16, 1, edge),
      rect(x + 3, y, 1, 7, edge),
      rect(x + 11, y + 8, 1, 7, edge),
    ],
  },
  { name: 'stones', draw: ({ edge }, x, y) => [disc(x, y, 5, 5, 3, edge), disc(x, y, 11, 11, 4, edge)] },
  { name: 'stripes', draw: ({ edge }, x, y) => [2, 7, 12].map((at) => rect(x, y + at, 16, 2, edge)) },
]

/** Flat, and in sight around whoever stands on them. */
const TARGETS: readonly {
  readonly name: string
  draw({ face }: Paint, ground: number, x: number, y: number): readonly Shape[]
}[] = [
  {
    name: 'dot between four corners',
    draw: ({ face }, _, x, y) => [
      disc(x, y, 8, 8, 3, face),
      ...[1, 12].flatMap((dx) => [1, 12].map((dy) => rect(x + dx, y + dy, 3, 3, face))),
    ],
  },
  {
    name: 'frame',
    draw: ({ face }, ground, x, y) => [rect(x + 1, y + 1, 14, 14, face), rect(x + 3, y + 3, 10, 10, ground)],
  },
  {
    name: 'diagonal cross',
    draw: ({ face }, _, x, y) => [
      line(x + 1, y + 1, x + 15, y + 15, 2, face),
      line(x + 15, y + 1, x + 1, y + 15, 2, face),
    ],
  },
  {
    name: 'diamond',
    draw: ({ face }, _, x, y) => [
      { kind: 'polygon', points: [x + 8, y, x + 16, y + 8, x + 8, y + 16, x, y + 8], fill: face },
    ],
  },
]

const CRATES: readonly { readonly name: string; draw(face: number, edge: number): Shape[] }[] = [
  {
    name: 'crates',
    draw: (face, edge) => [...box(face, edge), rect(4, 6, 8, 1, edge), rect(4, 9, 8, 1, edge)],
  },
  { name: 'boxes', draw: (face, edge) => [...box(face, edge), rect(7, 3, 2, 10, edge)] },
  {
    name: 'chests',
    draw: (face, edge) => [...box(face, edge), rect(2, 5, 12, 1, edge), rect(7, 4, 2, 3, edge)],
  },
  { name: 'cubes', draw: (face, edge) => box(face, edge) },
  {
    name: 'parcels',
    draw: (face, edge) => [...box(face, edge), rect(7, 2, 2, 12, edge), rect(2, 7, 12, 2, edge)],
  },
  {
    name: 'barrels',
    draw: (face, edge) => [disc(0, 0, 8, 8, 7, edge), disc(0, 0, 8, 8, 6, face), disc(0, 0, 8, 8, 3, edge)],
  },
]

/** Of its target, on a box that is at home. */
const MARKS: readonly (({ face }: Paint) => readonly Shape[])[] = [
  ({ face }) => [disc(0, 0, 8, 8, 4, face)],
  ({ face }) => [rect(4, 4, 8, 8, face)],
  ({ face }) => [
    rect(1, 1, 14, 2, face),
    rect(1, 13, 14, 2, face),
    rect(1, 3, 2, 10, face),
    rect(13, 3, 2, 10, face),
  ],
]

const FIGURES: readonly { readonly name: string; draw({ face, edge }: Paint): readonly Shape[] }[] = [
  {
    name: 'character',
    draw: ({ face, edge }) => [
      { kind: 'ellipse', x: 8, y: 11, rx: 5, ry: 4, fill: edge },
      { kind: 'ellipse', x: 8, y: 6, rx: 4, ry: 4, fill: face },
      rect(6, 5, 1, 2, edge),
      rect(9, 5, 1, 2, edge),
    ],
  },
  {
    name: 'robot',
    draw: ({ face, edge }) => [
      rect(5, 2, 6, 5, face),
      rect(4, 8, 8, 5, edge),
      rect(5, 13, 2, 2, face),
      rect(9, 13, 2, 2, face),
    ],
  },
  {
    name: 'face',
    draw: ({ face, edge }) => [
      disc(0, 0, 8, 8, 5, face),
      rect(5, 6, 2, 2, edge),
      rect(9, 6, 2, 2, edge),
      rect(6, 10, 4, 1, edge),
    ],
  },
  {
    name: 'bird',
    draw: ({ face, edge }) => [
      { kind: 'polygon', points: [8, 3, 13, 12, 8, 10, 3, 12], fill: face },
      rect(7, 6, 2, 3, edge),
    ],
  },
]
