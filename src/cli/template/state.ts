import * as b from '#core/base/bytes'
import { seeded, shuffle } from '#core/base/random'
import type { State } from '#core/env/env'
import type { Config } from './config.ts'

/** Names of what a reward is made of: every step costs, every coin pays. */
export const TERMS = ['step', 'coin'] as const

export type Level = NonNullable<Config['level']>

/**
 * Plain data, all that the rules need. A game with chance while it is played keeps its generator here too
 * (`random: Random` from #core/random), and saves it.
 */
export interface Field extends State {
  readonly config: Config & { level: Level }
  /** The walker's cell. */
  walker: number
  /** 1 where a coin lies, by cell. */
  readonly coins: Uint8Array
  /** Coins that still lie. */
  left: number
}

/** First byte of saved states: rises with the rules, so that old bytes are refused. */
const VERSION = 1

/** @throws Error when the level does not fit the field. */
export function reset(config: Config, seed: string): Field {
  const level = levelOf(config, seed)
  const cells = config.size * config.size
  const coins = new Uint8Array(cells)
  for (const cell of level.coins) if (cell < cells) coins[cell] = 1
  const left = coins.reduce((sum, coin) => sum + coin, 0)
  if (left !== level.coins.length || level.walker >= cells || coins[level.walker] === 1) {
    throw new Error(`a field of ${cells} cells needs the walker and each coin on a cell of its own`)
  }
  return {
    config: { ...config, level },
    t: 0,
    rewards: new Float64Array(1),
    terms: new Float64Array(TERMS.length),
    terminated: false,
    truncated: false,
    walker: level.walker,
    coins,
    left,
  }
}

/** The level given, or the one the seed draws: equal for equal fields, so that it tells them apart. */
export function levelOf(config: Config, seed: string): Level {
  if (config.level) return config.level
  const cells = Array.from({ length: config.size * config.size }, (_, cell) => cell)
  const [walker, ...others] = shuffle(seeded(seed), cells)
  return { walker, coins: others.slice(0, config.coins).sort((x, y) => x - y) }
}

export function clone(state: Field): Field {
  const { rewards, terms, coins } = state
  return { ...state, rewards: rewards.slice(), terms: terms.slice(), coins: coins.slice() }
}

/** All of the state: its hash is what records are verified by. */
export function save(state: Field, out?: Uint8Array): Uint8Array {
  const w = b.writer(out)
  b.putU8(w, VERSION)
  b.putText(w, JSON.stringify(state.config))
  b.putU32(w, state.t)
  b.putBool(w, state.terminated)
  b.putBool(w, state.truncated)
  b.putF64s(w, state.rewards)
  b.putF64s(w, state.terms)
  b.putU32(w, state.walker)
  b.putU32(w, state.left)
  b.putBytes(w, state.coins)
  return b.written(w)
}

/** @throws Error when the bytes are not a saved state of this version. */
export function load(bytes: Uint8Array): Field {
  const r = b.reader(bytes)
  if (b.getU8(r) !== VERSION) throw new Error('not a saved state of this version')
  const state = reset(JSON.parse(b.getText(r)), '')
  state.t = b.getU32(r)
  state.terminated = b.getBool(r)
  state.truncated = b.getBool(r)
  b.getF64s(r, state.rewards)
  b.getF64s(r, state.terms)
  state.walker = b.getU32(r)
  state.left = b.getU32(r)
  b.getBytes(r, state.coins)
  b.finish(r)
  return state
}
