import type { Env } from '#core/env/env'
import type { Lanes } from '#core/env/lanes'
import { advance, answer, begin, finish } from '#core/play/episode'
import { Conversation, type Policy } from '#core/play/policy'
import { writeLine } from '#core/record/jsonl'

/** Steps of an episode that a record holds at most: as many turns as a conversation may have. */
const MOST = 10_000

/** Where records go. */
export interface Book {
  /** Takes the lines of an episode. */
  write(lines: string): void
}

/** An episode that is played: where it began and every step's actions. */
interface Track {
  readonly config: object
  readonly seed: string
  readonly steps: number[][]
}

const OUTSIDE: Policy = { id: 'outside', act: () => Promise.reject(new Error('it is played from outside')) }

/** Keeps what the first lanes play, and plays each episode again when it is over, which gives its record. */
export class Recorder {
  readonly #env: Env
  readonly #lanes: Lanes
  readonly #count: number
  readonly #from: number
  readonly #name: string
  readonly #book: Book
  readonly #tracks: (Track | undefined)[]
  /** Lanes whose next step begins them anew. */
  readonly #over: boolean[]
  #episodes = 0

  /** @param name of the connection: episodes are `<name>-<lane>-<number>`. */
  constructor(env: Env, lanes: Lanes, count: number, from: number, name: string, book: Book) {
    this.#env = env
    this.#lanes = lanes
    this.#count = count
    this.#from = from
    this.#name = name
    this.#book = book
    this.#tracks = Array.from({ length: count }, (_, lane) => this.#track(lane))
    this.#over = new Array<boolean>(count).fill(false)
  }

  /** Notes the actions of a step. */
  before(actions: Int32Array, offset: number): void {
    const { states, seats } = this.#lanes
    for (let lane = 0; lane < this.#count; lane++) {
      const { terminated, truncated } = states[lane]
      this.#over[lane] = terminated || truncated
      const at = offset + lane * seats
      if (!this.#over[lane]) this.#tracks[lane]?.steps.push(Array.from(actions.subarray(at, at + seats)))
    }
  }

  /** Writes what ended, and notes what began. */
  after(): void {
    const { states, ended } = this.#lanes
    for (let lane = 0; lane < this.#count; lane++) {
      const { terminated, truncated, t } = states[lane]
      if (this.#over[lane]) {
        if (t === 0) this.#tracks[lane] = this.#track(lane)
      } else if (terminated || truncated || ended.some((one) => one.lane === lane)) {
        this.#tell(lane)
        if (t === 0) this.#tracks[lane] = this.#track(lane)
      }
    }
  }

  /** Writes episodes that are left before their end. */
  leave(lanes: readonly number[] = [...this.#tracks.keys()]): void {
    for (const lane of lanes) if (lane < this.#count) this.#tell(lane)
  }

  /** Notes what lanes begin. */
  begin(lanes: readonly number[] = [...this.#tracks.keys()]): void {
    for (const lane of lanes) if (lane < this.#count) this.#tracks[lane] = this.#track(lane)
  }

  /** A lane goes on from a state of another episode: there is no record until its next one. */
  forget(lane: number): void {
    if (lane >= this.#count) return
    this.#tell(lane)
    this.#tracks[lane] = undefined
  }

  #track(lane: number): Track {
    return { config: this.#lanes.states[lane].config, seed: this.#lanes.seedOf(lane), steps: [] }
  }

  #tell(lane: number): void {
    const track = this.#tracks[lane]
    this.#tracks[lane] = undefined
    if (!track || track.steps.length === 0 || track.steps.length > MOST) return
    const { config, seed, steps } = track
    const lines: string[] = []
    const env = this.#env
    const match = {
      episode: `${this.#name}-${this.#from + lane}-${this.#episodes++}`,
      env,
      config,
      seed,
      policies: new Array<Policy>(this.#lanes.seats).fill(OUTSIDE),
      conversation: Conversation.parse({ maxTurns: steps.length }),
    }
    const playing = begin(match, { onEvent: (event) => lines.push(writeLine(event)), score: false })
    for (let requests = advance(playing); requests.length > 0; requests = advance(playing)) {
      for (const request of requests)
        answer(playing, request, { valid: true, actions: [steps[request.state.t][request.seat]] })
    }
    finish(playing)
    this.#book.write(lines.join(''))
  }
}
