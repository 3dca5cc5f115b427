import { parse } from '../env/config.ts'
import type { Env, State } from '../env/env.ts'
import { hashObservation, observe } from '../env/observe.ts'
import { actionsOf, acts, NO_ACTION } from '../env/turns.ts'
import { forfeiter } from '../play/forfeit.ts'
import { emptyPlan, nextAction, type Plan, played, renew } from '../play/plan.ts'
import { compareEnd, compareStep, type Difference, firstDifference, hashState } from './differences.ts'
import type { EndEvent, RecordEvent, StartEvent, StepEvent, TurnEvent } from './record.ts'

export type ReplayStatus =
  /** No start yet. */
  | 'waiting'
  /** Everything so far was simulated and is the same. */
  | 'agrees'
  /** Something is not the same; `difference` says what came first. */
  | 'differs'
  /** Recorded with another version of the environment, or with one that is not here: listed, not simulated. */
  | 'other version'

export interface ReplayOptions {
  /** Steps between saved states; fewer make seeking faster and take more memory. */
  readonly every?: number
  /** Also renders every observation again and compares its hash. */
  readonly observations?: boolean
}

/**
 * An episode re-simulated from its events as they arrive, live or from a file. Any earlier state is at hand at
 * once: the nearest saved one is loaded and played on.
 */
export class Replay {
  status: ReplayStatus = 'waiting'
  /** The first thing that is not as recorded. */
  difference: Difference | undefined
  start: StartEvent | undefined
  end: EndEvent | undefined
  env: Env | undefined
  readonly turns: TurnEvent[] = []
  readonly steps: StepEvent[] = []

  readonly #envs: readonly Env[]
  readonly #options: ReplayOptions
  readonly #every: number
  /** State after every `#every`-th step, the first after none. */
  readonly #saved: Uint8Array[] = []
  #head: State | undefined
  #initial: State | undefined
  #plans: Plan[] = []
  /** Turns of each seat so far: only where there are any do they say what a seat must play. */
  #asked: number[] = []
  /** The state that `stateAt` gave last, to play on from. */
  #cursor: State | undefined

  constructor(envs: readonly Env[], options: ReplayOptions = {}) {
    this.#envs = envs
    this.#options = options
    this.#every = options.every ?? 50
  }

  /** The latest simulated state, read only; undefined before the start and for another version. */
  get state(): State | undefined {
    return this.#head
  }

  /**
   * Takes the next event of the episode.
   * @param line where it stands in its record, for `difference`.
   * @returns whether the replay still agrees with its record.
   */
  push(event: RecordEvent, line?: number): boolean {
    const difference = this.#take(event)
    if (difference && this.status !== 'differs') {
      this.difference = line === undefined ? difference : { ...difference, line }
      this.status = 'differs'
    }
    return this.status === 'agrees'
  }

  /**
   * The state after `t` steps, read only and valid until the next call.
   * @throws RangeError when it has not been simulated.
   */
  stateAt(t: number): State {
    const { env } = this
    if (!env || !this.#head || !Number.isInteger(t) || t < 0 || t > this.#head.t) {
      throw new RangeError(`there is no state after step ${t} (0 to ${this.#head?.t ?? -1})`)
    }
    const index = Math.floor(t / this.#every)
    let state = this.#cursor
    if (!state || state.t > t || state.t < index * this.#every) state = env.load(this.#saved[index])
    while (state.t < t) env.step(state, this.steps[state.t].actions)
    this.#cursor = state
    return state
  }

  #take(event: RecordEvent): Difference | undefined {
    if (event.type === 'start') return this.#begin(event)
    if (this.status === 'waiting') return firstDifference(0, [['type', event.type, 'start']])
    if (this.end) return firstDifference(this.end.steps, [['type', event.type, 'nothing after the end']])
    if (event.type === 'turn') return this.#turn(event)
    if (event.type === 'step') return this.#step(event)
    return this.#finish(event)
  }

  #begin(event: StartEvent): Difference | undefined {
    if (this.start) return firstDifference(this.#head?.t ?? 0, [['type', 'start', 'one start only']])
    this.start = event
    const env = this.#envs.find(({ id }) => id === event.env)
    if (!env || env.version !== event.version) {
      this.status = 'other version'
      return undefined
    }
    this.env = env
    this.status = 'agrees'
    let state: State
    try {
      const config = parse(env.config, event.config, 'config')
      state = env.reset(config, event.seed)
      this.#plans = Array.from({ length: env.seats(config) }, () => emptyPlan(env, event.conversation))
    } catch (error) {
      return { t: 0, what: 'config', recorded: event.config, simulated: (error as Error).message }
    }
    this.#head = state
    this.#initial = env.clone(state)
    this.#asked = this.#plans.map(() => 0)
    this.#saved.push(env.save(state).slice())
    return firstDifference(0, [
      ['hash', event.hash, hashState(env, state)],
      ['agents', event.agents.length, this.#plans.length],
    ])
  }

  #turn(event: TurnEvent): Difference | undefined {
    this.turns.push(event)
    const { env } = this
    const state = this.#head
    if (!env || !state || !this.start) return undefined
    const { t, seat, actions, valid, observation } = event
    if (seat >= this.#plans.length) return firstDifference(state.t, [['seat', seat, this.#plans.length - 1]])
    const names = env.actions(state.config)
    const unknown = actions.find((action) => !names.includes(action))
    const indices = actions.map((action) => names.indexOf(action))
    renew(this.#plans[seat], this.start.conversation, valid, unknown === undefined ? indices : [])
    const turn = this.#asked[seat]++
    const look = this.#options.observations && this.start.look === env.look
    // A turn that comes too early shows that a step is missing before it.
    return firstDifference(t > state.t ? state.t + 1 : state.t, [
      ['t', t, state.t],
      ['turn', event.turn, turn],
      ['seat', seat, acts(env, state, seat) ? seat : env.toAct?.(state)],
      ['actions', unknown, undefined],
      [
        'observation',
        observation.hash,
        look ? hashObservation(observe(env, state, seat, observation.modality)) : observation.hash,
      ],
    ])
  }

  #step(event: StepEvent): Difference | undefined {
    const { env } = this
    const state = this.#head
    if (!env || !state) {
      this.steps.push(event)
      return undefined
    }
    // A step that cannot be simulated is not kept: later ones then differ in their number.
    const over = state.terminated || state.truncated
    const wrong = firstDifference(state.t + 1, [
      ['t', event.t, state.t + 1],
      ['type', 'step', over ? 'nothing after the last step' : 'step'],
      ['actions', this.#badAction(event, env, state), undefined],
    ])
    if (wrong) return wrong
    const planned = this.#planned(event.actions, env, state)
    this.steps.push(event)
    env.step(state, event.actions)
    if (state.t % this.#every === 0) this.#saved.push(env.save(state).slice())
    return firstDifference(state.t, [['actions', event.actions, planned]]) ?? compareStep(env, state, event)
  }

  /** The first recorded action that the environment does not have, or that a seat did not have to give. */
  #badAction({ actions }: StepEvent, env: Env, state: State): unknown {
    if (actions.length !== this.#plans.length) return actions
    const count = env.actions(state.config).length
    return actions.find(
      (action, seat) => action >= count || (action === NO_ACTION) === acts(env, state, seat),
    )
  }

  /** What the seats must play by their turns; a seat that has none (played by hand) may play anything. */
  #planned(recorded: readonly number[], env: Env, state: State): number[] {
    return actionsOf(env, state, (seat) => {
      if (this.#asked[seat] === 0) return recorded[seat]
      const action = nextAction(this.#plans[seat], state, seat)
      if (action >= 0) played(this.#plans[seat], env, state, seat, action)
      return action < 0 ? (env.idle?.(state.config) ?? NO_ACTION) : action
    })
  }

  #finish(event: EndEvent): Difference | undefined {
    this.end = event
    if (!this.env || !this.#head || !this.#initial) return undefined
    const rewards = this.#plans.map((_, seat) => this.steps.map((step) => step.rewards[seat]))
    // Records from before there were forfeits have none.
    const due = event.forfeit === undefined ? undefined : forfeiter(this.env, this.#head, this.#plans)
    return compareEnd(this.env, this.#initial, this.#head, rewards, due, event)
  }
}
