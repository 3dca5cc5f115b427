import type { Env, Outcome, State } from '../env/env.ts'
import type { Plan } from './plan.ts'

/** Answers in a row that play nothing which does something, after which a seat that is waited for has lost. */
export const PATIENCE = 3

/**
 * The seat that has forfeited where the next answer is asked for; undefined for none. It is of games whose seats take
 * turns and whose outcome tells them apart: elsewhere nobody waits, or nobody would have won.
 */
export function forfeiter(env: Env, state: State, plans: readonly Plan[]): number | undefined {
  const acting = env.toAct?.(state)
  if (acting?.length !== 1 || plans[acting[0]].wasted < PATIENCE) return undefined
  return env.outcome(state).seats && acting[0]
}

/** How an episode stands that `seat` has forfeited: it loses 1, which the others share. */
export function forfeited(state: State, seat: number): Outcome {
  const seats = Array.from(state.rewards, (_, other) =>
    other === seat ? -1 : 1 / (state.rewards.length - 1),
  )
  return { name: `seat ${seat} forfeits`, success: seat !== 0, seats }
}
