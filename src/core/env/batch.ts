import { didYouMean, UserError } from '../base/errors.ts'
import type { Env, State, TensorSpec } from './env.ts'

/**
 * Many episodes of one config, stepped together without allocating. An episode that ended is begun anew by the next
 * `step`, which ignores its actions and gives it no reward; until then its last state is there to look at.
 */
export class Batch<S extends State = State, C extends object = object> {
  readonly states: S[]
  /** To be filled before `step`: [episodes, seats]. */
  readonly actions: Int32Array
  /** Of the last step: [episodes, seats]. */
  readonly rewards: Float64Array
  /** After the last step, 0 or 1: [episodes]. */
  readonly terminated: Uint8Array
  readonly truncated: Uint8Array
  readonly seats: number
  /** Episodes begun so far; the next one has the seed `<seed>/<begun>`. */
  begun = 0

  readonly #env: Env<S, C>
  readonly #config: C
  readonly #seed: string
  /** The part of `actions` that belongs to each episode. */
  readonly #own: Int32Array[]

  constructor(env: Env<S, C>, config: C, seed: string, count: number) {
    this.#env = env
    this.#config = config
    this.#seed = seed
    this.seats = env.seats(config)
    this.actions = new Int32Array(count * this.seats)
    this.rewards = new Float64Array(count * this.seats)
    this.terminated = new Uint8Array(count)
    this.truncated = new Uint8Array(count)
    this.#own = Array.from({ length: count }, (_, i) =>
      this.actions.subarray(i * this.seats, (i + 1) * this.seats),
    )
    this.states = Array.from({ length: count }, () => this.#begin())
  }

  step(): void {
    const { states, rewards, terminated, truncated, seats } = this
    const env = this.#env
    for (let i = 0; i < states.length; i++) {
      let state = states[i]
      if (state.terminated || state.truncated) {
        state = this.#begin()
        states[i] = state
      } else env.step(state, this.#own[i])
      for (let seat = 0; seat < seats; seat++) rewards[i * seats + seat] = state.rewards[seat]
      terminated[i] = state.terminated ? 1 : 0
      truncated[i] = state.truncated ? 1 : 0
    }
  }

  /**
   * Writes a tensor of every episode and seat into `out`: [episodes, seats, ...shape].
   * @throws UserError when the environment has no tensor of that name, RangeError when `out` is too small.
   */
  write(name: string, out: Uint8Array | Float32Array): void {
    const tensor = this.#tensor(name)
    const size = tensor.shape(this.#config).reduce((product, length) => product * length, 1)
    const { states, seats } = this
    if (out.length < states.length * seats * size) {
      throw new RangeError(
        `${name} of ${states.length} episodes needs ${states.length * seats * size} elements`,
      )
    }
    for (let i = 0; i < states.length; i++) {
      for (let seat = 0; seat < seats; seat++) tensor.write(states[i], seat, out, (i * seats + seat) * size)
    }
  }

  #tensor(name: string): TensorSpec<S, C> {
    const tensors = this.#env.tensors ?? {}
    if (Object.hasOwn(tensors, name)) return tensors[name]
    throw new UserError(`${this.#env.id} has no tensor '${name}'${didYouMean(name, Object.keys(tensors))}`)
  }

  #begin(): S {
    return this.#env.reset(this.#config, `${this.#seed}/${this.begun++}`)
  }
}
