import { readAddress } from '#agent/chat/address'
import { UserError } from '#core/base/errors'
import type { Env, State } from '#core/env/env'
import { LONGEST_REMARK } from '#core/record/commentary'
import type { RecordEvent } from '#core/record/record'
import { Replay } from '#core/record/replay'
import type { Games } from '#registry/games'
import type { GameModule } from '#registry/module'
import type { CommentatorEntry, Heard, Said } from '#server/commentary'
import { beside } from '#threads/thread'

/** What the thread of a commentator is given. */
export interface CommentatorWork {
  /** Modules of games that do not come with Kickpush. */
  readonly games: readonly GameModule[]
  /** `<model>@<base-url>`. */
  readonly address: string
}

/** Episodes whose states are kept ready, and things that happened of which one is told at once. */
const READY = 8
const TOLD = 6

/** The thread of a commentator. @throws UserError for what is no chat agent. */
export function commentatorOf({ added }: Games, agent: string): CommentatorEntry {
  const [, address] = /^chat:(.*)$/s.exec(agent) ?? []
  if (address === undefined) {
    throw new UserError(
      `kickpush serve: --commentary '${agent}' is no chat agent (allowed: chat:<model>@<base-url>)`,
    )
  }
  const { model } = readAddress(address)
  const data: CommentatorWork = { games: added, address }
  return { entry: beside(import.meta.url, 'commentator-thread'), data, by: model }
}

/** Plays what it hears of episodes again, and asks for a remark when something has happened. */
export function commentator(
  envs: readonly Env[],
  ask: (system: string, user: string) => Promise<string>,
): (heard: Heard) => Promise<Said> {
  const ready = new Map<string, Followed>()
  return async ({ episode, take, seq, events, from }) => {
    const key = `${take} ${episode}`
    const followed = seq === 0 ? new Followed(envs) : ready.get(key)
    ready.delete(key)
    if (followed?.events !== seq) return 'again'
    ready.set(key, followed)
    for (const oldest of ready.keys()) {
      if (ready.size <= READY) break
      ready.delete(oldest)
    }
    const happened = events.flatMap((event, i) => followed.push(event, seq + i >= from))
    const { env, state } = followed
    if (happened.length === 0 || !env || !state) return null
    const text = oneLine(await ask(systemOf(env, state), followed.tell(env, state, happened)))
    if (text === '') return null
    followed.said = text
    return { t: state.t, text }
  }
}

/** An episode as far as its commentator knows it. */
class Followed {
  events = 0
  said = ''
  readonly #replay: Replay

  constructor(envs: readonly Env[]) {
    this.#replay = new Replay(envs)
  }

  get env(): Env | undefined {
    return this.#replay.env
  }

  get state(): State | undefined {
    return this.#replay.state
  }

  /** Takes the next event; the result is what happened by it, in the game's own words, where that is `news`. */
  push(event: RecordEvent, news: boolean): string[] {
    this.events++
    const agrees = this.#replay.push(event)
    const { env, state } = this
    if (!news || !agrees || !env || !state) return []
    if (event.type === 'end') return [`after step ${state.t} it is over: ${event.outcome}`]
    if (event.type !== 'step') return []
    return (env.marks?.(state) ?? []).map((name) => `step ${state.t}: ${name}`)
  }

  /** What a model is told. */
  tell(env: Env, state: State, happened: readonly string[]): string {
    const lines = env.insight?.(state) ?? []
    return [
      `Players: ${(this.#replay.start?.agents ?? []).slice(0, 2 * READY).join(', ')}.`,
      `Just now: ${happened.slice(-TOLD).join('; ')}.`,
      `How it stands: ${[env.outcome(state).name, ...lines.map(({ label, value }) => `${label} ${value}`)].join(', ')}.`,
      ...(this.said === '' ? [] : [`You said before: ${this.said}`]),
      `${env.prompt(state.config).text}\n${env.text(state, 0)}`,
    ].join('\n\n')
  }
}

function systemOf(env: Env, state: State): string {
  return `You comment on a game for people who watch it live. You do not play.\n\n${env.prompt(state.config).rules}\n\nSay in one or two short sentences of plain text, together at most ${LONGEST_REMARK - 80} characters, what just happened and how it stands. No lists, no markup.`
}

/** What a model wrote as one line that can be shown: without thoughts, and without what cannot be seen. */
function oneLine(written: string): string {
  const text = written
    .slice(0, 20_000)
    .replace(/^[\s\S]*<\/think>/, '')
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim()
  if (text.length <= LONGEST_REMARK) return text
  const cut = text.slice(0, LONGEST_REMARK - 1)
  return `${cut.slice(0, Math.max(cut.lastIndexOf(' '), LONGEST_REMARK / 2))}…`
}
