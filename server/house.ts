import path from 'node:path'
import { UserError } from '#core/base/errors'
import { parse } from '#core/env/config'
import { Desk, type Owner } from './desk.ts'
import { WireFailure } from './errors.ts'
import { ResetData } from './exchange.ts'
import type { Play, Played } from './host.ts'
import type { Pool } from './pool.ts'

const EPISODES_PER_SEGMENT = 100

export interface HouseOptions {
  /** Episodes without a seed get `<seed>/<how many were begun before>`. */
  readonly seed: string
  /** Most environments at once, over connections and over HTTP each. */
  readonly sessions: number
  /** A run folder for the record of every episode, so that they can be watched. */
  readonly record?: string
}

/** One environment in a thread, and the episode it plays. */
export interface Player extends Owner {
  /** Who asks, by address. */
  readonly client: string
  /** Where it plays; nothing before its first reset. */
  place?: Place
}

interface Place {
  readonly thread: number
  readonly life: number
  readonly session: number
}

/** Hands out environments, the names of their episodes, and threads that play them. */
export class House {
  /** Connections that have an environment. */
  connected = 0
  private readonly pool: Pool
  private readonly options: HouseOptions
  private readonly desk = new Desk<Player>()
  /** Who began over HTTP, by episode, the one used last at the end; an episode that is over can still be looked at. */
  private readonly byHttp = new Map<string, Player>()
  private begun = 0
  private sessions = 0

  constructor(pool: Pool, options: HouseOptions) {
    this.pool = pool
    this.options = options
  }

  /** Begins an episode and forgets it. @throws UserError when none can be begun. */
  async tryOut(): Promise<void> {
    const player: Player = { client: '' }
    await this.play(player, this.newPlace(), { do: 'reset', data: {}, episode: '', seed: this.options.seed })
  }

  /** @throws UserError, WireFailure; the player then still plays what it played. */
  async reset(player: Player, data: unknown): Promise<Played & { readonly episode: string }> {
    const given = parse(ResetData, data, 'reset')
    const { seed: seeds, record } = this.options
    const episode = this.desk.claim(player, given.episode_id)
    const number = this.begun++
    const place = this.newPlace()
    try {
      const played = await this.play(player, place, {
        do: 'reset',
        data: given,
        episode,
        seed: `${given.seed ?? `${seeds}/${number}`}`,
        record: record && path.join(record, 'episodes', `${Math.floor(number / EPISODES_PER_SEGMENT)}.jsonl`),
      })
      this.desk.begin(player, episode)
      this.leavePlace(player)
      player.place = place
      if (played.done) this.desk.end(player)
      return { ...played, episode }
    } catch (error) {
      this.desk.giveUp(player, episode)
      throw error
    }
  }

  async step(player: Player, action: unknown): Promise<Played> {
    const played = await this.play(player, player.place, { do: 'step', action })
    if (played.done) this.desk.end(player)
    return played
  }

  state(player: Player): Promise<Played> {
    return this.play(player, player.place, { do: 'state' })
  }

  leave(player: Player): void {
    this.desk.end(player)
    this.leavePlace(player)
  }

  /** Begins an episode over HTTP; one that is over makes room, else the one that was left longest. */
  async resetOverHttp(client: string, data: unknown): Promise<Played> {
    const player: Player = { client }
    const played = await this.reset(player, data)
    this.touch(played.episode, player)
    if (this.byHttp.size > this.options.sessions) {
      const [oldest] = this.byHttp
      const [episode, left] = [...this.byHttp].find(([, { episode }]) => episode === undefined) ?? oldest
      this.leave(left)
      this.byHttp.delete(episode)
    }
    return played
  }

  /**
   * Who plays the episode of that name, or without one the only episode that is open.
   * @throws UserError when there is none, WireFailure CONFLICT when several are open.
   */
  overHttp(episode: string | null | undefined): Player {
    const open = [...this.byHttp].filter(([, player]) => player.episode !== undefined)
    if (episode == null && open.length > 1) {
      throw new WireFailure('CONFLICT', `${open.length} episodes are open: say which by its episode_id`)
    }
    const name = episode ?? open[0]?.[0] ?? [...this.byHttp.keys()].at(-1)
    if (name === undefined) throw new UserError('no episode: POST /reset first')
    const player = this.byHttp.get(name)
    if (!player) {
      const told = JSON.stringify(name.slice(0, 100))
      throw new UserError(`no episode ${told}: it was never begun, or made room`)
    }
    this.touch(name, player)
    return player
  }

  private touch(episode: string, player: Player): void {
    const before = this.byHttp.get(episode)
    if (before && before !== player) this.leave(before)
    this.byHttp.delete(episode)
    this.byHttp.set(episode, player)
  }

  /** A new environment, in the thread that has least to do: a reset that takes long keeps few others waiting. */
  private newPlace(): Place {
    const thread = this.pool.freest()
    return { thread, life: this.pool.life(thread), session: this.sessions++ }
  }

  private leavePlace({ place }: Player): void {
    if (place) this.pool.tell(place.thread, { do: 'leave', session: place.session } satisfies Play)
  }

  private async play(player: Player, place: Place | undefined, play: Asked): Promise<Played> {
    if (!place) throw new UserError('no episode: reset first')
    const { thread, life, session } = place
    if (play.do !== 'reset' && life !== this.pool.life(thread)) {
      this.desk.end(player)
      throw new UserError('the episode was lost with the thread that played it: reset to play another')
    }
    return (await this.pool.ask(player.client, { ...play, session }, { thread })) as Played
  }
}

/** A job without its session. */
type Asked = Play extends infer P ? (P extends Play ? Omit<P, 'session'> : never) : never
