import { resolveConfig } from '#core/env/config'
import type { Env } from '#core/env/env'
import { play } from '#core/play/play'
import { Conversation, type Policy } from '#core/play/policy'
import { Film } from '../episode/film.ts'
import { keepFilm, LOCAL } from '../episode/films.ts'
import { games } from '../games.ts'
import type { Answer, Question } from './answer.ts'

/** Solves levels one after the other in a worker. */
export class Solver {
  #worker: Worker | null = null
  readonly #waiting: { question: Question; tell: (answer: Answer) => void }[] = []

  /** `tell` hears what came of it, unless it is stopped before. */
  solve(question: Question, tell: (answer: Answer) => void): void {
    this.#waiting.push({ question, tell })
    if (this.#waiting.length === 1) this.#next()
  }

  /** Levels that are still to be solved. */
  get left(): number {
    return this.#waiting.length
  }

  stop(): void {
    this.#worker?.terminate()
    this.#worker = null
    this.#waiting.length = 0
  }

  #next(): void {
    const [first] = this.#waiting
    if (!first) return
    const over = (answer: Answer) => {
      this.#waiting.shift()
      first.tell(answer)
      this.#next()
    }
    this.#worker ??= new Worker(new URL('./solver.ts', import.meta.url), { type: 'module' })
    this.#worker.onmessage = ({ data }: MessageEvent<Answer>) => over(data)
    this.#worker.onerror = (event) => {
      event.preventDefault()
      over({ number: first.question.number, steps: null, least: null })
    }
    this.#worker.postMessage({ ...first.question, files: games.files })
  }
}

/** The steps of a solution as an episode like any other, kept while the page lives. */
export async function filmOf(
  env: Env,
  config: Readonly<Record<string, unknown>>,
  seed: string,
  steps: readonly (readonly number[])[],
): Promise<Film> {
  const film = new Film(`${LOCAL}solution-${env.id}-${Date.now().toString(36)}`)
  const expert: Policy = {
    id: 'expert',
    act: async (requests) =>
      requests.map(({ state, seat }) => ({
        valid: true,
        actions: steps
          .slice(state.t, requests.length === 1 ? undefined : state.t + 1)
          .map((row) => row[seat]),
      })),
  }
  const resolved = resolveConfig(env, config)
  const conversation = Conversation.parse({ modality: 'both', actionsPerTurn: 100, maxTurns: 10_000 })
  const policies = Array.from({ length: env.seats(resolved) }, () => expert)
  const match = { episode: film.id.slice(LOCAL.length), env, config: resolved, seed, policies, conversation }
  keepFilm(film)
  await play([match], { onEvent: (event) => film.push([event], false) })
  return film
}
