import { shown, UserError } from '../base/errors.ts'
import { below, seeded } from '../base/random.ts'
import type { Env, State } from './env.ts'
import { NO_ACTION } from './turns.ts'

/**
 * What happens to a lane whose episode is over (the names are Gymnasium's): the next step begins it anew and ignores
 * its actions; the same step does, so that its last state is only among the finals; or nothing does but `reset`.
 */
export const RESET_MODES = ['next-step', 'same-step', 'disabled'] as const
export type ResetMode = (typeof RESET_MODES)[number]

export interface LaneOptions<S extends State = State> {
  readonly count: number
  readonly mode?: ResetMode
  /** Lane i begins with the seed `<seed>/<i>`. */
  readonly seed?: string
  /** Where episodes begin: each takes one by its seed. Without them the game makes a level for every episode. */
  readonly starts?: readonly Start<S>[]
  /** The first lane's number where these are a part of more lanes. */
  readonly from?: number
}

/** A state that episodes begin in, and the seed it came from. */
export interface Start<S extends State = State> {
  readonly state: S
  readonly seed: string
}

/** An episode that ended in the last step. */
export interface Ended<S extends State = State> {
  readonly lane: number
  readonly state: S
}

/**
 * Many episodes of one config, stepped together; steps allocate nothing, new episodes do. What a lane plays depends on
 * its seed alone: episode n after a reset with seed s has the seed s, then `s/1`, `s/2` ...
 */
export class Lanes<S extends State = State, C extends object = object> {
  readonly states: S[]
  readonly seats: number
  /** Action names. */
  readonly names: readonly string[]
  /** Of the last step: [lanes, seats]. */
  readonly rewards: Float64Array
  /** After the last step, 0 or 1: [lanes]. */
  readonly terminated: Uint8Array
  readonly truncated: Uint8Array
  /** Whether a lane shows the first state of an episode: [lanes]. */
  readonly fresh: Uint8Array
  /** In mode same-step: the lanes whose episodes the last step ended, ascending. */
  readonly ended: Ended<S>[] = []

  readonly #env: Env<S, C>
  readonly #config: C
  readonly #mode: ResetMode
  readonly #starts: readonly Start<S>[] | undefined
  readonly #from: number
  /** Per lane: the seed it was reset with, how many episodes ago, and the one that its episode has. */
  readonly #seeds: string[]
  readonly #episodes: Int32Array
  readonly #own: string[]
  /** Actions of one lane. */
  readonly #actions: Int32Array

  /** @throws UserError when the config gives no level. */
  constructor(env: Env<S, C>, config: C, options: LaneOptions<S>) {
    const { count, mode = 'next-step', seed = '0', starts, from = 0 } = options
    this.#env = env
    this.#config = config
    this.#mode = mode
    this.#starts = starts
    this.#from = from
    this.seats = env.seats(config)
    this.names = env.actions(config)
    this.rewards = new Float64Array(count * this.seats)
    this.terminated = new Uint8Array(count)
    this.truncated = new Uint8Array(count)
    this.fresh = new Uint8Array(count).fill(1)
    this.#actions = new Int32Array(this.seats)
    this.#seeds = Array.from({ length: count }, (_, i) => `${seed}/${from + i}`)
    this.#episodes = new Int32Array(count)
    this.#own = [...this.#seeds]
    this.states = this.#seeds.map((_, lane) => this.#begin(lane))
  }

  /** The seed that a lane's episode can be begun with again, together with its state's config. */
  seedOf(lane: number): string {
    return this.#own[lane]
  }

  /**
   * Begins lanes anew: with a seed, or with the next episode of the one they had.
   * @param seeds one per lane; null takes the next episode.
   * @param lanes which; all unless given.
   */
  reset(seeds?: readonly (string | null)[], lanes?: readonly number[]): void {
    const { rewards, terminated, truncated, fresh, seats, states } = this
    this.ended.length = 0
    rewards.fill(0)
    const begin = (lane: number): void => {
      const seed = seeds?.[lane]
      if (seed != null) {
        this.#seeds[lane] = seed
        this.#episodes[lane] = 0
      } else this.#episodes[lane]++
      states[lane] = this.#begin(lane)
      terminated[lane] = 0
      truncated[lane] = 0
      fresh[lane] = 1
      for (let seat = 0; seat < seats; seat++) rewards[lane * seats + seat] = 0
    }
    if (lanes) for (const lane of lanes) begin(lane)
    else for (let lane = 0; lane < states.length; lane++) begin(lane)
  }

  /**
   * One step of every lane.
   * @param actions [lanes, seats], from `offset`; those of seats that do not act now are not looked at.
   * @throws UserError naming the lane, seat and action that is none; nothing was stepped then.
   */
  step(actions: ArrayLike<number>, offset = 0): void {
    const { states, rewards, terminated, truncated, fresh, seats } = this
    this.#check(actions, offset)
    const env = this.#env
    const own = this.#actions
    const anew = this.#mode !== 'disabled'
    this.ended.length = 0
    for (let lane = 0; lane < states.length; lane++) {
      let state = states[lane]
      const over = state.terminated || state.truncated
      if (over && anew) {
        this.#episodes[lane]++
        state = this.#begin(lane)
        states[lane] = state
      } else {
        const acting = env.toAct?.(state)
        for (let seat = 0; seat < seats; seat++) {
          own[seat] = !acting || acting.includes(seat) ? actions[offset + lane * seats + seat] : NO_ACTION
        }
        env.step(state, own)
      }
      for (let seat = 0; seat < seats; seat++) rewards[lane * seats + seat] = state.rewards[seat]
      terminated[lane] = state.terminated ? 1 : 0
      truncated[lane] = state.truncated ? 1 : 0
      fresh[lane] = over && anew ? 1 : 0
      if (this.#mode !== 'same-step' || !(state.terminated || state.truncated)) continue
      this.ended.push({ lane, state })
      this.#episodes[lane]++
      states[lane] = this.#begin(lane)
      fresh[lane] = 1
    }
  }

  /** Puts a saved state into a lane; what comes after its end follows from the seed the lane has. */
  load(lane: number, bytes: Uint8Array): void {
    this.states[lane] = this.#env.load(bytes)
    const { terminated, truncated } = this.states[lane]
    this.terminated[lane] = terminated ? 1 : 0
    this.truncated[lane] = truncated ? 1 : 0
    this.fresh[lane] = this.states[lane].t === 0 ? 1 : 0
  }

  #check(actions: ArrayLike<number>, offset: number): void {
    const { states, seats, names } = this
    for (let i = 0; i < states.length * seats; i++) {
      const action = actions[offset + i]
      if (action >= 0 && action < names.length && Number.isInteger(action)) continue
      const lane = Math.floor(i / seats)
      const state = states[lane]
      if (state.terminated || state.truncated) continue // such actions are ignored
      if (this.#env.toAct && !this.#env.toAct(state).includes(i % seats)) continue
      throw new UserError(
        `lane ${this.#from + lane}, seat ${i % seats}: action ${shown(action)} is not one of 0 to ${names.length - 1}`,
      )
    }
  }

  #begin(lane: number): S {
    const episode = this.#episodes[lane]
    const seed = episode === 0 ? this.#seeds[lane] : `${this.#seeds[lane]}/${episode}`
    const starts = this.#starts
    if (!starts) {
      this.#own[lane] = seed
      return this.#env.reset(this.#config, seed)
    }
    const start = starts[below(seeded(seed), starts.length)]
    this.#own[lane] = start.seed
    return this.#env.clone(start.state)
  }
}

/** Where episodes begin that do not each make a level of their own: `count` of them, from seeds `<seed>/<i>`. */
export function startsOf<S extends State, C extends object>(
  env: Env<S, C>,
  configs: readonly C[],
  count: number,
  seed: string,
): Start<S>[] {
  return Array.from({ length: count }, (_, i) => {
    const own = `${seed}/${i}`
    return { state: env.reset(configs[i % configs.length], own), seed: own }
  })
}
