import path from 'node:path'
import { UserError } from '#core/base/errors'
import { Desk, type Owner } from './desk.ts'
import { WireFailure } from './errors.ts'
import type { Play, Played } from './host.ts'
import type { Pool } from './pool.ts'
import type { ResetData } from './reset.ts'
import type { Share } from './share.ts'

const EPISODES_PER_SEGMENT = 100

export interface HouseOptions {
  /** Episodes without a seed get `<seed>/<how many were begun before>`. */
  readonly seed: string
  /** Most environments at once, over connections and over HTTP each. */
  readonly sessions: number
  /** A run folder for the record of every episode, so that they can be watched. */
  readonly record?: string
  /** Which of several processes that serve together this is. */
  readonly share?: Share
}

/** One environment in a thread, and the episode it plays. */
export interface Player extends Owner {
  /** Who asks, by address. */
  readonly client: string
  /** Where it plays; nothing before its first reset. */
  place?: Place
  /** The id of its episode was made here, so that whoever knows it was told. */
  made?: boolean
  /** Its connection broke off: the episode waits for whoever takes it up. */
  left?: boolean
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
  private readonly desk: Desk<Player>
  private readonly read: (data: unknown) => ResetData
  /**
   * Who plays without a connection, by episode, the one used last at the end: who began over HTTP, and whose connection
   * broke off. An episode that is over can still be looked at.
   */
  private readonly byHttp = new Map<string, Player>()
  private begun = 0
  private sessions = 0

  /** @param read reads what a reset is asked. @throws UserError for what it cannot read. */
  constructor(pool: Pool, options: HouseOptions, read: (data: unknown) => ResetData) {
    this.pool = pool
    this.options = options
    this.read = read
    this.desk = new Desk(options.share)
  }

  /** Begins an episode and forgets it. @throws UserError when none can be begun. */
  async tryOut(): Promise<void> {
    const player: Player = { client: '' }
    await this.play(player, this.newPlace(), { do: 'reset', data: {}, episode: '', seed: this.options.seed })
  }

  /** @throws UserError, WireFailure; the player then still plays what it played. */
  async reset(player: Player, data: unknown): Promise<Played & { readonly episode: string }> {
    const { episode_id: chosen, resume, ...given } = this.read(data)
    if (resume) return this.resume(player, chosen, given.request_id)
    const { seed: seeds, record, share = { index: 0, of: 1 } } = this.options
    const before = chosen === undefined ? undefined : this.byHttp.get(chosen)
    if (before?.left) this.forget(chosen!, before)
    const episode = this.desk.claim(player, chosen)
    const number = this.begun++ * share.of + share.index
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
      player.made = chosen === undefined
      if (played.done) this.desk.end(player)
      return { ...played, episode }
    } catch (error) {
      this.desk.giveUp(player, episode)
      throw error
    }
  }

  /** Goes on in an episode whose client is gone; one whose id was made here is given to whoever knows it. */
  private async resume(
    player: Player,
    episode: string | undefined,
    request: string | undefined,
  ): Promise<Played & { readonly episode: string }> {
    if (episode === undefined) throw new UserError('reset: resume needs an episode_id')
    const alone = this.byHttp.get(episode)
    const connected = this.desk.owner(episode)
    const before = alone ?? (connected === player || connected?.made ? connected : undefined)
    if (!before) {
      const told = JSON.stringify(episode.slice(0, 100))
      throw new UserError(
        `no episode ${told} to resume: it was never begun, is over, made room, or is being played`,
      )
    }
    const played = await this.play(before, before.place, { do: 'again', request })
    if (before !== player) {
      this.leave(player)
      this.byHttp.delete(episode)
      const { place, made } = before
      if (before.episode !== undefined) this.desk.hand(before, player)
      before.place = undefined
      Object.assign(player, { place, made, left: false })
    }
    return { ...played, episode }
  }

  async step(player: Player, action: unknown, request?: string): Promise<Played> {
    const played = await this.play(player, player.place, { do: 'step', action, request })
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

  /** Its connection broke off: the episode waits for its client, as long as there is room. */
  breakOff(player: Player): void {
    const { episode } = player
    if (episode === undefined) this.leave(player)
    else {
      player.left = true
      this.keep(episode, player)
    }
  }

  /** Begins an episode over HTTP; one that is over makes room, else the one that was left longest. */
  async resetOverHttp(client: string, data: unknown): Promise<Played> {
    const player: Player = { client }
    const played = await this.reset(player, data)
    this.keep(played.episode, player)
    return played
  }

  private keep(episode: string, player: Player): void {
    this.touch(episode, player)
    if (this.byHttp.size <= this.options.sessions) return
    const [oldest] = this.byHttp
    this.forget(...([...this.byHttp].find(([, { episode }]) => episode === undefined) ?? oldest))
  }

  private forget(episode: string, player: Player): void {
    this.leave(player)
    this.byHttp.delete(episode)
  }

  /**
   * Who plays the episode of that name, or without one the only episode that is open.
   * @throws UserError when there is none, WireFailure CONFLICT when several are open.
   */
  overHttp(episode: string | null | undefined): Player {
    const begun = [...this.byHttp].filter(([, player]) => !player.left)
    const open = begun.filter(([, player]) => player.episode !== undefined)
    if (episode == null && open.length > 1) {
      throw new WireFailure('CONFLICT', `${open.length} episodes are open: say which by its episode_id`)
    }
    const name = episode ?? open[0]?.[0] ?? begun.at(-1)?.[0]
    if (name === undefined) throw new UserError('no episode: POST /reset first')
    const player = this.byHttp.get(name)
    if (!player) {
      const told = JSON.stringify(name.slice(0, 100))
      throw new UserError(`no episode ${told}: it was never begun, or made room`)
    }
    this.touch(name, player)
    player.left = false
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
