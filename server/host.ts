import { appendFileSync } from 'node:fs'
import path from 'node:path'
import { writeLine } from '#core/record/jsonl'
import type { RecordEvent } from '#core/record/record'
import { answerJobs } from './jobs.ts'
import type { ResetData } from './reset.ts'
import { type Game, Session } from './session.ts'

/** What a thread that plays can be asked; sessions are numbered by whoever asks. */
export type Play =
  | {
      readonly do: 'reset'
      readonly session: number
      readonly data: ResetData
      readonly episode: string
      readonly seed: string
      /** File for the lines of the episode; nothing is recorded without. */
      readonly record?: string
    }
  | { readonly do: 'step'; readonly session: number; readonly action: unknown; readonly request?: string }
  | { readonly do: 'again'; readonly session: number; readonly request?: string }
  | { readonly do: 'state'; readonly session: number }
  | { readonly do: 'leave'; readonly session: number }

/** An answer as it is sent: JSON, and whether the episode is over. */
export interface Played {
  readonly json: string
  readonly done: boolean
}

/** In a thread: plays the sessions of an environment server. */
export function hostSessions(game: Omit<Game, 'onEvent'>): void {
  const sessions = new Map<number, Session>()
  const files = new Map<string, string>()
  /** Keeps an episode's lines together in the file it began in. */
  const onEvent = (event: RecordEvent): void => {
    const file = files.get(event.episode)
    if (event.type === 'end') files.delete(event.episode)
    if (file !== undefined) appendFileSync(file, writeLine(event))
  }
  /** The last job of each session, where an opponent may take its time: the next one waits for it. */
  const turns = new Map<number, Promise<unknown>>()
  const inTurn = (number: number, job: () => Promise<Played>): Promise<Played> => {
    const done = (turns.get(number) ?? Promise.resolve()).then(job)
    const settled = done
      .catch(() => {})
      .then(() => {
        if (turns.get(number) === settled) turns.delete(number)
      })
    turns.set(number, settled)
    return done
  }
  answerJobs((play: Play) => inTurn(play.session, () => answer(play)))

  async function answer(play: Play): Promise<Played> {
    const { session: number } = play
    if (play.do === 'leave') {
      sessions.delete(number)
      return { json: 'null', done: true }
    }
    if (play.do === 'reset') {
      const session = new Session(play.record === undefined ? game : { ...game, onEvent })
      if (play.record !== undefined) files.set(play.episode, path.resolve(play.record))
      const step = await session.reset(play.data, play.episode, play.seed)
      sessions.set(number, session)
      return { json: JSON.stringify(step), done: step.done }
    }
    const session = sessions.get(number) ?? new Session(game)
    if (play.do === 'state') return { json: JSON.stringify(session.state()), done: false }
    const step =
      play.do === 'again' ? session.again(play.request) : await session.step(play.action, play.request)
    return { json: JSON.stringify(step), done: step.done }
  }
}
