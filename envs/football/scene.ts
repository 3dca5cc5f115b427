import type { Item, Scene, Shape } from '#core/scene'
import { BALL, type FootballState } from './state.ts'
import { sideOf } from './teams.ts'

/** Scene units per metre, and the size of the scene: the pitch with a margin. */
const UNIT = 10
const WIDTH = 1200
const HEIGHT = 800
const CX = WIDTH / 2
const CY = HEIGHT / 2

const GRASS = 0x3f8f3a
const LINE = 0xdfeedd
const OWN = 0xffd91a
const OTHER = 0xd6342c
const KEEPER_OWN = 0xff9a1a
const KEEPER_OTHER = 0x8a2be2
const NAME = 0x1330ff

/** What a seat sees: its team yellow and attacking to the right. */
export function scene(s: FootballState, seat: number): Scene {
  const side = sideOf(s, s.seatPlayer[seat])
  const items: Item[] = [PITCH]
  for (let p = 0; p < s.setup.count; p++) {
    if (s.active[p] === 0) continue
    items.push(player(s, p, side, s.seatPlayer[seat] === p))
  }
  const x = CX + Math.round(side * s.ball[BALL.x] * UNIT)
  const y = CY + Math.round(side * s.ball[BALL.y] * UNIT)
  const z = Math.round(s.ball[BALL.z] * UNIT)
  items.push({
    id: 'shadow',
    x,
    y,
    shapes: [{ kind: 'ellipse', x: 0, y: 0, rx: 9, ry: 6, fill: 0, alpha: 110 }],
  })
  items.push({
    id: 'ball',
    x,
    y: y - z,
    shapes: [{ kind: 'ellipse', x: 0, y: 0, rx: 9, ry: 9, fill: 0xffffff }],
  })
  return { width: WIDTH, height: HEIGHT, background: GRASS, items }
}

function player(s: FootballState, p: number, side: number, mine: boolean): Item {
  const own = sideOf(s, p) === side
  const keeper = s.setup.keeper[own === side > 0 ? 0 : 1] === p
  const fill = own ? (keeper ? KEEPER_OWN : OWN) : keeper ? KEEPER_OTHER : OTHER
  const shapes: Shape[] = [{ kind: 'ellipse', x: 0, y: 0, rx: 14, ry: 14, fill }]
  shapes.push({
    kind: 'line',
    x1: 0,
    y1: 0,
    x2: Math.round(side * s.fx[p] * 13),
    y2: Math.round(side * s.fy[p] * 13),
    width: 5,
    fill: 0x202020,
  })
  if (mine) shapes.push({ kind: 'text', x: 0, y: -46, size: 24, text: 'me', align: 'center', fill: NAME })
  return {
    id: `p${p}`,
    x: CX + Math.round(side * s.x[p] * UNIT),
    y: CY + Math.round(side * s.y[p] * UNIT),
    shapes,
  }
}

const PITCH: Item = {
  id: 'pitch',
  x: CX,
  y: CY,
  shapes: [
    { kind: 'line', x1: -550, y1: -360, x2: 550, y2: -360, width: 3, fill: LINE },
    { kind: 'line', x1: -550, y1: 360, x2: 550, y2: 360, width: 3, fill: LINE },
    { kind: 'line', x1: -550, y1: -360, x2: -550, y2: 360, width: 3, fill: LINE },
    { kind: 'line', x1: 550, y1: -360, x2: 550, y2: 360, width: 3, fill: LINE },
    { kind: 'line', x1: 0, y1: -360, x2: 0, y2: 360, width: 3, fill: LINE },
    { kind: 'rect', x: 550, y: -37, w: 25, h: 74, fill: 0xffffff },
    { kind: 'rect', x: -575, y: -37, w: 25, h: 74, fill: 0xffffff },
  ],
}
