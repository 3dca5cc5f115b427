import type { Env, State } from '#core/env/env'
import { idleAction } from '#core/env/turns'
import type { Modality, PastTurn } from '#core/play/policy'
import type { Arrow } from '../episode/looking.ts'

/** A game up to where it is looked at. */
export interface Standing {
  readonly env: Env
  readonly state: State
  readonly seat: number
  /** What the seat has seen and played, observed as `modality` says. */
  history(modality: Modality): PastTurn[]
}

/** Where an action leads from a state, as an arrow's direction. */
export function arrowOf(
  env: Env,
  state: State,
  seat: number,
  action: number,
): Pick<Arrow, 'x' | 'y' | 'size' | 'right' | 'down' | 'action'> {
  const from = env.whereabouts!(state, seat)
  const after = env.clone(state)
  const others = Array.from({ length: state.rewards.length }, () => idleAction(env, state.config))
  env.step(after, others.with(seat, action))
  const to = env.whereabouts!(after, seat)
  return {
    ...from,
    right: Math.sign(to.x - from.x),
    down: Math.sign(to.y - from.y),
    action: env.actions(state.config)[action],
  }
}
