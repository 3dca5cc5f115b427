import { createPolicy } from '#agent/hosts/node/policies'
import type { PolicyContext } from '#agent/policies/create'
import { UserError } from '#core/base/errors'
import type { Io } from '#core/env/command'
import type { Env } from '#core/env/env'
import type { Policy } from '#core/play/policy'
import { human } from './human.ts'

/**
 * One policy per seat from `--agent` flags: a name for all seats, or `seat=name`.
 * @throws UserError for a seat that is not there or has no agent, and for unknown agents.
 */
export async function seatPolicies(
  env: Env,
  config: object,
  agents: readonly string[],
  { temperature = 1, ...context }: Omit<PolicyContext, 'env'>,
  io: Io,
): Promise<Policy[]> {
  const names = namesBySeat(env, env.seats(config), agents)
  const policies = new Map<string, Policy>()
  for (const name of new Set(names)) {
    policies.set(
      name,
      name === 'human' ? human(io) : await createPolicy(name, { env, temperature, ...context }),
    )
  }
  return names.map((name) => policies.get(name)!)
}

function namesBySeat(env: Env, seats: number, agents: readonly string[]): string[] {
  const names: string[] = []
  for (const agent of agents) {
    const match = /^(\d+)=(.+)$/.exec(agent)
    if (match && Number(match[1]) >= seats) {
      throw new UserError(`--agent ${agent}: ${env.id} has seats 0 to ${seats - 1} with this config`)
    }
    if (match) names[Number(match[1])] = match[2]
    else for (let seat = 0; seat < seats; seat++) names[seat] = agent
  }
  for (let seat = 0; seat < seats; seat++) {
    if (!names[seat]) throw new UserError(`seat ${seat} has no agent: give --agent ${seat}=<policy>`)
  }
  return names
}
