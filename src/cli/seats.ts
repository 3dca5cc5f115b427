import { createPolicy } from '#agent/policies/create'
import type { Env } from '#core/env'
import { UserError } from '#core/errors'
import type { Policy } from '#core/policy'

/** One policy per seat from `--agent` flags: a name for all seats, or `seat=name`. */
export async function seatPolicies(
  env: Env,
  config: object,
  agents: readonly string[],
  backend: string,
): Promise<Policy[]> {
  const seats = env.seats(config)
  const names = new Array<string | undefined>(seats).fill(undefined)
  for (const agent of agents) {
    const match = /^(\d+)=(.+)$/.exec(agent)
    if (!match) names.fill(agent)
    else if (Number(match[1]) < seats) names[Number(match[1])] = match[2]
    else throw new UserError(`--agent ${agent}: ${env.id} has seats 0..${seats - 1} here`)
  }
  const missing = names.indexOf(undefined)
  if (missing >= 0) throw new UserError(`seat ${missing} has no agent (give --agent ${missing}=<policy>)`)
  const policies = new Map<string, Policy>()
  for (const name of names as string[]) {
    if (!policies.has(name)) policies.set(name, await createPolicy(name, { env, backend }))
  }
  return (names as string[]).map((name) => policies.get(name)!)
}
