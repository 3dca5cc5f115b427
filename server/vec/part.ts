import { UserError } from '#core/base/errors'
import { rasterize } from '#core/draw/rasterize'
import type { Frame } from '#core/draw/scene'
import { resolveConfig } from '#core/env/config'
import type { Env, State } from '#core/env/env'
import { Lanes, startsOf } from '#core/env/lanes'
import { acts, succeeds } from '#core/env/turns'
import { blank, type Layout, layoutOf, type Numbers, numbersOf, tensorOf } from './layout.ts'
import { type Book, Recorder } from './recorder.ts'
import type { Open } from './wire.ts'

/** What of a batch has no fixed size: of the lanes of one part. */
export interface Loose {
  /** Lanes whose episodes the step ended, where the same step began them anew. */
  readonly ended: readonly number[]
  /** Their last observations, as bytes, in the order of the layout. */
  readonly finals: readonly Uint8Array[]
  /** One text per lane and seat, then one per ended lane and seat. */
  readonly texts: readonly string[]
  readonly finalTexts: readonly string[]
}

/** Lanes `from` to `to` of a connection: plays them and writes what they show into the batch's memory. */
export class Part {
  readonly #env: Env
  readonly #from: number
  readonly #lanes: Lanes
  readonly #open: Open
  readonly #layout: Layout
  readonly #sections: ReadonlyMap<string, Numbers>
  readonly #recorder: Recorder | undefined
  /** Painted over again and again. */
  readonly #frame: Frame | undefined

  /**
   * @param configs of its levels; all episodes have the first where there is one.
   * @param name of the connection, for records.
   */
  constructor(
    env: Env,
    open: Open,
    memory: ArrayBufferLike,
    from: number,
    to: number,
    configs: readonly object[],
    name: string,
    book?: Book,
  ) {
    const [config] = configs
    const { seed, mode, starts } = open
    this.#env = env
    this.#from = from
    this.#open = open
    this.#layout = layoutOf(env, config, open)
    this.#sections = new Map(
      this.#layout.sections.map((section) => [section.name, numbersOf(memory, section, from, to)]),
    )
    const most = starts || (configs.length > 1 ? configs.length : 0)
    this.#lanes = new Lanes(env, config, {
      count: to - from,
      mode,
      seed,
      from,
      starts: most > 0 ? startsOf(env, configs, most, `${seed}/start`) : undefined,
    })
    const { width, height } = env.frame(config)
    if (this.#sections.has('frame')) this.#frame = { width, height, data: new Uint8Array(3 * width * height) }
    const recorded = Math.max(0, Math.min(to, open.record) - from)
    if (recorded > 0 && book) this.#recorder = new Recorder(env, this.#lanes, recorded, from, name, book)
  }

  /** @param seeds, lanes as `Lanes.reset` takes them, numbered over all parts. */
  reset(seeds: readonly (string | null)[] | undefined, lanes: readonly number[] | undefined): Loose {
    const { states } = this.#lanes
    const own = lanes?.map((lane) => lane - this.#from).filter((lane) => lane >= 0 && lane < states.length)
    this.#recorder?.leave(own)
    this.#lanes.reset(seeds?.slice(this.#from, this.#from + states.length), own)
    this.#recorder?.begin(own)
    return this.#look()
  }

  /** @param actions of all lanes. @throws UserError for one that is none. */
  step(actions: Int32Array): Loose {
    const offset = this.#from * this.#lanes.seats
    this.#recorder?.before(actions, offset)
    this.#lanes.step(actions, offset)
    this.#recorder?.after()
    return this.#look()
  }

  save(lane: number): Uint8Array {
    return this.#env.save(this.#state(lane)).slice()
  }

  /** @throws UserError when the bytes are no state of this game and config. */
  load(lane: number, bytes: Uint8Array): Loose {
    this.#recorder?.forget(lane - this.#from)
    let layout: Layout
    try {
      layout = layoutOf(this.#env, this.#env.load(bytes).config, this.#open)
    } catch (error) {
      throw new UserError(`load: ${(error as Error).message}`)
    }
    if (JSON.stringify(layout) !== JSON.stringify(this.#layout))
      throw new UserError('load: the state is of a config that shows itself in another shape')
    this.#lanes.load(lane - this.#from, bytes)
    return this.#look()
  }

  render(lane: number, seat: number, width: number, height: number): Uint8Array {
    if (seat >= this.#lanes.seats)
      throw new UserError(`render: seat ${seat} is not below ${this.#lanes.seats}`)
    return rasterize(this.#env.scene(this.#state(lane), seat), width, height).data
  }

  /** What a person or a log wants to know of a lane. */
  describe(lane: number): object {
    const state = this.#state(lane)
    const lanes = this.#lanes
    return {
      seed: lanes.seedOf(lane - this.#from),
      steps: state.t,
      outcome: this.#env.outcome(state).name,
      text: Array.from({ length: lanes.seats }, (_, seat) => this.#env.text(state, seat)),
    }
  }

  /** Writes the records of episodes that are not over. */
  close(): void {
    this.#recorder?.leave()
  }

  #state(lane: number): State {
    const state = this.#lanes.states[lane - this.#from]
    if (!state) throw new UserError(`there is no lane ${lane}`)
    return state
  }

  #look(): Loose {
    const lanes = this.#lanes
    const { states, ended, seats } = lanes
    this.#sections.get('rewards')!.set(lanes.rewards)
    this.#sections.get('terminated')!.set(lanes.terminated)
    this.#sections.get('truncated')!.set(lanes.truncated)
    this.#sections.get('fresh')!.set(lanes.fresh)
    this.#status()
    const { observations, text } = this.#layout
    for (const { name } of observations) {
      const out = this.#sections.get(name) as Uint8Array | Float32Array
      const size = out.length / (states.length * seats)
      for (let lane = 0; lane < states.length; lane++)
        this.#write(name, states[lane], out, lane * seats * size, size)
    }
    const finals =
      ended.length === 0
        ? []
        : observations.map((section) => {
            const out = blank(section, ended.length)
            const size = out.length / (ended.length * seats)
            for (const [i, { state }] of ended.entries())
              this.#write(section.name, state, out, i * seats * size, size)
            return new Uint8Array(out.buffer, out.byteOffset, out.byteLength)
          })
    const textsOf = (state: State): string[] =>
      Array.from({ length: seats }, (_, seat) => this.#env.text(state, seat))
    return {
      ended: ended.map(({ lane }) => lane + this.#from),
      finals,
      texts: text ? states.flatMap(textsOf) : [],
      finalTexts: text ? ended.flatMap(({ state }) => textsOf(state)) : [],
    }
  }

  /** Success, who acts, and what is legal. */
  #status(): void {
    const { states, ended, seats, names } = this.#lanes
    const env = this.#env
    const success = this.#sections.get('success')!
    const acting = this.#sections.get('acting')!
    const legal = this.#sections.get('legal')
    success.fill(0)
    for (const [lane, state] of states.entries()) {
      const over = state.terminated || state.truncated
      for (let seat = 0; seat < seats; seat++)
        acting[lane * seats + seat] = !over && acts(env, state, seat) ? 1 : 0
      if (over) this.#judge(state, lane)
      if (!legal) continue
      for (let seat = 0; seat < seats; seat++) {
        const flags = env.legal?.(state, seat)
        const at = (lane * seats + seat) * names.length
        for (let i = 0; i < names.length; i++) legal[at + i] = !flags || flags[i] ? 1 : 0
      }
    }
    for (const { lane, state } of ended) this.#judge(state, lane)
  }

  #judge(state: State, lane: number): void {
    const success = this.#sections.get('success')!
    const outcome = this.#env.outcome(state)
    const { seats } = this.#lanes
    for (let seat = 0; seat < seats; seat++) success[lane * seats + seat] = succeeds(outcome, seat) ? 1 : 0
  }

  /** Writes one observation of all seats of a state. */
  #write(name: string, state: State, out: Uint8Array | Float32Array, at: number, size: number): void {
    for (let seat = 0; seat < this.#lanes.seats; seat++) {
      if (name !== 'frame' || !this.#frame) {
        tensorOf(this.#env, name).write(state, seat, out, at + seat * size)
        continue
      }
      const { width, height, data } = rasterize(
        this.#env.scene(state, seat),
        this.#frame.width,
        this.#frame.height,
        this.#frame,
      )
      out.set(data.subarray(0, 3 * width * height), at + seat * size)
    }
  }
}

/** Bytes of one state: saved, and of its texts for all seats. */
export interface Weight {
  readonly state: number
  readonly text: number
}

/** What a lane weighs, by its first state. @throws UserError when the config gives no level. */
export function weightOf(env: Env, config: object, seed: string): Weight {
  const state = env.reset(config, `${seed}/0`)
  const texts = Array.from({ length: env.seats(config) }, (_, seat) => env.text(state, seat))
  return { state: env.save(state).length, text: texts.reduce((sum, { length }) => sum + 4 + length, 0) }
}

/** The configs that lanes play: one, or one for each level that was given. @throws UserError */
export function configsOf(env: Env, open: Open, levels?: readonly object[]): object[] {
  if (!levels) return [resolveConfig(env, open.config)]
  const configs = levels.map((level) => resolveConfig(env, { ...open.config, ...level }))
  const shape = (config: object): string => JSON.stringify(layoutOf(env, config, open))
  const odd = configs.findIndex((config) => shape(config) !== shape(configs[0]))
  if (odd >= 0)
    throw new UserError(`level ${odd + 1} gives other observations than level 1: lanes share a shape`)
  return configs
}
