import { rasterize } from '#core/draw/rasterize'
import type { Frame, Scene } from '#core/draw/scene'
import { parseActions } from '#core/env/actions'
import { resolveConfig } from '#core/env/config'
import type { Env, Outcome, State } from '#core/env/env'

/** A game that is stepped by hand: its rules, and the state it is in. */
export class Game {
  readonly env: Env
  readonly #given: Readonly<Record<string, unknown>>
  #state: State

  /** @throws UserError for a config that is out of bounds. */
  constructor(env: Env, config: Readonly<Record<string, unknown>>, seed: string) {
    this.env = env
    this.#given = config
    this.#state = env.reset(resolveConfig(env, config), seed)
  }

  /** Read only: `step` changes it in place. */
  get state(): State {
    return this.#state
  }

  /** Resolved, with the level that was drawn. */
  get config(): object {
    return this.#state.config
  }

  /** Action names in index order. */
  get actions(): readonly string[] {
    return this.env.actions(this.config)
  }

  get seats(): number {
    return this.env.seats(this.config)
  }

  get done(): boolean {
    return this.#state.terminated || this.#state.truncated
  }

  get outcome(): Outcome {
    return this.env.outcome(this.#state)
  }

  /** Begins anew from another seed. */
  reset(seed: string | number): this {
    this.#state = this.env.reset(resolveConfig(this.env, this.#given), String(seed))
    return this
  }

  /**
   * One step: an action by name or index, or one for every seat.
   * @returns rewards, one per seat.
   * @throws UserError for what is no action.
   */
  step(actions: string | number | readonly (string | number)[]): readonly number[] {
    const list = typeof actions === 'object' ? actions : [actions]
    const [own] = parseActions(this.env, this.config, this.seats === 1 ? list : [list])
    this.env.step(this.#state, own)
    return Array.from(this.#state.rewards)
  }

  /** What a seat sees, in words. */
  text(seat = 0): string {
    return this.env.text(this.#state, seat)
  }

  /** What a seat sees, as a display list. */
  scene(seat = 0): Scene {
    return this.env.scene(this.#state, seat)
  }

  /** What a seat sees, as pixels. */
  frame(seat = 0): Frame {
    const { width, height } = this.env.frame(this.config)
    return rasterize(this.scene(seat), width, height)
  }
}
