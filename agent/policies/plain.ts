import { below } from '#core/base/random'
import { idleAction } from '#core/env/turns'
import type { Policy, Request, Response } from '#core/play/policy'

/** Uniform over all actions of the game, as many as the turn can play, drawn from the seat's own generator. */
export const random: Policy = plain('random', (request) => {
  const count = request.env.actions(request.state.config).length
  return Array.from({ length: request.limit }, () => below(request.random, count))
})

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
