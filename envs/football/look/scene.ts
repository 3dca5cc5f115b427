import { append } from '#core/base/lists'
import type { Item, Scene, Shape } from '#core/draw/scene'
import { DIRECTION_X, DIRECTION_Y } from '../actions.ts'
import { BALL, DOING, type FootballState, STICKY, WORLD } from '../state.ts'
import { firstOf, sideOf, teamOf } from '../teams.ts'
import { digits } from './digits.ts'
import { PITCH } from './grass.ts'

/** Scene units per metre, and the size of the scene: the pitch with a margin. */
export const UNIT = 10
export const WIDTH = 1280
export const HEIGHT = 800
/** Where the middle of the pitch lies. */
export const CX = WIDTH / 2
export const CY = HEIGHT / 2

const OWN = 0xffe11f
const OWN_KEEPER = 0xff9417
const OTHER = 0xd8322a
const OTHER_KEEPER = 0x8e3fd0
const NAME = 0x1531ff
const DARK = 0x1b1b1b

/** Radius of a body: four pixels wide in a frame of 128 x 80. */
const BODY = 19

/** What a seat sees: its team yellow and attacking to the right, its player with a blue name over his head. */
export function scene(s: FootballState, seat: number): Scene {
  const mine = s.seatPlayer[seat]
  const side = sideOf(s, mine)
  const items: Item[] = [PITCH]
  for (let p = 0; p < s.setup.count; p++) {
    if (s.active[p] !== 0 && p !== mine) items.push(body(s, p, side, []))
  }
  items.push(body(s, mine, side, marks(s, seat)))
  const x = CX + Math.round(side * s.ball[BALL.x] * UNIT)
  const y = CY + Math.round(side * s.ball[BALL.y] * UNIT)
  const up = Math.round((s.ball[BALL.z] - 0.11) * UNIT)
  const vx = Math.round(side * s.ball[BALL.vx] * 2)
  const vy = Math.round(side * s.ball[BALL.vy] * 2)
  const shadow: Shape[] = [{ kind: 'ellipse', x: 2, y: 4, rx: 9, ry: 6, fill: 0x0d2a0d, alpha: 150 }]
  if (s.world[WORLD.owner] < 0 && vx * vx + vy * vy > 64) {
    shadow.push({ kind: 'line', x1: -vx, y1: -vy, x2: 0, y2: 0, width: 5, fill: 0xffffff, alpha: 110 })
  }
  items.push({ id: 'shadow', x, y, shapes: shadow })
  items.push({ id: 'ball', x, y: y - up, shapes: BALL_SHAPES })
  items.push(board(s, teamOf(s, mine)))
  return { width: WIDTH, height: HEIGHT, background: 0x2c6e2f, items }
}

const BALL_SHAPES: readonly Shape[] = [
  { kind: 'ellipse', x: 0, y: 0, rx: 10, ry: 10, fill: DARK },
  { kind: 'ellipse', x: 0, y: 0, rx: 8, ry: 8, fill: 0xffffff },
]

/** A player: shirt, head, and a line to where he faces; lying when he slides or dives. */
function body(s: FootballState, p: number, side: number, more: readonly Shape[]): Item {
  const own = sideOf(s, p) === side
  const team = teamOf(s, p)
  const keeper = s.setup.keeper[team] === p
  const fill = own ? (keeper ? OWN_KEEPER : OWN) : keeper ? OTHER_KEEPER : OTHER
  const fx = side * s.fx[p]
  const fy = side * s.fy[p]
  const down = s.doing[p] >= DOING.slide
  const shapes: Shape[] = [
    { kind: 'ellipse', x: 2, y: 7, rx: BODY, ry: 14, fill: 0x0d2a0d, alpha: 110 },
    { kind: 'ellipse', x: 0, y: 0, rx: down ? BODY + 9 : BODY, ry: down ? 11 : BODY, fill: DARK },
    { kind: 'ellipse', x: 0, y: 0, rx: down ? BODY + 7 : BODY - 2, ry: down ? 9 : BODY - 2, fill },
    { kind: 'ellipse', x: Math.round(fx * 17), y: Math.round(fy * 17), rx: 6, ry: 6, fill: DARK },
  ]
  append(shapes, more)
  return {
    id: `player-${p}`,
    x: CX + Math.round(side * s.x[p] * UNIT),
    y: CY + Math.round(side * s.y[p] * UNIT),
    shapes,
  }
}

/** Over the controlled player: his number in blue; around him what stays on: direction, sprint, dribble. */
function marks(s: FootballState, seat: number): Shape[] {
  const p = s.seatPlayer[seat]
  const shapes = digits(String(p - firstOf(s, teamOf(s, p)) + 1), 0, -64, 7, NAME)
  const d = s.seatDirection[seat]
  if (d > 0) {
    const x = DIRECTION_X[d]
    const y = DIRECTION_Y[d]
    const sprint = s.seatSticky[seat] & STICKY.sprint
    shapes.push(arrow(x, y, 44, sprint ? 0x36d6ff : 0xffffff))
    if (sprint) shapes.push(arrow(x, y, 62, 0x36d6ff))
  }
  if (s.seatSticky[seat] & STICKY.dribble) {
    shapes.push({ kind: 'rect', x: -20, y: 24, w: 40, h: 8, fill: 0xff7ad9 })
  }
  return shapes
}

/** A triangle that points along (x, y), `far` from the middle. */
function arrow(x: number, y: number, far: number, fill: number): Shape {
  const at = (along: number, across: number) => [
    Math.round(x * along - y * across),
    Math.round(y * along + x * across),
  ]
  return { kind: 'polygon', points: [...at(far, 0), ...at(far - 14, 10), ...at(far - 14, -10)], fill }
}

/** Score, at the top; own goals first. */
function board(s: FootballState, team: number): Item {
  const w = s.world
  const own = team === 0 ? w[WORLD.left] : w[WORLD.right]
  const other = team === 0 ? w[WORLD.right] : w[WORLD.left]
  return {
    id: 'board',
    x: CX,
    y: 6,
    shapes: [...digits(String(own), -40, 0, 4, OWN), ...digits(String(other), 40, 0, 4, OTHER)],
  }
}
