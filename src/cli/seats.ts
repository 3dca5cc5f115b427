import { z } from 'zod'
import { createPolicy } from '#agent/hosts/node/policies'
import type { PolicyContext } from '#agent/policies/create'
import { legible, UserError } from '#core/base/errors'
import type { Io } from '#core/env/command'
import type { Env } from '#core/env/env'
import type { Level } from '#core/play/match'
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

/** Who sits in the other seats; one flag for all commands that play. */
export const opponentFlag = z
  .string()
  .optional()
  .describe('who sits in the other seats; the agent plays every level from every seat')

/**
 * The policy of `--opponent`; undefined where nobody is named.
 * @throws UserError for a game of one seat, and for unknown agents.
 */
export async function opponentPolicy(
  level: Level,
  name: string | undefined,
  context: Omit<PolicyContext, 'env'>,
): Promise<Policy | undefined> {
  if (name === undefined) return undefined
  const { env } = level
  mustSeatTwo(level, name)
  return createPolicy(name, { env, ...context })
}

/** @throws UserError for a game of one seat. */
export function mustSeatTwo({ env, config }: Omit<Level, 'seed'>, opponent: string): void {
  if (env.seats(config) > 1) return
  throw new UserError(
    `--opponent ${legible(opponent, 40)}: ${env.id} has one seat with this config, and nobody to play against`,
  )
}

/** @throws UserError when agents are named for seats that the opponent takes. */
export function mustBeOne(agents: readonly string[], opponent: string | undefined): void {
  if (opponent === undefined || (agents.length === 1 && !/^\d+=/.test(agents[0]))) return
  throw new UserError('--opponent sits in all seats but one: give one --agent, without a seat')
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
