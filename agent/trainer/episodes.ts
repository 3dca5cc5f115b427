import type { Store } from '#core/base/store'
import { writeLine } from '#core/record/jsonl'
import type { RecordEvent } from '#core/record/record'

/**
 * Writes the episodes of a segment one after the other, in an order known before they are played, so that its bytes do
 * not depend on who plays them when. The first streams as it happens; the others wait for their turn.
 */
export class EpisodeLog {
  readonly #store: Store
  readonly #file: string
  /** Episodes not yet wholly passed on, in order, with the lines that wait. */
  readonly #episodes: Map<string, { lines: string; over: boolean }>
  #unwritten = ''
  #writing: Promise<void> | null = null
  #failure: unknown

  constructor(store: Store, file: string, order: readonly string[]) {
    this.#store = store
    this.#file = file
    this.#episodes = new Map(order.map((episode) => [episode, { lines: '', over: false }]))
  }

  /** Takes the next event of an episode. @throws Error for one that is not in the order, or over. */
  take(event: RecordEvent): void {
    const episode = this.#episodes.get(event.episode)
    if (!episode || episode.over) throw new Error(`${this.#file} awaits no event of episode ${event.episode}`)
    episode.lines += writeLine(event)
    episode.over = event.type === 'end'
    for (const [name, waiting] of this.#episodes) {
      this.#unwritten += waiting.lines
      waiting.lines = ''
      if (!waiting.over) break
      this.#episodes.delete(name)
    }
    if (this.#unwritten && this.#failure === undefined) this.#writing ??= this.#write()
  }

  /** Resolves when all that was taken is written. @throws StoreError */
  async end(): Promise<void> {
    await this.#writing
    if (this.#failure !== undefined) throw this.#failure
  }

  /** What comes during an append goes with the next one. */
  async #write(): Promise<void> {
    try {
      while (this.#unwritten) {
        const text = this.#unwritten
        this.#unwritten = ''
        await this.#store.append(this.#file, text)
      }
    } catch (error) {
      this.#failure = error
    } finally {
      this.#writing = null
    }
  }
}
