import { layout, type StateOf, seeded, shuffle, UserError } from 'kickpush/env'
import { Config } from './config.ts'
import { around, open } from './rules.ts'

/** What a reward is made of: opening all cells pays 1 in all, a mine costs 1, a cleared field pays 1 more. */
export const TERMS = ['open', 'mine', 'cleared'] as const

const cellsOf = ({ size }: Config): number => size * size

const LAYOUT = layout(Config, {
  format: 1,
  seats: 1,
  terms: TERMS.length,
  fields: {
    /** 1 where a mine is, by cell: what the seat must not know. */
    mine: ['u8', cellsOf],
    /** 1 where a cell is open, by cell. */
    open: ['u8', cellsOf],
    /** Cells without a mine that are still dark. */
    left: 'u16',
    /** How many those were at the beginning. */
    all: 'u16',
  },
})
export type Mines = StateOf<typeof LAYOUT>
export type Level = NonNullable<Config['level']>

export const { save, load, clone } = LAYOUT

/** @throws UserError when the level does not fit the field. */
export function reset(config: Config, seed: string): Mines {
  const level = levelOf(config, seed)
  const state = LAYOUT.make({ ...config, level })
  const { mine } = state
  const cells = new Set([...level.mines, level.start])
  if (cells.size !== level.mines.length + 1 || [...cells].some((cell) => cell >= mine.length)) {
    throw new UserError(`a field of ${mine.length} cells needs its start and each mine on a cell of its own`)
  }
  for (const cell of level.mines) mine[cell] = 1
  state.left = mine.length - level.mines.length
  open(state, level.start)
  state.all = state.left
  return state
}

/** The level given, or the one that the seed draws: it begins where no mine is near, if there is such a cell. */
export function levelOf(config: Config, seed: string): Level {
  if (config.level) return config.level
  const order = shuffle(
    seeded(seed),
    Array.from({ length: cellsOf(config) }, (_, cell) => cell),
  )
  const mines = order.slice(0, config.mines).sort((x, y) => x - y)
  const mine = new Uint8Array(cellsOf(config))
  for (const cell of mines) mine[cell] = 1
  const free = order.slice(config.mines)
  return { mines, start: free.find((cell) => around(config.size, mine, cell) === 0) ?? free[0] }
}
