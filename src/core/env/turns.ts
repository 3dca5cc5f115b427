import { UserError } from '../base/errors.ts'
import type { Env, Outcome, State } from './env.ts'

/** Stands in the actions of a step for a seat that does not decide now. */
export const NO_ACTION = -1

/** Whether `seat` decides now. */
export function acts(env: Env, state: State, seat: number): boolean {
  return env.toAct?.(state).includes(seat) ?? true
}

/** One entry per seat, as a step takes them: what `decide` says for the seats that decide now. */
export function actionsOf(env: Env, state: State, decide: (seat: number) => number): number[] {
  const acting = env.toAct?.(state)
  return Array.from(state.rewards, (_, seat) => (acting && !acting.includes(seat) ? NO_ACTION : decide(seat)))
}

/**
 * The actions of a step that somebody wrote down, `row[seat]`, with NO_ACTION for the seats that do not act now.
 * @throws UserError where a seat that acts has none.
 */
export function givenActions(env: Env, state: State, row: readonly number[]): number[] {
  return actionsOf(env, state, (seat) => {
    if (row[seat] !== NO_ACTION) return row[seat]
    throw new UserError(`actions[${state.t}]: seat ${seat} of ${env.id} acts here, and has no action`)
  })
}

/**
 * The action of a seat that has none of its own, as an index.
 * @throws UserError where the game has none, for nobody there waits for another.
 */
export function idleAction(env: Env, config: object): number {
  if (env.idle) return env.idle(config)
  throw new UserError(`${env.id} has no action that does nothing: whoever is asked must play`)
}

/** What the outcome is worth to a seat: above 0 a win, 0 a draw, below 0 a loss. */
export function valueFor({ seats, success }: Outcome, seat: number): number {
  return seats ? seats[seat] : success ? 1 : -1
}

/** Whether the outcome is a success for a seat. */
export function succeeds({ seats, success }: Pick<Outcome, 'seats' | 'success'>, seat: number): boolean {
  return seats ? seats[seat] > 0 : success
}
