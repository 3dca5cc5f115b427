import { randomUUID } from 'node:crypto'
import { UserError } from '#core/base/errors'
import { rasterize } from '#core/draw/rasterize'
import type { Frame } from '#core/draw/scene'
import { parseTurn } from '#core/env/actions'
import { resolveConfig } from '#core/env/config'
import type { Env } from '#core/env/env'
import { findEnv } from '#core/env/registry'
import { succeeds } from '#core/env/turns'
import { advance, answer, begin, finish, outcomeOf, type Playing } from '#core/play/episode'
import type { Match } from '#core/play/match'
import { Conversation, type Policy, type Request } from '#core/play/policy'
import type { RecordEvent } from '#core/record/record'

/** Episodes that are kept, and their events in all; the one begun first makes room. */
const KEPT = 256
const EVENTS = 300_000
/** Actions of one answer at most. */
const PER_TURN = 200
const TURNS = 10_000

export interface TableOptions {
  readonly envs: readonly Env[]
  /** Every event of every episode, as it happens. */
  readonly onEvent?: (event: RecordEvent) => void
  /** Several harnesses play: nobody learns the name of another's episode, nor means it by naming none. */
  readonly shared?: boolean
}

/** What a harness is told after it began, acted or looked. */
export interface View {
  readonly episode: string
  readonly env: string
  readonly step: number
  /** The seat that is meant; which seats must decide now. */
  readonly seat: number
  readonly waiting: readonly number[]
  readonly text: string
  /** Names of the actions that do something now. */
  readonly legal: readonly string[]
  readonly return: readonly number[]
  readonly outcome: string
  readonly success: boolean
  readonly done: boolean
}

interface Sitting {
  readonly episode: string
  readonly match: Match
  readonly events: RecordEvent[]
  playing: Playing
  asked: Request[]
  /** Pieces of the record: going back ends one and begins the next. */
  pieces: number
}

const OUTSIDE: Policy = { id: 'outside', act: () => Promise.reject(new Error('it is played from outside')) }

/** Episodes that agents play through tools: begun, looked at, acted in, taken back, recorded. */
export class Table {
  readonly #options: TableOptions
  readonly #sittings = new Map<string, Sitting>()

  constructor(options: TableOptions) {
    this.#options = options
  }

  get envs(): readonly Env[] {
    return this.#options.envs
  }

  /** Begins an episode. @throws UserError for what cannot be played. */
  reset(id: string, config: Readonly<Record<string, unknown>>, seed: string | undefined): View {
    const env = findEnv(this.envs, id)
    const resolved = resolveConfig(env, config)
    const episode = this.#options.shared ? randomUUID() : randomUUID().slice(0, 8)
    const own = seed ?? randomUUID()
    const match: Match = {
      episode,
      env,
      config: resolved,
      seed: own,
      policies: new Array<Policy>(env.seats(resolved)).fill(OUTSIDE),
      conversation: Conversation.parse({ modality: 'text', actionsPerTurn: PER_TURN, maxTurns: TURNS }),
    }
    const sitting = this.#begin({ episode, match, events: [], pieces: 0 })
    this.#makeRoom()
    this.#sittings.set(episode, sitting)
    return this.#view(sitting, 0)
  }

  /** How a seat sees an episode. */
  look(episode: string | undefined, seat: number): View {
    return this.#view(this.#find(episode, seat), seat)
  }

  /** The same as pixels. */
  picture(episode: string | undefined, seat: number): Frame {
    const { playing, match } = this.#find(episode, seat)
    const { width, height } = match.env.frame(playing.state.config)
    return rasterize(match.env.scene(playing.state, seat), width, height)
  }

  /** How to play, in words. */
  rules(episode: string | undefined): string {
    const { match, playing } = this.#find(episode, 0)
    const { rules, text, frame } = match.env.prompt(playing.state.config)
    return `${rules}\n\n${text}\n\n${frame}\n\nActions: ${playing.names.join(', ')}`
  }

  /**
   * Plays a seat's actions, names or indices, in order; what the game ends before is not played.
   * @throws UserError for actions that are none, a seat that is not asked, and an episode that is over.
   */
  act(episode: string | undefined, seat: number, actions: string): View {
    const sitting = this.#find(episode, seat)
    const request = sitting.asked.find((one) => one.seat === seat)
    if (!request) {
      const waiting = sitting.asked.map((one) => one.seat).join(', ')
      throw new UserError(
        waiting === ''
          ? 'the episode is over: reset to play another'
          : `seat ${seat} is not asked now, but ${waiting}`,
      )
    }
    const { env } = sitting.match
    const indices = parseTurn(env, sitting.playing.state.config, actions)
    if (indices.length === 0) throw new UserError('act: there is no action')
    if (indices.length > request.limit)
      throw new UserError(`act: at most ${request.limit} actions at once (got ${indices.length})`)
    this.#answer(sitting, request, indices)
    return this.#view(sitting, seat)
  }

  /** Takes an episode back to a step. @throws UserError for one that is not behind it. */
  undo(episode: string | undefined, seat: number, step: number): View {
    const sitting = this.#find(episode, seat)
    const { t } = sitting.playing.state
    if (step > t) throw new UserError(`undo: step ${step} is not behind, only ${t} were taken`)
    const steps = sitting.events.filter((event) => event.type === 'step').slice(0, step)
    this.#close(sitting)
    sitting.events.length = 0
    sitting.pieces++
    Object.assign(sitting, this.#opened(sitting))
    for (const { actions } of steps) {
      for (const request of [...sitting.asked]) this.#answer(sitting, request, [actions[request.seat]])
    }
    return this.#view(sitting, seat)
  }

  /** The episode's record as it is now. */
  record(episode: string | undefined): readonly RecordEvent[] {
    return this.#find(episode, 0).events
  }

  /** Ends every record. */
  close(): void {
    for (const sitting of this.#sittings.values()) this.#close(sitting)
    this.#sittings.clear()
  }

  /** For one more episode. */
  #makeRoom(): void {
    let events = 0
    for (const sitting of this.#sittings.values()) events += sitting.events.length
    for (const oldest of this.#sittings.values()) {
      if (this.#sittings.size < KEPT && events < EVENTS) return
      this.#close(oldest)
      events -= oldest.events.length
      this.#sittings.delete(oldest.episode)
    }
  }

  #find(episode: string | undefined, seat: number): Sitting {
    const { shared } = this.#options
    if (shared && episode === undefined && this.#sittings.size > 1)
      throw new UserError('several episodes are open: name yours, as reset told it')
    const sitting = episode === undefined ? [...this.#sittings.values()].at(-1) : this.#sittings.get(episode)
    if (!sitting) {
      const names = [...this.#sittings.keys()].slice(-5).join(', ')
      if (shared && names !== '')
        throw new UserError(`no episode '${episode?.slice(0, 40)}': reset begins one and tells its name`)
      throw new UserError(
        names === '' ? 'no episode: reset first' : `no episode '${episode?.slice(0, 40)}'; there is ${names}`,
      )
    }
    const { seats } = sitting.playing
    if (seat >= seats.length) throw new UserError(`no seat ${seat}: there are ${seats.length}`)
    return sitting
  }

  #begin(given: Omit<Sitting, 'playing' | 'asked'>): Sitting {
    return { ...given, ...this.#opened(given) }
  }

  #opened({
    match,
    events,
    pieces,
  }: Pick<Sitting, 'match' | 'events' | 'pieces'>): Pick<Sitting, 'playing' | 'asked'> {
    const { onEvent } = this.#options
    const episode = pieces === 0 ? match.episode : `${match.episode}-${pieces}`
    const playing = begin(
      { ...match, episode },
      {
        score: false,
        onEvent(event) {
          events.push(event)
          onEvent?.(event)
        },
      },
    )
    return { playing, asked: advance(playing) }
  }

  #answer(sitting: Sitting, request: Request, actions: readonly number[]): void {
    const { playing, asked } = sitting
    answer(playing, request, { valid: true, actions })
    sitting.asked = asked.filter((one) => one !== request)
    if (sitting.asked.length > 0) return // others of this step have not decided
    sitting.asked = advance(playing)
    if (sitting.asked.length === 0) finish(playing)
  }

  /** Ends the record of an episode that is left. */
  #close({ playing, asked }: Sitting): void {
    if (asked.length > 0) finish(playing)
  }

  #view({ episode, match, playing, asked }: Sitting, seat: number): View {
    const { env } = match
    const { state, names, seats } = playing
    const flags = env.legal?.(state, seat)
    const outcome = outcomeOf(playing)
    return {
      episode,
      env: env.id,
      step: state.t,
      seat,
      waiting: asked.map((one) => one.seat),
      text: env.text(state, seat),
      legal: names.filter((_, i) => !flags || flags[i]),
      return: seats.map(({ rewards }) => rewards.reduce((sum, reward) => sum + reward, 0)),
      outcome: outcome.name,
      success: succeeds(outcome, seat),
      done: asked.length === 0,
    }
  }
}
