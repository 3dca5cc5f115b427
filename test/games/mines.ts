import { z } from 'zod'
import { seeded, shuffle } from '#core/base/random'
import type { Item } from '#core/draw/scene'
import type { Env } from '#core/env/env'
import { layout, type StateOf } from '#core/env/layout'

/** Mines: open every cell that hides none. One seat, a hidden level that is drawn when nobody gives it. */
const Config = z.strictObject({
  preset: z.string().optional(),
  size: z.int().min(3).max(6).default(4),
  mines: z.int().min(1).max(6).default(3),
  level: z.array(z.int().min(0)).optional(),
})
type Config = z.infer<typeof Config>

const TERMS = ['open', 'mine'] as const
const cells = ({ size }: Config): number => size * size
const LAYOUT = layout(Config, {
  format: 1,
  seats: 1,
  terms: TERMS.length,
  fields: { open: ['u8', cells], mine: ['u8', cells], left: 'u32' },
})
export type Mines = StateOf<typeof LAYOUT>
const { save, load, clone } = LAYOUT
const CELL = 16
const namesOf = ({ size }: Config): string[] => [
  'Wait',
  ...Array.from({ length: size * size }, (_, i) => `${'abcdef'[i % size]}${1 + Math.floor(i / size)}`),
]

function draw({ size, mines }: Config, seed: string): number[] {
  const cells = Array.from({ length: size * size }, (_, cell) => cell)
  return shuffle(seeded(seed), cells)
    .slice(0, mines)
    .sort((x, y) => x - y)
}

function reset(config: Config, seed: string): Mines {
  const level = config.level ?? draw(config, seed)
  const state = LAYOUT.make({ ...config, level })
  for (const cell of level) state.mine[cell] = 1
  state.left = state.mine.length - level.length
  return state
}

function step(state: Mines, actions: ArrayLike<number>): void {
  state.rewards.fill(0)
  state.terms.fill(0)
  if (state.terminated || state.truncated) return
  state.t++
  const cell = actions[0] - 1
  if (cell >= 0 && state.open[cell] === 0) {
    state.open[cell] = 1
    if (state.mine[cell] === 1) state.terms[1] = -1
    else {
      state.left--
      state.terms[0] = 0.25
    }
  }
  state.rewards[0] = state.terms[0] + state.terms[1]
  state.terminated = state.terms[1] < 0 || state.left === 0
  state.truncated = !state.terminated && state.t >= 40
}

export function around({ config: { size } }: Mines, mine: Uint8Array, cell: number): number {
  let count = 0
  const x = cell % size
  const y = (cell - x) / size
  for (let j = Math.max(0, y - 1); j <= Math.min(size - 1, y + 1); j++)
    for (let i = Math.max(0, x - 1); i <= Math.min(size - 1, x + 1); i++) count += mine[j * size + i]
  return count
}

const word = (state: Mines, cell: number): string =>
  state.open[cell] === 0 ? 'dark' : state.mine[cell] === 1 ? 'mine' : `n${around(state, state.mine, cell)}`

/** The same view with other mines, if shuffling finds one. */
function determinize(state: Mines, _seat: number, random: Uint32Array): Mines {
  const dark = Array.from(state.open.keys()).filter((cell) => state.open[cell] === 0)
  const count = dark.filter((cell) => state.mine[cell] === 1).length
  for (let tries = 0; tries < 200; tries++) {
    const mine = state.mine.slice()
    for (const cell of dark) mine[cell] = 0
    for (const cell of shuffle(random, [...dark]).slice(0, count)) mine[cell] = 1
    const alike = Array.from(state.open.keys()).every(
      (cell) => state.open[cell] === 0 || around(state, mine, cell) === around(state, state.mine, cell),
    )
    if (alike) return { ...clone(state), mine }
  }
  return clone(state)
}

export const mines: Env<Mines, Config> = {
  id: 'mines',
  title: 'Mines: open what hides none',
  version: 1,
  look: 1,
  terms: TERMS,
  config: Config,
  presets: { small: { size: 3, mines: 1 } },
  examples: [{}, { preset: 'small' }],
  seats: () => 1,
  actions: namesOf,
  idle: () => 0,
  reset,
  step,
  clone,
  save,
  load,
  text: (state) => {
    const { size } = state.config
    const row = (y: number): string =>
      Array.from({ length: size }, (_, x) => word(state, y * size + x)).join(' ')
    return Array.from({ length: size }, (_, y) => row(y)).join('\n')
  },
  scene: (state) => {
    const { size } = state.config
    const items: Item[] = []
    for (let cell = 0; cell < state.open.length; cell++) {
      const said = word(state, cell)
      const fill =
        said === 'dark' ? 0x606060 : said === 'mine' ? 0xd02020 : 0xe0e0e0 - 0x101010 * Number(said[1])
      const [x, y] = [cell % size, Math.floor(cell / size)]
      items.push({
        id: `cell ${cell}`,
        x: x * CELL,
        y: y * CELL,
        shapes: [{ kind: 'rect', x: 1, y: 1, w: 14, h: 14, fill }],
      })
    }
    return { width: size * CELL, height: size * CELL, background: 0xffffff, items }
  },
  frame: ({ size }) => ({ width: size * CELL, height: size * CELL }),
  prompt: () => ({ rules: 'Open every cell without a mine.', text: 'dark or open', frame: 'grey is dark' }),
  outcome: (state) => ({
    name: state.left === 0 ? 'cleared' : state.terminated ? 'blown up' : 'playing',
    success: state.left === 0,
  }),
  legal: (state) => [
    false,
    ...Array.from(state.open, (open) => open === 0 && !state.terminated && !state.truncated),
  ],
  determinize,
  policies: {
    expert: () => ({ act: (state) => [1 + state.open.findIndex((o, i) => o === 0 && !state.mine[i])] }),
  },
  words: [
    'dark',
    'mine',
    'Wait',
    ...Array.from({ length: 10 }, (_, i) => `n${i}`),
    ...namesOf({ size: 6, mines: 1 }).slice(1),
  ],
  tensors: {
    cells: {
      dtype: 'uint8',
      shape: ({ size }) => [size, size],
      write: (state, _seat, out, offset) => {
        for (let cell = 0; cell < state.open.length; cell++) {
          out[offset + cell] =
            state.open[cell] === 0 ? 10 : state.mine[cell] === 1 ? 11 : around(state, state.mine, cell)
        }
      },
    },
  },
  levelKey: (config, seed) => JSON.stringify([config.size, config.level ?? draw(config, seed)]),
  keys: { Space: 'Wait' },
}
