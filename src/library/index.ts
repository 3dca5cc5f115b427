/**
 * `kickpush`: a game in a variable, an episode, its record, and the checks. Runs in Node and browsers, and does nothing when
 * it is loaded. Everything else has a subpath of its own.
 */
import { policiesOf } from '#agent/policies/create'
import { resolveConfig } from '#core/env/config'
import type { Env } from '#core/env/env'
import { findEnv } from '#core/env/registry'
import { type Episode, play as playMatches } from '#core/play/play'
import { Conversation, type Policy } from '#core/play/policy'
import { writeLine } from '#core/record/jsonl'
import type { RecordEvent } from '#core/record/record'
import { type RecordVerification, verifyRecord } from '#core/record/verify'
import { envs } from '#envs'
import { Game } from './game.ts'

export { UserError } from '#core/base/errors'
export { KICKPUSH } from '#core/base/version'
export { type Check, conformance as check } from '#core/check/conformance'
export type { Env, State } from '#core/env/env'
export { Lanes } from '#core/env/lanes'
export type { Policy, Request, Response } from '#core/play/policy'
export { Game } from './game.ts'

/** The games that come with Kickpush. */
export const games: readonly Env[] = envs

/**
 * A game that is stepped by hand.
 * @param game an `Env`, or the id of one that comes with Kickpush.
 * @param config what of it is not the default; `preset` names a set.
 * @throws UserError for an unknown id or a config that is out of bounds.
 */
export function makeEnv(
  game: Env | string,
  config: Readonly<Record<string, unknown>> = {},
  seed: string | number = '1',
): Game {
  return new Game(envOf(game), config, String(seed))
}

/** An episode to be played. */
export interface PlayOptions {
  readonly game: Env | string
  readonly config?: Readonly<Record<string, unknown>>
  readonly seed?: string | number
  /** One for every seat, or one that plays all: 'random', 'idle', a scripted one of the game, or your own. */
  readonly agents: string | Policy | readonly (string | Policy)[]
  /** How they are asked; a step at a time unless given. */
  readonly conversation?: Partial<Conversation>
}

/** What came of it. */
export interface Played {
  readonly episode: Episode
  /** The episode as JSON lines, which anyone can verify. */
  readonly record: string
}

const named = policiesOf({})

/**
 * Plays an episode to its end and records it.
 * @throws UserError for an unknown game or agent, a bad config, or too few agents.
 */
export async function play({
  game,
  config = {},
  seed = '1',
  agents,
  conversation,
}: PlayOptions): Promise<Played> {
  const env = envOf(game)
  const resolved = resolveConfig(env, config)
  const list = Array.isArray(agents) ? (agents as readonly (string | Policy)[]) : [agents as string | Policy]
  const policies = await Promise.all(
    list.map((agent) => (typeof agent === 'string' ? named(agent, { env }) : agent)),
  )
  const seats = env.seats(resolved)
  const events: RecordEvent[] = []
  const match = {
    episode: 'play',
    env,
    config: resolved,
    seed: String(seed),
    policies: policies.length === 1 ? Array.from({ length: seats }, () => policies[0]) : policies,
    conversation: Conversation.parse({ maxTurns: env.turns ?? 10_000, ...conversation }),
  }
  const [episode] = await playMatches([match], { onEvent: (event) => events.push(event) })
  return { episode, record: events.map(writeLine).join('') }
}

/**
 * Plays the episodes of a record again and compares every hash, reward and end.
 * @param more games that do not come with Kickpush.
 */
export function verify(record: string, more: readonly Env[] = []): RecordVerification {
  return verifyRecord(record, [...envs, ...more])
}

function envOf(game: Env | string): Env {
  return typeof game === 'string' ? findEnv(envs, game) : game
}
