import { z } from 'zod'
import { below, type Random } from '#core/base/random'
import type { Item } from '#core/draw/scene'
import type { Env } from '#core/env/env'
import { layout, type StateOf } from '#core/env/layout'

/** Four in a row: two seats in turn. */
const Config = z.strictObject({
  preset: z.string().optional(),
  columns: z.int().min(4).max(7).default(5),
  rows: z.int().min(4).max(6).default(4),
})
type Config = z.infer<typeof Config>

const TERMS = ['win'] as const
const CELL = 16
const SEATS = [[0], [1]] as const

const LAYOUT = layout(Config, {
  format: 1,
  seats: 2,
  terms: TERMS.length,
  fields: {
    /** 0 empty, 1 and 2 the seats, rows from the bottom. */
    cells: ['u8', ({ columns, rows }) => columns * rows],
    turn: 'u8',
    winner: 'i32',
  },
})
export type Four = StateOf<typeof LAYOUT>
const { save, load, clone } = LAYOUT

const reset = (config: Config): Four => Object.assign(LAYOUT.make(config), { winner: -1 })

const full = ({ config: { columns, rows }, cells }: Four, column: number): boolean =>
  cells[(rows - 1) * columns + column] !== 0

function line(state: Four, column: number, row: number, dx: number, dy: number): number {
  const { columns, rows } = state.config
  const who = state.cells[row * columns + column]
  let length = 0
  for (let x = column, y = row; x >= 0 && x < columns && y >= 0 && y < rows; x += dx, y += dy) {
    if (state.cells[y * columns + x] !== who) break
    length++
  }
  return length
}

/** Whether the disc at a place is part of four in a row. */
function fourAt(state: Four, column: number, row: number): boolean {
  for (let d = 0; d < 4; d++) {
    const dx = d === 1 ? 0 : 1
    const dy = d === 0 ? 0 : d === 3 ? -1 : 1
    if (line(state, column, row, dx, dy) + line(state, column, row, -dx, -dy) > 4) return true
  }
  return false
}

function step(state: Four, actions: ArrayLike<number>): void {
  state.rewards.fill(0)
  state.terms.fill(0)
  if (state.terminated || state.truncated) return
  state.t++
  const { columns, rows } = state.config
  const { turn } = state
  const column = actions[turn]
  state.turn = 1 - turn
  if (!full(state, column)) {
    let row = 0
    while (state.cells[row * columns + column] !== 0) row++
    state.cells[row * columns + column] = 1 + turn
    if (fourAt(state, column, row)) state.winner = turn
  }
  if (state.winner >= 0) {
    state.terms[turn] = 1
    state.terms[1 - turn] = -1
    state.rewards[turn] = 1
    state.rewards[1 - turn] = -1
    state.terminated = true
    return
  }
  let room = false
  for (let i = 0; i < columns; i++) if (!full(state, i)) room = true
  state.terminated = !room
  state.truncated = room && state.t >= 3 * columns * rows
}

/** Whether a disc of `who` on a column would make four. */
function wins(state: Four, column: number, who: number): boolean {
  const { columns, rows } = state.config
  let row = 0
  while (row < rows && state.cells[row * columns + column] !== 0) row++
  const cell = row * columns + column
  if (row === rows) return false
  state.cells[cell] = 1 + who
  const four = fourAt(state, column, row)
  state.cells[cell] = 0
  return four
}

function open(state: Four): number[] {
  return Array.from({ length: state.config.columns }, (_, i) => i).filter((i) => !full(state, i))
}

function greedy(given: Four, seat: number, random: Random): number {
  const state = { ...given, cells: given.cells.slice() }
  const free = open(state)
  const take = free.find((column) => wins(state, column, seat))
  const block = free.find((column) => wins(state, column, 1 - seat))
  return take ?? block ?? free[below(random, free.length)]
}

const DEPTH = 6

/** The best column by looking ahead; among equals one of those nearest to the middle. */
function search(given: Four, seat: number, random: Random): number {
  const state = { ...given, cells: given.cells.slice() }
  let best = -2
  let chosen: number[] = []
  for (const column of open(state)) {
    const value = worth(state, column, seat, DEPTH, -1, 1)
    if (value > best) chosen = []
    if (value >= best) chosen.push(column)
    best = Math.max(best, value)
  }
  const off = (column: number): number => Math.abs(2 * column - state.config.columns + 1)
  const least = chosen.reduce((low, column) => Math.min(low, off(column)), 99)
  const middle = chosen.filter((column) => off(column) === least)
  return middle[below(random, middle.length)]
}

/** What a disc of `who` on a column is worth to it, between -1 and 1: the sooner a win the more. */
function worth(state: Four, column: number, who: number, depth: number, low: number, high: number): number {
  if (wins(state, column, who)) return (depth + 1) / (DEPTH + 1)
  if (depth === 0) return 0
  let cell = column
  while (state.cells[cell] !== 0) cell += state.config.columns
  state.cells[cell] = 1 + who
  // The best reply, as long as it can still matter to who asks.
  let reply = open(state).length === 0 ? 0 : -1
  for (const next of open(state)) {
    reply = Math.max(reply, worth(state, next, 1 - who, depth - 1, Math.max(-high, reply), -low))
    if (reply >= -low) break
  }
  state.cells[cell] = 0
  return -reply
}

export const four: Env<Four, Config> = {
  id: 'four',
  title: 'Four in a row',
  version: 1,
  look: 1,
  terms: TERMS,
  config: Config,
  presets: { wide: { columns: 7 } },
  examples: [{}, { preset: 'wide' }],
  seats: () => 2,
  actions: ({ columns }) => Array.from({ length: columns }, (_, i) => `c${i + 1}`),
  toAct: (state) => SEATS[state.turn],
  zeroSum: true,
  reset,
  step,
  clone,
  save,
  load,
  text: (state, seat) => {
    const { columns, rows } = state.config
    const word = (who: number): string => (who === 0 ? 'none' : who === seat + 1 ? 'me' : 'foe')
    const lines = Array.from({ length: rows }, (_, y) =>
      Array.from({ length: columns }, (_, x) => word(state.cells[(rows - 1 - y) * columns + x])).join(' '),
    )
    return [...lines, state.turn === seat ? 'go' : 'stop'].join('\n')
  },
  scene: (state, seat) => {
    const { columns, rows } = state.config
    const items: Item[] = []
    for (let cell = 0; cell < state.cells.length; cell++) {
      const who = state.cells[cell]
      if (who === 0) continue
      const fill = who === seat + 1 ? 0x2060d0 : 0xd0a020
      items.push({
        id: `disc ${cell}`,
        x: (cell % columns) * CELL,
        y: (rows - 1 - Math.floor(cell / columns)) * CELL,
        shapes: [{ kind: 'ellipse', x: 8, y: 8, rx: 6, ry: 6, fill }],
      })
    }
    const mine = state.turn === seat
    items.push({
      id: 'turn',
      x: 0,
      y: 0,
      shapes: [{ kind: 'rect', x: 0, y: 0, w: mine ? 4 : 2, h: 2, fill: 0 }],
    })
    return { width: columns * CELL, height: rows * CELL, background: 0xffffff, items }
  },
  frame: ({ columns, rows }) => ({ width: columns * CELL, height: rows * CELL }),
  prompt: () => ({ rules: 'Four in a row win.', text: 'me, foe or none', frame: 'you are blue' }),
  outcome: (state) => ({
    name: state.winner >= 0 ? `seat ${state.winner} wins` : state.terminated ? 'draw' : 'playing',
    success: state.winner === 0,
    seats: [0, 1].map((seat) => (state.winner < 0 ? 0 : state.winner === seat ? 1 : -1)),
  }),
  legal: (state, seat) => {
    const mine = state.turn === seat && !state.terminated && !state.truncated
    return Array.from({ length: state.config.columns }, (_, i) => mine && !full(state, i))
  },
  point: (state, seat, x) => {
    const column = Math.floor(x / CELL)
    if (state.turn !== seat || column < 0 || column >= state.config.columns) return null
    return full(state, column) || state.terminated || state.truncated ? null : column
  },
  policies: {
    /** Looks a few moves ahead, and likes the middle. */
    expert: () => ({ act: (state, seat, random) => [search(state, seat, random)] }),
    /** Takes a win, prevents a loss, else plays anything. */
    greedy: () => ({ act: (state, seat, random) => [greedy(state, seat, random)] }),
  },
  words: ['me', 'foe', 'none', 'go', 'stop', 'c1', 'c2', 'c3', 'c4', 'c5', 'c6', 'c7'],
  keys: { Digit1: 'c1' },
}
