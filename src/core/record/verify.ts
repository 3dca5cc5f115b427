import type { Env } from '../env/env.ts'
import type { Difference } from './differences.ts'
import { type BadLine, readRecord } from './jsonl.ts'
import type { RecordEvent } from './record.ts'
import { Replay, type ReplayStatus } from './replay.ts'

/** What re-simulation says about one recorded episode. */
export interface Verification {
  readonly episode: string
  readonly status: ReplayStatus
  /** Steps that were simulated. */
  readonly steps: number
  /** Has its end; an episode that was cut off can agree as far as it goes. */
  readonly complete: boolean
  /** The first thing that is not as recorded. */
  readonly difference?: Difference
  /** The environment and version that could simulate it, when this release cannot. */
  readonly needs?: { readonly env: string; readonly version: number }
  /** What the record says that no simulation can confirm. */
  readonly unchecked: readonly string[]
}

/** What re-simulation says about a record. */
export interface RecordVerification {
  /** In the order of their starts. */
  readonly episodes: readonly Verification[]
  readonly bad: readonly BadLine[]
  readonly torn: boolean
}

/**
 * Re-simulates every episode of a record's text.
 * @throws UserError for a record format that this release does not know.
 */
export function verifyRecord(text: string, envs: readonly Env[]): RecordVerification {
  const { events, bad, torn } = readRecord(text)
  const episodes: { name: string; replay: Replay }[] = []
  const open = new Map<string, Replay>()
  for (const { line, event } of events) {
    let replay = open.get(event.episode)
    // A run that was resumed may play an episode again; its new start begins it anew.
    if (!replay || (event.type === 'start' && replay.start)) {
      replay = new Replay(envs, { every: Number.POSITIVE_INFINITY, observations: true })
      open.set(event.episode, replay)
      episodes.push({ name: event.episode, replay })
    }
    replay.push(event, line)
  }
  return { episodes: episodes.map(({ name, replay }) => conclude(name, replay)), bad, torn }
}

/** Re-simulates the events of one episode. */
export function verifyEvents(events: readonly RecordEvent[], envs: readonly Env[]): Verification {
  const replay = new Replay(envs, { every: Number.POSITIVE_INFINITY, observations: true })
  for (const [i, event] of events.entries()) replay.push(event, i + 1)
  return conclude(events[0]?.episode ?? '', replay)
}

function conclude(episode: string, replay: Replay): Verification {
  const { status, start, difference } = replay
  return {
    episode,
    status,
    steps: status === 'other version' ? 0 : replay.steps.length,
    complete: replay.end !== undefined,
    ...(difference && { difference }),
    ...(status === 'other version' && start && { needs: { env: start.env, version: start.version } }),
    unchecked: unchecked(replay),
  }
}

function unchecked({ turns, start, env }: Replay): string[] {
  const said: [string, boolean][] = [
    ['responses', turns.some(({ response }) => response !== undefined)],
    ['thoughts', turns.some(({ thought }) => thought !== undefined)],
    ['values', turns.some(({ value }) => value !== undefined)],
    ['probabilities', turns.some(({ probabilities }) => probabilities !== undefined)],
    ['agents', start !== undefined],
    ['observations', turns.length > 0 && env?.look !== start?.look],
  ]
  return said.filter(([, there]) => there).map(([name]) => name)
}
