import type { Env } from '#core/env/env'
import type { Policy, Response } from '#core/play/policy'
import type { CreatePolicy, PolicyContext } from './create.ts'

/**
 * The agent of a name in every one of `envs` (at least one): each environment's requests go to an agent made for it.
 * @throws UserError when one of the environments has no such agent.
 */
export async function everywhere(
  name: string,
  envs: readonly Env[],
  context: Omit<PolicyContext, 'env'>,
  create: CreatePolicy,
): Promise<Policy> {
  const agents = new Map<string, Policy>()
  for (const env of envs) if (!agents.has(env.id)) agents.set(env.id, await create(name, { ...context, env }))
  const [first] = agents.values()
  if (agents.size === 1) return first
  return {
    id: first.id,
    fingerprint: first.fingerprint,
    act: async (requests) => {
      const responses = new Array<Response>(requests.length)
      for (const [id, agent] of agents) {
        const own = [...requests.keys()].filter((i) => requests[i].env.id === id)
        if (own.length === 0) continue
        const said = await agent.act(own.map((i) => requests[i]))
        for (const [k, i] of own.entries()) responses[i] = said[k]
      }
      return responses
    },
    dispose: () => {
      for (const agent of agents.values()) agent.dispose?.()
    },
  }
}
