import { cos, sin, TAU } from '#core/base/math'
import type { Item, Scene, Shape } from '#core/draw/scene'
import type { Focus, Scoreboard } from '#core/env/env'
import { BALL, DOING, type FootballState, WORLD } from '../state.ts'
import { firstOf, sideOf, teamOf } from '../teams.ts'
import { EVENTS } from '../words.ts'
import { PITCH } from './grass.ts'
import { CX, CY, HEIGHT, UNIT, WIDTH } from './scene.ts'

/** The match as people watch it: shirts with numbers, legs that run, a ball that flies. Agents see `scene`. */

const DARK = 0x1b1b1b
const SHADOW = 0x0d2a0d
const SKIN = 0xf0c9a0
const OWN = 0xffe11f
const OWN_KEEPER = 0xff9417
const OTHER = 0xd8322a
const OTHER_KEEPER = 0x8e3fd0

/** Directions and strides that are told apart: few, so that equal bodies are drawn once. */
const DIRECTIONS = 16
const STRIDES = 4
/** A stride takes so many steps of the game, at a sprint. */
const STRIDE = 4
/** Slower (m/s) is standing. */
const STANDING = 0.8
const SPRINT = 7.5
/** A ball at somebody's feet is this far from his middle, in units. */
const FEET = 30
/** A ball this high (m) is drawn twice as wide. */
const HIGH = 6

export function stage(s: FootballState, seat: number): Scene {
  const mine = s.seatPlayer[seat]
  const side = sideOf(s, mine)
  const items: Item[] = [PITCH]
  const order = Array.from({ length: s.setup.count }, (_, p) => p).filter((p) => s.active[p] !== 0)
  // Who is nearer to the camera stands before others.
  order.sort((p, q) => side * (s.y[p] - s.y[q]) || p - q)
  for (const p of order) {
    const seats = s.seat[p]
    const x = CX + Math.round(side * s.x[p] * UNIT)
    const y = CY + Math.round(side * s.y[p] * UNIT)
    if (seats >= 0) items.push({ id: `ring-${p}`, x, y, shapes: p === mine ? MINE : CONTROLLED })
    items.push({ id: `player-${p}`, x, y, shapes: body(s, p, side) })
    items.push({ id: `number-${p}`, x, y, shapes: numberOf(s, p, side) })
  }
  return { width: WIDTH, height: HEIGHT, background: 0x2c6e2f, items: [...items, ...ball(s, side)] }
}

const MINE: Shape[] = [{ kind: 'ellipse', x: 0, y: 6, rx: 32, ry: 24, fill: 0xffffff, alpha: 120 }]
const CONTROLLED: Shape[] = [{ kind: 'ellipse', x: 0, y: 6, rx: 32, ry: 24, fill: 0x9fd8ff, alpha: 110 }]

/** Shadow, feet, shirt and head; lying when he slides or dives. */
function body(s: FootballState, p: number, side: number): Shape[] {
  const own = sideOf(s, p) === side
  const keeper = s.setup.keeper[teamOf(s, p)] === p
  const fill = own ? (keeper ? OWN_KEEPER : OWN) : keeper ? OTHER_KEEPER : OTHER
  const [fx, fy] = facing(side * s.fx[p], side * s.fy[p])
  const at = (along: number, across: number): [number, number] => [
    Math.round(fx * along - fy * across),
    Math.round(fy * along + fx * across),
  ]
  const oval = (along: number, across: number, rx: number, ry: number, colour: number): Shape => {
    const [x, y] = at(along, across)
    return { kind: 'ellipse', x, y, rx, ry, fill: colour }
  }
  const shadow: Shape = { kind: 'ellipse', x: 3, y: 10, rx: 22, ry: 14, fill: SHADOW, alpha: 110 }
  if (s.doing[p] >= DOING.slide) {
    return [
      shadow,
      oval(-24, -6, 6, 6, DARK),
      oval(-24, 6, 6, 6, DARK),
      oval(-12, 0, 13, 13, DARK),
      oval(-12, 0, 11, 11, fill),
      oval(4, 0, 16, 16, DARK),
      oval(4, 0, 14, 14, fill),
      oval(22, 0, 8, 8, SKIN),
    ]
  }
  const swing = stride(s, p)
  const kicks = s.doing[p] !== DOING.nothing ? 10 : 0
  return [
    shadow,
    oval(swing - 2, -8, 7, 7, DARK),
    oval(kicks - swing - 2, 8, 7, 7, DARK),
    oval(0, 0, 20, 20, DARK),
    oval(0, 0, 18, 18, fill),
    oval(19, 0, 8, 8, DARK),
    oval(19, 0, 6, 6, SKIN),
  ]
}

/** How far one foot is before the other, in units: it swings with the steps, farther the faster he runs. */
function stride(s: FootballState, p: number): number {
  const speed = Math.sqrt(s.vx[p] * s.vx[p] + s.vy[p] * s.vy[p])
  if (speed < STANDING) return 0
  const phase = Math.floor(((s.t + 3 * p) * STRIDES) / STRIDE) % STRIDES
  const reach = speed > SPRINT ? 15 : speed > 4 ? 11 : 7
  return phase === 0 ? reach : phase === 2 ? -reach : 0
}

/** The nearest of sixteen directions, as a unit vector. */
function facing(x: number, y: number): [number, number] {
  let best = 0
  for (let i = 1; i < DIRECTIONS; i++) {
    if (x * COMPASS[i][0] + y * COMPASS[i][1] > x * COMPASS[best][0] + y * COMPASS[best][1]) best = i
  }
  return COMPASS[best]
}

const COMPASS: [number, number][] = Array.from({ length: DIRECTIONS }, (_, i) => [
  cos((TAU * i) / DIRECTIONS),
  sin((TAU * i) / DIRECTIONS),
])

/** The number on his shirt. */
function numberOf(s: FootballState, p: number, side: number): Shape[] {
  const own = sideOf(s, p) === side
  return (own ? OWN_NUMBERS : OTHER_NUMBERS)[p - firstOf(s, teamOf(s, p)) + 1]
}

const numbers = (fill: number): Shape[][] =>
  Array.from({ length: 12 }, (_, number) => [
    { kind: 'text', x: 0, y: -8, size: 15, text: String(number), align: 'center', fill },
  ])
const OWN_NUMBERS = numbers(DARK)
const OTHER_NUMBERS = numbers(0xffffff)

/** The ball over its shadow, larger the higher it flies, with a trail. */
function ball(s: FootballState, side: number): Item[] {
  const b = s.ball
  const [x, y] = place(s, side)
  const z = Math.max(0, b[BALL.z] - 0.11)
  const size = 9 + Math.round((9 * Math.min(z, HIGH)) / HIGH)
  const up = Math.round(z * UNIT)
  const faint = 150 - Math.round((90 * Math.min(z, HIGH)) / HIGH)
  const items: Item[] = [
    {
      id: 'shadow',
      x,
      y,
      shapes: [{ kind: 'ellipse', x: 2, y: 4, rx: size, ry: 6, fill: SHADOW, alpha: faint }],
    },
  ]
  const [vx, vy, vz] = [side * b[BALL.vx], side * b[BALL.vy], b[BALL.vz]]
  if (s.world[WORLD.owner] < 0 && vx * vx + vy * vy > 16) {
    // Where it was half a second ago and since, thinner and fainter the longer ago.
    const trail = [1, 2, 3, 4].map((i): Shape => {
      const back = (seconds: number) => [
        Math.round(-vx * seconds * UNIT),
        Math.round((vz - vy) * seconds * UNIT),
      ]
      const [x1, y1] = back(0.1 * i)
      const [x2, y2] = back(0.1 * (i - 1))
      return { kind: 'line', x1, y1, x2, y2, width: 11 - 2 * i, fill: 0xffffff, alpha: 150 - 32 * i }
    })
    items.push({ id: 'trail', x, y: y - up, shapes: trail })
  }
  items.push({
    id: 'ball',
    x,
    y: y - up,
    shapes: [
      { kind: 'ellipse', x: 0, y: 0, rx: size + 2, ry: size + 2, fill: DARK },
      { kind: 'ellipse', x: 0, y: 0, rx: size, ry: size, fill: 0xffffff },
      {
        kind: 'ellipse',
        x: -2,
        y: -2,
        rx: Math.max(2, size >> 2),
        ry: Math.max(2, size >> 2),
        fill: 0x777777,
      },
    ],
  })
  return items
}

/** Where the ball is drawn: at the feet of whoever has it, not under him. */
function place(s: FootballState, side: number): [number, number] {
  const x = CX + Math.round(side * s.ball[BALL.x] * UNIT)
  const y = CY + Math.round(side * s.ball[BALL.y] * UNIT)
  const p = s.world[WORLD.owner]
  if (p < 0 || s.world[WORLD.hands] === p) return [x, y]
  const px = CX + side * s.x[p] * UNIT
  const py = CY + side * s.y[p] * UNIT
  if ((x - px) * (x - px) + (y - py) * (y - py) >= FEET * FEET) return [x, y]
  return [Math.round(px + FEET * side * s.fx[p]), Math.round(py + FEET * side * s.fy[p])]
}

/** Half the pitch is enough for most scenes: what a camera shows, in units. */
const VIEW_WIDTH = 720
const VIEW_HEIGHT = 450
/** The middle of the view is so far on the way from the pitch's long axis to the ball: goals stay in sight. */
const ASIDE = 0.6

/** Around the ball, and no farther out than the scene; a scenario that ends with its attack is watched from near. */
export function focus(s: FootballState, seat: number): Focus {
  const side = sideOf(s, s.seatPlayer[seat])
  const x = CX + side * s.ball[BALL.x] * UNIT - VIEW_WIDTH / 2
  const y = CY + ASIDE * side * s.ball[BALL.y] * UNIT - VIEW_HEIGHT / 2
  return {
    x: Math.round(Math.max(0, Math.min(WIDTH - VIEW_WIDTH, x))),
    y: Math.round(Math.max(0, Math.min(HEIGHT - VIEW_HEIGHT, y))),
    width: VIEW_WIDTH,
    height: VIEW_HEIGHT,
    follow: s.config.scenario.endOnScore,
  }
}

const NOTES = ['', 'kick-off', 'goal kick', 'free kick', 'corner', 'throw-in', 'penalty'] as const
const STEPS_PER_SECOND = 10

/** The left team, whose seats come first, then the right; who looks sees his own team in its colour. */
export function scoreboard(s: FootballState, seat = 0): Scoreboard {
  const w = s.world
  const seats = Array.from({ length: s.setup.seats }, (_, seat) => seat)
  const of = (team: number) => seats.filter((seat) => teamOf(s, s.seatPlayer[seat]) === team)
  const seconds = Math.floor(s.t / STEPS_PER_SECOND)
  const two = (n: number) => String(n).padStart(2, '0')
  const holding = w[WORLD.team]
  const left = sideOf(s, s.seatPlayer[seat]) === 1
  return {
    sides: [
      { points: w[WORLD.left], colour: left ? OWN : OTHER, seats: of(0) },
      { points: w[WORLD.right], colour: left ? OTHER : OWN, seats: of(1) },
    ],
    clock: `${two(Math.floor(seconds / 60))}:${two(seconds % 60)}`,
    ...(w[WORLD.mode] > 0 && { note: NOTES[w[WORLD.mode]] }),
    ...((holding === 0 || holding === 1) && { holding }),
    ...(w[WORLD.events] & EVENTS.shot && { attempt: teamOf(s, w[WORLD.kicker]) }),
  }
}
