import { games } from '../games.ts'
import * as api from '../net/api.ts'
import type { Arrow, LookAnswer, LookAsk, PlayedSoFar, Sight, Whose } from './looking.ts'

/** Asks a worker to look through an agent's eyes. */
export class Lookout {
  #worker: Worker | null = null
  #next = 0
  /** The run whose model the worker has. */
  #sent = ''
  readonly #waiting = new Map<number, { resolve(answer: LookAnswer): void; reject(error: Error): void }>()

  /** What of an observation made a model write the answered action number `index`. @throws Error in words for people. */
  async sight(
    whose: Whose,
    played: PlayedSoFar,
    { response, index }: Pick<LookAsk, 'response' | 'index'>,
  ): Promise<Sight> {
    const answer = await this.#ask({
      whose: await this.#known(whose),
      played,
      what: 'sight',
      response,
      index,
    })
    if ('sight' in answer) return answer.sight
    throw new Error('no answer')
  }

  /** What would be played from wherever the seat could stand. @throws Error in words for people. */
  async field(whose: Whose, played: PlayedSoFar): Promise<readonly Arrow[]> {
    const answer = await this.#ask({ whose: await this.#known(whose), played, what: 'field' })
    if ('field' in answer) return answer.field
    throw new Error('no answer')
  }

  /** Models that come with Kickpush. */
  async models(): Promise<readonly string[]> {
    const played = { env: '', config: {}, seed: '', seat: 0, steps: [], turns: [] }
    const answer = await this.#ask({ whose: { script: '' }, played, what: 'models' })
    return 'models' in answer ? answer.models : []
  }

  dispose(): void {
    this.#worker?.terminate()
    for (const one of this.#waiting.values()) one.reject(new Error('gone'))
    this.#waiting.clear()
  }

  /** With the model of a run where the worker has another. */
  async #known(whose: Whose): Promise<Whose> {
    if (!('run' in whose)) {
      if ('shipped' in whose) this.#sent = ''
      return whose
    }
    if (this.#sent === whose.run) return whose
    const bytes = await api.model(whose.run)
    this.#sent = whose.run
    return { run: whose.run, bytes }
  }

  #ask(given: Omit<LookAsk, 'id' | 'files'>): Promise<LookAnswer> {
    if (!this.#worker) {
      this.#worker = new Worker(new URL('../lab/eyes.ts', import.meta.url), { type: 'module' })
      this.#worker.onmessage = ({ data }: MessageEvent<LookAnswer>) => {
        const one = this.#waiting.get(data.id)
        this.#waiting.delete(data.id)
        if ('error' in data) one?.reject(new Error(data.error))
        else one?.resolve(data)
      }
      this.#worker.onerror = (event) => {
        event.preventDefault()
        for (const one of this.#waiting.values())
          one.reject(new Error(event.message || 'The model cannot be loaded.'))
        this.#waiting.clear()
      }
    }
    const id = this.#next++
    const ask: LookAsk = { ...given, id, files: games.files }
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject })
      this.#worker?.postMessage(ask)
    })
  }
}
