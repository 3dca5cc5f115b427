import { shown, UserError } from '#core/base/errors'
import { KICKPUSH } from '#core/base/version'
import { parse } from '#core/env/config'
import type { Env } from '#core/env/env'
import { WireFailure } from '../errors.ts'
import { Fleet, type FleetOptions } from './fleet.ts'
import { json, KIND, type Message, OfLane, Open, Render, Reset, VEC_PROTOCOL } from './wire.ts'

export interface TalkOptions extends FleetOptions {
  readonly find: (id: string) => Env
  /** What every `open` is filled up with. */
  readonly defaults: Readonly<Record<string, unknown>>
  readonly log: (line: string) => void
}

/** One client: opens lanes, then plays them; a message at a time, each with one answer. */
export class Talk {
  readonly #options: TalkOptions
  #fleet: Fleet | undefined
  readonly #gone = new AbortController()

  constructor(options: TalkOptions) {
    this.#options = options
  }

  /** Never fails: what is wrong is the answer. */
  async answer(message: Message): Promise<Message> {
    try {
      return await this.#answer(message)
    } catch (error) {
      const known = error instanceof UserError || error instanceof WireFailure
      if (!known) this.#options.log(`vec-server: ${error instanceof Error ? error.stack : String(error)}`)
      const code = error instanceof WireFailure ? error.code : known ? 'BAD_REQUEST' : 'INTERNAL'
      return json(KIND.error, { code, message: (error as Error).message })
    }
  }

  /** Whether there are lanes. */
  get isOpen(): boolean {
    return this.#fleet !== undefined
  }

  async close(): Promise<void> {
    this.#gone.abort()
    await this.#leave()
  }

  async #leave(): Promise<void> {
    const fleet = this.#fleet
    this.#fleet = undefined
    await fleet?.close()
  }

  async #answer({ kind, payload }: Message): Promise<Message> {
    if (kind === KIND.open) return this.#open(payload)
    const fleet = this.#fleet
    if (!fleet) throw new UserError('the first message opens lanes')
    switch (kind) {
      case KIND.step:
        return fleet.step(payload)
      case KIND.reset: {
        const { seeds, lanes } = parse(Reset, read(payload), 'reset')
        return fleet.reset(seeds, lanes)
      }
      case KIND.render:
        return fleet.render(parse(Render, read(payload), 'render'))
      case KIND.save:
        return fleet.save(parse(OfLane, read(payload), 'save').lane)
      case KIND.load:
        return fleet.load(payload)
      case KIND.describe:
        return json(KIND.described, await fleet.describe(parse(OfLane, read(payload), 'describe').lane))
      default:
        throw new UserError(`a message of kind ${shown(kind)}; there are ${KIND.open} to ${KIND.describe}`)
    }
  }

  async #open(payload: Uint8Array): Promise<Message> {
    const { find, defaults } = this.#options
    const given = read(payload)
    const open = parse(Open, { ...defaults, ...Object(given) }, 'open')
    const env = find(open.env)
    await this.#leave()
    const fleet = await Fleet.open(env, open, this.#options, this.#gone.signal)
    this.#fleet = fleet
    const { layout, config, seats } = fleet
    return json(KIND.spec, {
      protocol: VEC_PROTOCOL,
      kickpush: KICKPUSH,
      env: { id: env.id, title: env.title, version: env.version, look: env.look },
      config,
      lanes: open.lanes,
      mode: open.mode,
      seats,
      actions: env.actions(config),
      turns: env.toAct !== undefined,
      frame: env.frame(config),
      observations: [...new Set(open.observations)],
      bytes: layout.bytes,
      sections: layout.sections,
    })
  }
}

function read(payload: Uint8Array): unknown {
  try {
    return payload.length === 0 ? {} : JSON.parse(new TextDecoder().decode(payload))
  } catch {
    throw new UserError('the payload is not JSON')
  }
}
