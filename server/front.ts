import { z } from 'zod'
import { parse } from '#core/env/config'
import { WireFailure } from './errors.ts'
import type { Played } from './host.ts'
import type { House } from './house.ts'
import { askPeer, type Peers } from './peers.ts'
import type { ResetData } from './reset.ts'
import { ownerOf } from './share.ts'

const StepRequest = z.looseObject({
  action: z.record(z.string(), z.unknown()),
  episode_id: z.string().nullish().describe('the episode of a reset; needed when several are open'),
  request_id: z.string().max(255).nullish().describe('comes back in the observation'),
})

/** Episodes that go on under their ids, in whichever process they are played. */
export class Front {
  private readonly house: House
  private readonly read: (data: unknown) => ResetData
  private readonly peers: Peers | undefined

  /** @param peers the other processes; without, everything is played here. */
  constructor(house: House, read: (data: unknown) => ResetData, peers?: Peers) {
    this.house = house
    this.read = read
    this.peers = peers
  }

  /** @throws UserError, WireFailure. */
  async reset(client: string, data: unknown): Promise<Played> {
    const peer = this.ownerOf(data)
    return peer === undefined
      ? this.house.resetOverHttp(client, data)
      : askPeer(this.peers!, peer, '/reset', data)
  }

  /** @throws UserError, WireFailure. */
  async step(data: unknown): Promise<Played> {
    const { action, episode_id, request_id } = parse(StepRequest, data, 'request')
    const peer = this.elsewhere(this.named(episode_id))
    if (peer !== undefined) return askPeer(this.peers!, peer, '/step', data)
    return this.house.step(this.house.overHttp(episode_id), action, request_id ?? undefined)
  }

  /** @throws UserError, WireFailure. */
  async state(episode: string | null | undefined): Promise<Played> {
    const peer = this.elsewhere(this.named(episode))
    const query = `/state?episode_id=${encodeURIComponent(episode ?? '')}`
    return peer === undefined
      ? this.house.state(this.house.overHttp(episode))
      : askPeer(this.peers!, peer, query)
  }

  /** The other process that plays what a reset asks for; undefined for this one. @throws UserError. */
  ownerOf(data: unknown): number | undefined {
    return this.elsewhere(this.read(data).episode_id)
  }

  private elsewhere(episode: string | null | undefined): number | undefined {
    if (episode == null || !this.peers) return undefined
    const owner = ownerOf(episode, this.peers.of)
    return owner === this.peers.index ? undefined : owner
  }

  private named(episode: string | null | undefined): string | null | undefined {
    const { of = 1 } = this.peers ?? {}
    if (episode != null || of === 1) return episode
    throw new WireFailure('CONFLICT', `${of} processes serve here: say which episode by its episode_id`)
  }
}
