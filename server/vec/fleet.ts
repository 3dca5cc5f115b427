import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { UserError } from '#core/base/errors'
import type { Env } from '#core/env/env'
import type { ThreadEntry } from '#threads/thread'
import { Pool } from '../pool.ts'
import { type Layout, layoutOf, numbersOf } from './layout.ts'
import { configsOf, type Loose, Part, type Weight } from './part.ts'
import type { Book } from './recorder.ts'
import type { Room } from './room.ts'
import type { Message, Open } from './wire.ts'
import { KIND } from './wire.ts'

/** What a thread that plays lanes is asked. */
export type VecJob =
  | { readonly do: 'weigh'; readonly open: Open }
  | {
      readonly do: 'open'
      readonly open: Open
      readonly memory: SharedArrayBuffer
      readonly actions: SharedArrayBuffer
      readonly from: number
      readonly to: number
      readonly name: string
    }
  | {
      readonly do: 'reset'
      readonly seeds?: readonly (string | null)[]
      readonly lanes?: readonly number[]
    }
  | { readonly do: 'step' }
  | {
      readonly do: 'render'
      readonly lane: number
      readonly seat: number
      readonly width: number
      readonly height: number
    }
  | { readonly do: 'save'; readonly lane: number }
  | { readonly do: 'load'; readonly lane: number; readonly bytes: Uint8Array }
  | { readonly do: 'describe'; readonly lane: number }
  | { readonly do: 'close' }

export interface FleetOptions {
  /** Configs of level files; they come on top of what a client gives. */
  readonly levels?: readonly object[]
  readonly book?: Book
  /** Module of threads that call `hostLanes`. */
  readonly work: ThreadEntry
  /** Of a server of several clients: what they share. Their lanes never play in the server's own thread. */
  readonly room?: Room
}

/** Milliseconds in which threads may end what they do for a client that has gone. */
const GRACE = 10_000

/** All lanes of a connection, in place or dealt to threads; batches are written into one memory. */
export class Fleet {
  readonly layout: Layout
  readonly config: object
  readonly seats: number
  /** Of this connection, so that its episodes have names of their own. */
  readonly #name = randomUUID().slice(0, 8)
  readonly #lanes: number
  readonly #memory: SharedArrayBuffer
  readonly #actions: Int32Array
  /** Of the last batch: which seats decide now. */
  readonly #acting: Uint8Array
  readonly #names: number
  readonly #part: Part | undefined
  readonly #pool: Pool | undefined
  /** First lane of each thread's part, and the number of lanes. */
  readonly #bounds: readonly number[]
  #leave: () => void = () => {}
  #opened = false

  private constructor(env: Env, open: Open, options: FleetOptions) {
    if (open.record > 0 && !options.book)
      throw new UserError('open: this server records nothing; it does with --record')
    const configs = configsOf(env, open, options.levels)
    this.config = configs[0]
    this.layout = layoutOf(env, this.config, open)
    this.seats = env.seats(this.config)
    this.#lanes = open.lanes
    this.#memory = new SharedArrayBuffer(this.layout.bytes)
    const acting = this.layout.sections.find(({ name }) => name === 'acting')!
    this.#acting = numbersOf(this.#memory, acting, 0, open.lanes) as Uint8Array
    this.#acting.fill(1)
    this.#names = env.actions(this.config).length
    const actions = new SharedArrayBuffer(4 * open.lanes * this.seats)
    this.#actions = new Int32Array(actions)
    const threads = threadsOf(open, options)
    this.#bounds = Array.from({ length: threads + 1 }, (_, i) =>
      Math.floor((i * open.lanes) / Math.max(1, threads)),
    )
    if (threads === 0) {
      this.#part = new Part(env, open, this.#memory, 0, open.lanes, configs, this.#name, options.book)
      return
    }
    this.#pool = new Pool(options.work, { threads, perClient: 4 * threads, most: 4 * threads }, () => {})
  }

  /** @throws UserError for what cannot be played, and once `gone` says that nobody waits for it. */
  static async open(env: Env, open: Open, options: FleetOptions, gone: AbortSignal): Promise<Fleet> {
    const { room } = options
    // Before memory is taken, as far as it is known by then.
    const threads = threadsOf(open, options)
    const { bytes } = layoutOf(env, configsOf(env, open, options.levels)[0], open)
    let leave = room?.take({ states: 0, stateBytes: 0, batchBytes: bytes, threads })
    let fleet: Fleet
    try {
      fleet = new Fleet(env, open, options)
    } catch (error) {
      leave?.()
      throw error
    }
    const prepare = async (): Promise<void> => {
      if (room) {
        const weight = (await fleet.#one(0, { do: 'weigh', open })) as Weight
        leave?.()
        leave = room.take({
          states: open.lanes + Math.max(open.starts, options.levels?.length ?? 0),
          stateBytes: weight.state,
          batchBytes: bytes + (fleet.layout.text ? open.lanes * weight.text : 0),
          threads,
        })
      }
      await fleet.#all((thread) => ({
        do: 'open',
        open,
        memory: fleet.#memory,
        actions: fleet.#actions.buffer as SharedArrayBuffer,
        from: fleet.#bounds[thread],
        to: fleet.#bounds[thread + 1],
        name: fleet.#name,
      }))
    }
    let tell = () => {}
    const left = new Promise<never>((_, reject) => {
      tell = () => reject(new UserError('the client has gone'))
      if (gone.aborted) tell()
      gone.addEventListener('abort', tell)
    })
    try {
      await Promise.race([prepare(), left])
    } catch (error) {
      await fleet.close()
      leave?.()
      throw error
    } finally {
      gone.removeEventListener('abort', tell)
    }
    fleet.#leave = () => leave?.()
    fleet.#opened = true
    return fleet
  }

  /** @throws UserError for lanes that there are not. */
  async reset(seeds?: readonly (string | null)[], lanes?: readonly number[]): Promise<Message> {
    if (seeds && seeds.length !== this.#lanes)
      throw new UserError(`reset: there are ${this.#lanes} lanes, but ${seeds.length} seeds`)
    if (lanes && lanes.length > this.#lanes)
      throw new UserError(`reset: there are ${this.#lanes} lanes, but ${lanes.length} are named`)
    const odd = lanes?.find((lane) => lane >= this.#lanes)
    if (odd !== undefined) throw new UserError(`reset: there is no lane ${odd}, only ${this.#lanes}`)
    if (this.#part) return this.#batch([this.#part.reset(seeds, lanes)])
    return this.#batch(await this.#all(() => ({ do: 'reset', seeds, lanes })))
  }

  /** @param actions int32, [lanes, seats]. @throws UserError for actions that are none. */
  step(actions: Uint8Array): Message | Promise<Message> {
    const wanted = 4 * this.#actions.length
    if (actions.length !== wanted)
      throw new UserError(
        `step: ${this.#lanes} lanes of ${this.seats} seats take ${wanted} bytes of int32 (got ${actions.length})`,
      )
    new Uint8Array(this.#actions.buffer).set(actions)
    this.#check()
    if (this.#part) return this.#batch([this.#part.step(this.#actions)])
    return this.#all(() => ({ do: 'step' })).then((parts) => this.#batch(parts))
  }

  async render(job: { lane: number; seat: number; width: number; height: number }): Promise<Message> {
    const { lane, seat, width, height } = job
    const pixels = this.#part
      ? this.#part.render(lane, seat, width, height)
      : ((await this.#one(lane, { do: 'render', ...job })) as Uint8Array)
    return { kind: KIND.picture, payload: pixels }
  }

  async save(lane: number): Promise<Message> {
    const bytes = this.#part
      ? this.#part.save(lane)
      : ((await this.#one(lane, { do: 'save', lane })) as Uint8Array)
    return { kind: KIND.saved, payload: bytes }
  }

  /** @param payload the lane as u32, then what `save` gave. */
  async load(payload: Uint8Array): Promise<Message> {
    if (payload.length < 4) throw new UserError('load: a lane in 4 bytes and a saved state')
    const lane = new DataView(payload.buffer, payload.byteOffset).getUint32(0, true)
    const bytes = payload.slice(4)
    if (lane >= this.#lanes) throw new UserError(`load: there is no lane ${lane}, only ${this.#lanes}`)
    if (this.#part) return this.#batch([this.#part.load(lane, bytes)])
    // Every part is looked at anew: a batch is always of all lanes.
    const parts = await this.#all((thread) =>
      thread === this.#threadOf(lane) ? { do: 'load', lane, bytes } : { do: 'reset', lanes: [] },
    )
    return this.#batch(parts)
  }

  async describe(lane: number): Promise<object> {
    if (this.#part) return this.#part.describe(lane)
    return (await this.#one(lane, { do: 'describe', lane })) as object
  }

  async close(): Promise<void> {
    this.#part?.close()
    if (this.#pool && this.#opened) {
      // Who asked for what takes hours and went is not waited for.
      const over = this.#all(() => ({ do: 'close' })).catch(() => {})
      await Promise.race([over, sleep(GRACE, undefined, { ref: false })])
    }
    await this.#pool?.close()
    this.#leave()
  }

  /** Before any thread steps: what one lane refuses, none plays. @throws UserError naming lane, seat and action. */
  #check(): void {
    const { seats } = this
    for (const [i, action] of this.#actions.entries()) {
      if (this.#acting[i] === 0 || (action >= 0 && action < this.#names)) continue
      const place = `lane ${Math.floor(i / seats)}, seat ${i % seats}`
      throw new UserError(`step: ${place}: action ${action} is not one of 0 to ${this.#names - 1}`)
    }
  }

  #threadOf(lane: number): number {
    return this.#bounds.findLastIndex((from) => from <= lane)
  }

  async #all(job: (thread: number) => VecJob): Promise<Loose[]> {
    const pool = this.#pool
    if (!pool) return []
    const threads = this.#bounds.slice(0, -1)
    return Promise.all(threads.map((_, thread) => pool.ask('', job(thread), { thread }) as Promise<Loose>))
  }

  async #one(lane: number, job: VecJob): Promise<unknown> {
    if (lane >= this.#lanes) throw new UserError(`there is no lane ${lane}, only ${this.#lanes}`)
    return this.#pool!.ask('', job, { thread: this.#threadOf(lane) })
  }

  /** Head, sections, then what has no fixed size. */
  #batch(parts: readonly Loose[]): Message {
    const { layout } = this
    const ended = parts.flatMap((part) => [...part.ended])
    const loose: Uint8Array[] = []
    if (ended.length > 0) {
      loose.push(padded(new Uint8Array(Int32Array.from(ended).buffer)))
      for (let i = 0; i < layout.observations.length; i++)
        loose.push(padded(joined(parts.flatMap((part) => part.finals[i] ?? []))))
    }
    const texts = layout.text
      ? [...parts.flatMap((part) => part.texts), ...parts.flatMap((part) => part.finalTexts)]
      : []
    const text = layout.text ? textsIn(texts) : new Uint8Array(0)
    const head = new DataView(this.#memory)
    head.setUint32(0, ended.length, true)
    head.setUint32(4, text.length, true)
    const fixed = new Uint8Array(this.#memory)
    const payload = loose.length + text.length === 0 ? fixed : joined([fixed, ...loose, text])
    return { kind: KIND.batch, payload }
  }
}

/** How many threads play. */
function threadsOf(open: Open, { room }: FleetOptions): number {
  return Math.min(Math.max(open.threads, room ? 1 : 0), open.lanes)
}

/** Lengths as u32, then UTF-8. */
function textsIn(texts: readonly string[]): Uint8Array {
  const encoder = new TextEncoder()
  const bytes = texts.map((text) => encoder.encode(text))
  return joined([new Uint8Array(Uint32Array.from(bytes, ({ length }) => length).buffer), ...bytes])
}

/** Filled up to a multiple of 8 bytes. */
function padded(bytes: Uint8Array): Uint8Array {
  if (bytes.length % 8 === 0) return bytes
  const out = new Uint8Array((bytes.length + 7) & ~7)
  out.set(bytes)
  return out
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    out.set(part, at)
    at += part.length
  }
  return out
}
