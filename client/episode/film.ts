import type { Item, Scene } from '#core/draw/scene'
import type { Env, Focus, State } from '#core/env/env'
import type { EndEvent, RecordEvent, StartEvent, StepEvent, TurnEvent } from '#core/record/record'
import { Replay } from '#core/record/replay'
import { games } from '../games.ts'
import { Signal } from '../ui/signal.ts'

/** Something worth jumping to: after step `t`, `name` happened. */
export interface Mark {
  readonly t: number
  readonly name: string
}

/** What two sides did so far: steps in which each had the ball, and how often it tried to score. */
export interface Balance {
  readonly held: [number, number]
  readonly attempts: [number, number]
}

/** What one can jump to, and how fast it is played. */
export interface Moments {
  readonly marks: readonly Mark[]
  /** Steps a second. */
  readonly pace: number
  /** It goes on by itself, as a match does. */
  readonly hurried: boolean
}

/** An answer that could not be played; all other moments are the game's own. */
export const BAD_FORMAT = 'bad format'

/** Steps a second of a game that waits for its player. */
const UNHURRIED = 4

/** Milliseconds of simulation between two looks at the screen. */
const SLICE = 6

/** Steps between saved states: one jump plays at most so many again. */
const EVERY = 32

/**
 * An episode as it can be looked at: its record's events, played again as they come, a slice at a time so that
 * the page stays quick. Live and recorded episodes are the same thing at different speeds.
 */
export class Film {
  readonly id: string
  /** Counts changes of anything below. */
  readonly changes = new Signal(0)
  /** The record as it came; not all of it need have been played again. */
  events: RecordEvent[] = []
  live = false
  marks: Mark[] = []
  /** Why nothing can be drawn; null while all is well. */
  problem: string | null = null
  /** What is drawn over its stage for whoever looks at it large. */
  notes: ((t: number, seat: number) => readonly Item[]) | null = null
  /** The lines it was read from and the seat, where the episode is told as one seat saw it. */
  readonly sight: { readonly text: string; readonly seat: number } | undefined
  readonly #games: readonly Env[] | undefined
  #replay: Replay
  #played = 0
  #turnsOfSeat: TurnEvent[][] = []
  /** Per step: the side that had the ball, or -1; the side that tried to score, or -1. */
  #holding: number[] = []
  #attempts: number[] = []
  #balance: Balance & { t: number } = { t: 0, held: [0, 0], attempts: [0, 0] }
  #timer: ReturnType<typeof setTimeout> | undefined

  /** @param own what it is played by; the registry's unless it is an episode as a seat saw it. */
  constructor(id: string, own?: readonly Env[], sight?: Film['sight']) {
    this.id = id
    this.sight = sight
    this.#games = own
    this.#replay = new Replay(this.#envs, { every: EVERY })
  }

  get #envs(): readonly Env[] {
    return this.#games ?? games.envs
  }

  get start(): StartEvent | null {
    return this.#replay.start ?? null
  }

  get end(): EndEvent | null {
    return this.#replay.end ?? null
  }

  get env(): Env | null {
    return this.#replay.env ?? null
  }

  get steps(): readonly StepEvent[] {
    return this.#replay.steps
  }

  get turns(): readonly TurnEvent[] {
    return this.#replay.turns
  }

  get seats(): number {
    return this.start?.agents.length ?? 0
  }

  /** Steps that can be shown; grows while the record is played again. */
  get length(): number {
    return this.#replay.steps.length
  }

  /** Steps a second that look natural. */
  get pace(): number {
    return this.env?.pace ?? UNHURRIED
  }

  /** The game goes on by itself. */
  get hurried(): boolean {
    return this.env?.pace !== undefined
  }

  /** How the record and its simulation compare so far. */
  get replay(): Pick<Replay, 'status' | 'difference'> {
    return this.#replay
  }

  /** All that has come was played again. */
  get caughtUp(): boolean {
    return this.#played === this.events.length
  }

  /** Takes the next events of the record. */
  push(events: readonly RecordEvent[], live: boolean): void {
    this.live = live
    // Whatever kept the record from being had is over.
    this.problem = this.start ? this.#whyNotDrawn(this.start) : null
    for (const event of events) this.events.push(event)
    this.#play()
  }

  /** Forgets everything: the episode begins again. */
  reset(): void {
    clearTimeout(this.#timer)
    this.#replay = new Replay(this.#envs, { every: EVERY })
    this.#played = 0
    this.#turnsOfSeat = []
    this.#holding = []
    this.#attempts = []
    this.#balance = { t: 0, held: [0, 0], attempts: [0, 0] }
    this.events = []
    this.marks = []
    this.problem = null
    this.changes.value++
  }

  /** Says that the record cannot be had. */
  fail(problem: string): void {
    this.problem = problem
    this.changes.value++
  }

  dispose(): void {
    clearTimeout(this.#timer)
  }

  /** The state after `t` steps, read only and valid until the next call; null when there is none to show. */
  state(t: number): State | null {
    const head = this.#replay.state
    if (!head) return null
    return t >= head.t ? head : this.#replay.stateAt(Math.max(0, t))
  }

  /** What `seat` sees after `t` steps, as agents do. */
  scene(t: number, seat: number): Scene | null {
    const state = this.state(t)
    return state && this.env ? this.env.scene(state, this.seatNear(seat)) : null
  }

  /** The same as people see it; with `overlay` also what is drawn for them over it, and with either value its notes. */
  stage(t: number, seat: number, overlay?: boolean): Scene | null {
    const state = this.state(t)
    const { env } = this
    if (!state || !env) return null
    const own = this.seatNear(seat)
    const scene = env.stage?.(state, own, this.steps[t - 1]?.actions) ?? env.scene(state, own)
    const more = [
      ...((overlay && env.overlay?.(state, own)) || []),
      ...((overlay !== undefined && this.notes?.(t, own)) || []),
    ]
    return more.length > 0 ? { ...scene, items: [...scene.items, ...more] } : scene
  }

  /** The part of it that matters after `t` steps; null where the game does not say. */
  focus(t: number, seat: number): Focus | null {
    const state = this.state(t)
    return (state && this.env?.focus?.(state, this.seatNear(seat))) ?? null
  }

  /** What each side did in the first `t` steps, in games of two sides. */
  balance(t: number): Balance {
    if (t < this.#balance.t) this.#balance = { t: 0, held: [0, 0], attempts: [0, 0] }
    const { held, attempts } = this.#balance
    for (let i = this.#balance.t; i < Math.min(t, this.#holding.length); i++) {
      if (this.#holding[i] >= 0) held[this.#holding[i]]++
      if (this.#attempts[i] >= 0) attempts[this.#attempts[i]]++
    }
    this.#balance.t = Math.min(t, this.#holding.length)
    return { held: [...held], attempts: [...attempts] }
  }

  /** A seat that there is. */
  private seatNear(seat: number): number {
    return Math.max(0, Math.min(seat, this.seats - 1))
  }

  /** The newest turn of `seat` that was asked for at or before step `t`. */
  turnAt(t: number, seat: number): TurnEvent | null {
    const turns = this.#turnsOfSeat[seat] ?? []
    let low = 0
    let high = turns.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (turns[middle].t <= t) low = middle + 1
      else high = middle
    }
    return turns[low - 1] ?? null
  }

  /** Turns of the same seat before `turn` that were asked at the same step: answers that could not be played. */
  before(turn: TurnEvent): readonly TurnEvent[] {
    return this.#turnsOfSeat[turn.seat].filter(({ t, turn: number }) => t === turn.t && number < turn.turn)
  }

  /** The step count at which the seat's next turn begins, or the steps so far. */
  turnEnd(turn: TurnEvent): number {
    const turns = this.#turnsOfSeat[turn.seat]
    return turns[turns.indexOf(turn) + 1]?.t ?? this.length
  }

  #play(): void {
    clearTimeout(this.#timer)
    const until = performance.now() + SLICE
    while (!this.caughtUp) {
      this.#take(this.events[this.#played++])
      if ((this.#played & 7) === 0 && performance.now() > until) break
    }
    if (!this.caughtUp) this.#timer = setTimeout(() => this.#play())
    this.changes.value++
  }

  #take(event: RecordEvent): void {
    const before = this.length
    this.#replay.push(event)
    if (event.type === 'start') this.problem = this.#whyNotDrawn(event)
    else if (event.type === 'end') this.live = false
    else if (event.type === 'turn') {
      while (this.#turnsOfSeat.length <= event.seat) this.#turnsOfSeat.push([])
      this.#turnsOfSeat[event.seat].push(event)
      if (!event.valid) this.marks.push({ t: event.t, name: BAD_FORMAT })
    } else if (this.length > before && this.env && this.#replay.state) {
      const stands = this.env.scoreboard?.(this.#replay.state)
      this.#holding.push(stands?.holding ?? -1)
      this.#attempts.push(stands?.attempt ?? -1)
      for (const name of this.env.marks?.(this.#replay.state) ?? []) this.marks.push({ t: this.length, name })
    }
  }

  #whyNotDrawn(start: StartEvent): string | null {
    if (this.#replay.status !== 'other version')
      return this.#replay.state ? null : 'This record cannot begin.'
    const here = this.#envs.find(({ id }) => id === start.env)
    const needed = `It was recorded with ${start.env} version ${start.version} (Kickpush ${start.kickpush})`
    return here
      ? `${needed}; this release plays version ${here.version}. What the agents said can still be read.`
      : `${needed}, which this release does not have. What the agents said can still be read.`
  }
}

/** What a timeline shows of a film, or of two. */
export type Tape = Pick<Film, 'length' | 'turns' | 'replay'> & Moments & Partial<Pick<Film, 'stage'>>
