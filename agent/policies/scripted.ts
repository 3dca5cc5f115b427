import type { Env, Scripted } from '#core/env/env'
import type { Policy, Response } from '#core/play/policy'

/**
 * A scripted agent that the environment brings, as a policy: what a turn cannot play of its plan is played in the next
 * turns, so that it plays alike however many actions a turn has. Its thought is the environment's truthful one about
 * what it plays now.
 */
export function scripted(env: Env, name: string): Policy {
  const make = env.policies![name]
  const agents = new WeakMap<object, Scripted>()
  /** What is left of a seat's plan, by the seat's own generator. */
  const plans = new WeakMap<object, readonly number[]>()
  return {
    id: name,
    act: async (requests) =>
      requests.map(({ state, seat, limit, random }): Response => {
        let agent = agents.get(state.config)
        if (!agent) {
          agent = make(state.config)
          agents.set(state.config, agent)
        }
        const left = plans.get(random) ?? []
        const plan = left.length > 0 ? left : agent.act(state, seat, random)
        const actions = plan.slice(0, limit)
        plans.set(random, plan.slice(limit))
        return { valid: true, actions, thought: env.think?.(state, seat, actions) }
      }),
  }
}
