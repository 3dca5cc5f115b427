import { seeded, shuffle } from '#core/base/random'
import { layout, type StateOf } from '#core/env/layout'
import { Config } from './config.ts'

/** Names of what a reward is made of: every step costs, every coin pays. */
export const TERMS = ['step', 'coin'] as const

export type Level = NonNullable<Config['level']>

/**
 * All that the rules need, beside what every state has (config, t, rewards, terms, terminated, truncated). It is
 * made, saved, loaded and cloned by this declaration. A game with chance while it is played keeps its generator
 * here too: `random: ['u32', 4]`.
 */
const LAYOUT = layout(Config, {
  // Rises when the fields change, so that old bytes are refused.
  format: 1,
  seats: 1,
  terms: TERMS.length,
  fields: {
    /** The walker's cell. */
    walker: 'u32',
    /** Coins that still lie. */
    left: 'u32',
    /** 1 where a coin lies, by cell. */
    coins: ['u8', ({ size }) => size * size],
  },
})
export type Field = StateOf<typeof LAYOUT>
export const { save, load, clone } = LAYOUT

/** @throws Error when the level does not fit the field. */
export function reset(config: Config, seed: string): Field {
  const level = levelOf(config, seed)
  const state = LAYOUT.make({ ...config, level })
  const { coins } = state
  for (const cell of level.coins) if (cell < coins.length) coins[cell] = 1
  state.walker = level.walker
  state.left = coins.reduce((sum, coin) => sum + coin, 0)
  if (state.left !== level.coins.length || level.walker >= coins.length || coins[level.walker] === 1) {
    throw new Error(`a field of ${coins.length} cells needs the walker and each coin on a cell of its own`)
  }
  return state
}

/** The level given, or the one the seed draws: equal for equal fields, so that it tells them apart. */
export function levelOf(config: Config, seed: string): Level {
  if (config.level) return config.level
  const cells = Array.from({ length: config.size * config.size }, (_, cell) => cell)
  const [walker, ...others] = shuffle(seeded(seed), cells)
  return { walker, coins: others.slice(0, config.coins).sort((x, y) => x - y) }
}
