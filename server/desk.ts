import { randomUUID } from 'node:crypto'
import { WireFailure } from './errors.ts'
import { ownerOf, type Share } from './share.ts'

/** One who plays an episode: a connection, or the one who reset over HTTP and knows its id. */
export interface Owner {
  /** The episode in play, by the id that its owner and its record call it. */
  episode?: string
}

/**
 * Whose every episode in play is. Ids made here are random, so that nobody plays on in an episode by guessing; an
 * id that a client chose belongs to whoever began it until that episode is over.
 */
export class Desk<O extends Owner> {
  /** Owners by the episode they play, or are about to. */
  private readonly playing = new Map<string, O>()
  private readonly share: Share | undefined

  /** @param share which of several processes this is: ids that it makes are its own. */
  constructor(share?: Share) {
    this.share = share
  }

  /**
   * Keeps an id for an episode that `owner` is about to begin; until then it has the one it had.
   * @throws WireFailure CONFLICT when somebody else is playing `chosen`.
   */
  claim(owner: O, chosen?: string | null): string {
    const episode = chosen ?? this.newId()
    const other = this.playing.get(episode)
    if (other !== undefined && other !== owner) {
      throw new WireFailure(
        'CONFLICT',
        `episode ${JSON.stringify(episode.slice(0, 100))} is being played by another: choose another id, or none`,
      )
    }
    this.playing.set(episode, owner)
    return episode
  }

  /** Who plays an episode, or is about to. */
  owner(episode: string): O | undefined {
    return this.playing.get(episode)
  }

  /** The episode of one becomes another's, in place of the one that had. */
  hand(from: O, to: O): void {
    const { episode } = from
    this.end(to)
    from.episode = undefined
    to.episode = episode
    if (episode !== undefined) this.playing.set(episode, to)
  }

  /** The episode claimed begins, in place of the one its owner had. */
  begin(owner: O, episode: string): void {
    if (owner.episode !== episode) this.end(owner)
    owner.episode = episode
  }

  /** The episode claimed does not begin. */
  giveUp(owner: O, episode: string): void {
    if (owner.episode !== episode) this.playing.delete(episode)
  }

  /** The episode of `owner` is over, or was left: its id is free again. */
  end(owner: O): void {
    if (owner.episode !== undefined) this.playing.delete(owner.episode)
    owner.episode = undefined
  }

  private newId(): string {
    for (;;) {
      const id = randomUUID()
      if (!this.share || ownerOf(id, this.share.of) === this.share.index) return id
    }
  }
}
