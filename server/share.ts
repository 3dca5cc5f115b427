import { hashText } from '#core/base/hash'

/** One of several processes that serve at one port. */
export interface Share {
  /** From 0. */
  readonly index: number
  readonly of: number
}

/** Which process plays an episode: all of them know by its id. */
export function ownerOf(episode: string, of: number): number {
  return of === 1 ? 0 : Number.parseInt(hashText(episode).slice(0, 8), 16) % of
}
