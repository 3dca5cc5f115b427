import type { Mark, Moments } from './film.ts'
import type { Player } from './player.ts'

/** Seconds of play before a moment that one jumps to. */
const LEAD = 3

/** Goes from moment to moment of an episode. */
export class Jumps {
  readonly #film: Moments
  readonly #player: Player
  /** The moment one was brought to last, while one is still on the way to it. */
  #last: Mark | null = null

  constructor(film: Moments, player: Player) {
    this.#film = film
    this.#player = player
  }

  /**
   * To the next moment (1) or the one before (-1) of those that `wanted` lets through, round and round. A game with a
   * pace of its own is played towards it for a few seconds: after a goal its players already stand elsewhere.
   */
  go(direction: 1 | -1, wanted: (mark: Mark) => boolean): void {
    const marks = this.#film.marks.filter(wanted).toSorted((a, b) => a.t - b.t)
    const here = this.#here()
    const next =
      direction > 0
        ? (marks.find(({ t }) => t > here) ?? marks[0])
        : (marks.findLast(({ t }) => t < here) ?? marks.at(-1))
    if (next) this.to(next)
  }

  to(mark: Mark): void {
    const lead = this.#film.hurried ? Math.round(LEAD * this.#film.pace) : 0
    this.#player.seek(Math.max(0, mark.t - lead))
    this.#player.playing.value = lead > 0
    this.#player.wake()
    this.#last = mark
  }

  /** Where one is; on the way to a moment, that moment. */
  #here(): number {
    const at = this.#player.at.value
    const lead = this.#film.hurried ? LEAD * this.#film.pace : 0
    const last = this.#last
    return last && at >= last.t - lead && at <= last.t ? last.t : at
  }
}
