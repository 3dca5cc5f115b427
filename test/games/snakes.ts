import { z } from 'zod'
import { below, seeded } from '#core/base/random'
import type { Item } from '#core/draw/scene'
import type { Env } from '#core/env/env'
import { layout, type StateOf } from '#core/env/layout'

/** Snakes: two walkers at once look for food by chance, each in a fog of its own. */
const Config = z.strictObject({
  preset: z.string().optional(),
  size: z.int().min(5).max(8).default(6),
  maxSteps: z.int().min(5).max(100).default(30),
})
type Config = z.infer<typeof Config>

const TERMS = ['step', 'food'] as const
const ACTIONS = ['Wait', 'Up', 'Down', 'Left', 'Right'] as const
const CELL = 16
const SIGHT = 2

const LAYOUT = layout(Config, {
  format: 1,
  seats: 2,
  terms: TERMS.length,
  fields: {
    at: ['i32', 2],
    food: 'u32',
    /** How much each has eaten. */
    eaten: ['i32', 2],
    random: ['u32', 4],
  },
})
export type Snakes = StateOf<typeof LAYOUT>
const { save, load, clone } = LAYOUT

function reset(config: Config, seed: string): Snakes {
  const state = LAYOUT.make(config)
  state.at[1] = config.size * config.size - 1
  state.random.set(seeded(seed))
  state.food = freeCell(state)
  return state
}

function freeCell({ config: { size }, at, random }: Snakes): number {
  for (;;) {
    const cell = below(random, size * size)
    if (cell !== at[0] && cell !== at[1]) return cell
  }
}

function target({ config: { size } }: Snakes, from: number, action: number): number {
  const x = from % size
  if (action === 1) return from >= size ? from - size : from
  if (action === 2) return from + size < size * size ? from + size : from
  if (action === 3) return x > 0 ? from - 1 : from
  if (action === 4) return x + 1 < size ? from + 1 : from
  return from
}

function step(state: Snakes, actions: ArrayLike<number>): void {
  state.rewards.fill(0)
  state.terms.fill(0)
  if (state.terminated || state.truncated) return
  state.t++
  for (let seat = 0; seat < 2; seat++) {
    const to = target(state, state.at[seat], actions[seat])
    if (to !== state.at[1 - seat]) state.at[seat] = to
    state.terms[2 * seat] = -0.125
    if (state.at[seat] === state.food) {
      state.eaten[seat]++
      state.terms[2 * seat + 1] = 1
      state.food = freeCell(state)
    }
    state.rewards[seat] = state.terms[2 * seat] + state.terms[2 * seat + 1]
  }
  state.terminated = state.eaten[0] + state.eaten[1] >= 2
  state.truncated = !state.terminated && state.t >= state.config.maxSteps
}

function sees({ config: { size }, at }: Snakes, seat: number, cell: number): boolean {
  const dx = Math.abs((cell % size) - (at[seat] % size))
  const dy = Math.abs(Math.floor(cell / size) - Math.floor(at[seat] / size))
  return dx <= SIGHT && dy <= SIGHT
}

function word(state: Snakes, seat: number, cell: number): string {
  if (!sees(state, seat, cell)) return 'fog'
  if (state.at[seat] === cell) return 'me'
  if (state.at[1 - seat] === cell) return 'foe'
  return state.food === cell ? 'food' : 'floor'
}

export const snakes: Env<Snakes, Config> = {
  id: 'snakes',
  title: 'Snakes in the fog',
  version: 1,
  look: 1,
  terms: TERMS,
  config: Config,
  presets: { wide: { size: 8 } },
  examples: [{}, { preset: 'wide', maxSteps: 20 }],
  seats: () => 2,
  actions: () => ACTIONS,
  idle: () => 0,
  reset,
  step,
  clone,
  save,
  load,
  text: (state, seat) => {
    const { size } = state.config
    const row = (y: number): string =>
      Array.from({ length: size }, (_, x) => word(state, seat, y * size + x)).join(' ')
    return Array.from({ length: size }, (_, y) => row(y)).join('\n')
  },
  scene: (state, seat) => {
    const { size } = state.config
    const items: Item[] = []
    const put = (id: string, cell: number, fill: number): void => {
      if (!sees(state, seat, cell)) return
      const [x, y] = [(cell % size) * CELL, Math.floor(cell / size) * CELL]
      items.push({ id, x, y, shapes: [{ kind: 'ellipse', x: 8, y: 8, rx: 5, ry: 5, fill }] })
    }
    put('food', state.food, 0xd02020)
    put('me', state.at[seat], 0x2060d0)
    put('foe', state.at[1 - seat], 0x808080)
    return { width: size * CELL, height: size * CELL, background: 0xf0f0e0, items }
  },
  frame: ({ size }) => ({ width: size * CELL, height: size * CELL }),
  prompt: () => ({
    rules: 'Eat more than the other.',
    text: 'me, foe, food, floor, fog',
    frame: 'you are blue',
  }),
  outcome: (state) => ({
    name: state.terminated ? 'full' : state.truncated ? 'dusk' : 'playing',
    success: state.terminated && state.eaten[0] > state.eaten[1],
  }),
  legal: (state, seat) =>
    ACTIONS.map((_, action) => {
      const to = target(state, state.at[seat], action)
      return action > 0 && to !== state.at[seat] && to !== state.at[1 - seat]
    }),
  /** Food that is out of sight may lie in any other such cell. */
  determinize: (state, seat, random) => {
    const other = clone(state)
    const { size } = state.config
    if (sees(state, seat, state.food)) return other
    for (let tries = 0; tries < 100; tries++) {
      const cell = below(random, size * size)
      if (sees(state, seat, cell) || cell === state.at[1 - seat]) continue
      other.food = cell
      break
    }
    return other
  },
  policies: {
    expert: () => ({
      act: (state, seat, random) => {
        const open = [1, 2, 3, 4].filter((action) => {
          const to = target(state, state.at[seat], action)
          return to !== state.at[seat] && to !== state.at[1 - seat]
        })
        return [open.length > 0 ? open[below(random, open.length)] : 0]
      },
    }),
  },
  words: ['me', 'foe', 'food', 'floor', 'fog', ...ACTIONS],
  keys: { ArrowUp: 'Up', ArrowDown: 'Down', ArrowLeft: 'Left', ArrowRight: 'Right' },
}
