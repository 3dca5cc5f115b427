import { hashBytes } from '../base/hash.ts'
import type { Env, State } from '../env/env.ts'
import { termsBySeat } from '../play/episode.ts'
import { forfeited } from '../play/forfeit.ts'
import type { EndEvent, StepEvent } from './record.ts'

/** Where a record says something else than the simulator. */
export interface Difference {
  /** Steps taken when it happened: the number of the wrong step, 0 for the start. */
  readonly t: number
  /** The field of the event ("hash", "rewards", "actions", ...). */
  readonly what: string
  readonly recorded: unknown
  readonly simulated: unknown
  /** Line of the record, from 1, where known. */
  readonly line?: number
}

/** A field's recorded and simulated value. */
type Field = readonly [what: string, recorded: unknown, simulated: unknown]

/** The first wrong field of a step that has just been simulated. */
export function compareStep(env: Env, state: State, event: StepEvent): Difference | undefined {
  return firstDifference(state.t, [
    ['rewards', event.rewards, Array.from(state.rewards)],
    ['terms', event.terms, termsBySeat(env, state)],
    ['terminated', event.terminated, state.terminated],
    ['truncated', event.truncated, state.truncated],
    ['hash', event.hash, hashState(env, state)],
  ])
}

/**
 * The first wrong field of an episode's end.
 * @param rewards environment rewards of each seat, one per step.
 * @param forfeit the seat that has lost because it gave no answer to play.
 */
export function compareEnd(
  env: Env,
  initial: State,
  state: State,
  rewards: readonly (readonly number[])[],
  forfeit: number | undefined,
  event: EndEvent,
): Difference | undefined {
  const { name, success, seats } = forfeit === undefined ? env.outcome(state) : forfeited(state, forfeit)
  const settled = (seat: number) => (forfeit === undefined || !seats ? 0 : seats[seat])
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
  const score = event.score && env.score && rewards.map((of) => env.score?.(initial, of) ?? null)
  // Where steps are missing, the first of them is what is wrong.
  const t = event.steps > state.t ? state.t + 1 : state.t
  return firstDifference(t, [
    ['steps', event.steps, state.t],
    ['forfeit', event.forfeit, forfeit],
    ['return', event.return, rewards.map((of, seat) => sum(of) + settled(seat))],
    ['score', event.score, score],
    ['outcome', event.outcome, name],
    ['success', event.success, success],
    ['seats', event.seats, event.seats && seats],
    ['terminated', event.terminated, state.terminated],
    ['truncated', event.truncated, !state.terminated],
    ['hash', event.hash, hashState(env, state)],
  ])
}

/** The first of `fields` whose two values are not the same. */
export function firstDifference(t: number, fields: readonly Field[]): Difference | undefined {
  const wrong = fields.find(([, recorded, simulated]) => !same(recorded, simulated))
  return wrong && { t, what: wrong[0], recorded: wrong[1], simulated: wrong[2] }
}

export function hashState(env: Env, state: State): string {
  return hashBytes(env.save(state))
}

/** Deep equality of what JSON can say; 0 and -0 are one number there. */
function same(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  const x = a as Readonly<Record<string, unknown>>
  const y = b as Readonly<Record<string, unknown>>
  const keys = Object.keys(x)
  if (keys.length !== Object.keys(y).length) return false
  return keys.every((key) => Object.hasOwn(y, key) && same(x[key], y[key]))
}
