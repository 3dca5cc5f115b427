import type { Env, Scripted } from '#core/env'
import type { Policy, Response } from '#core/policy'

/**
 * A scripted agent that the environment brings, as a policy: its plan is cut to what the turn can play, and its
 * thought is the environment's truthful one about that plan.
 */
export function scripted(env: Env, name: string): Policy {
  const make = env.policies![name]
  const agents = new WeakMap<object, Scripted>()
  return {
    id: name,
    act: async (requests) =>
      requests.map(({ state, seat, limit, random }): Response => {
        let agent = agents.get(state.config)
        if (!agent) {
          agent = make(state.config)
          agents.set(state.config, agent)
        }
        const actions = agent.act(state, seat, random).slice(0, limit)
        return { valid: true, actions, thought: env.think?.(state, seat, actions) }
      }),
  }
}
