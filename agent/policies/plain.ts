import { below, type Random } from '#core/base/random'
import { legalActions } from '#core/env/actions'
import type { Env, State } from '#core/env/env'
import { idleAction } from '#core/env/turns'
import type { Policy, Request, Response } from '#core/play/policy'
import { foresee } from './foresight.ts'

/**
 * Uniform over the legal actions where the game says which, else over all: as many as the turn can play, drawn from
 * the seat's own generator. What is legal later in a turn is seen in a copy that the others play at random, too.
 */
export const random: Policy = plain('random', ({ env, state, seat, limit, random }) => {
  const draw = (state: State, seat: number, random: Random) => anyOf(env, state, seat, random)
  if (limit === 1) return [draw(state, seat, random)]
  if (env.legal) return foresee(env, { act: (...given) => [draw(...given)] }, state, seat, limit, random)
  const count = env.actions(state.config).length
  return Array.from({ length: limit }, () => below(random, count))
})

function anyOf(env: Env, state: State, seat: number, random: Random): number {
  const actions = legalActions(env, state, seat)
  return actions[below(random, actions.length)]
}

/** Does nothing, as often as the turn can play. */
export const idle: Policy = plain('idle', (request) =>
  new Array<number>(request.limit).fill(idleAction(request.env, request.state.config)),
)

function plain(id: string, decide: (request: Request) => number[]): Policy {
  return {
    id,
    act: async (requests) => requests.map((request): Response => ({ valid: true, actions: decide(request) })),
  }
}
