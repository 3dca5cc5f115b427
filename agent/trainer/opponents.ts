import { UserError } from '#core/base/errors'
import { below, type Random, uniform } from '#core/base/random'
import { findEnv } from '#core/env/registry'
import type { Policy } from '#core/play/policy'
import { decodeModel } from '../model/checkpoint.ts'
import { everywhere } from '../policies/everywhere.ts'
import { mini } from '../policies/mini.ts'
import { frozenStage, POOL, SELF } from '../recipe/opponents.ts'
import type { Reinforcement, Source } from '../recipe/recipe.ts'
import type { Workplace } from '../workplace.ts'
import type { Rival } from './jobs.ts'

const DEFAULT_POOL = { every: 10, size: 8 }

/** Whether a stage plays against its past selves. */
export const hasPool = ({ opponents }: Reinforcement): boolean =>
  opponents?.some(({ agent }) => agent === POOL) ?? false

/** The last update of a stage before which a past self was kept, at `update`. */
export function newestSelf({ pool = DEFAULT_POOL }: Reinforcement, update: number): number {
  return update - (update % pool.every)
}

/** The past selves that a stage's update plays against, by the updates before which they were kept: oldest first. */
export function poolAt(stage: Reinforcement, update: number): number[] {
  const { every, size } = stage.pool ?? DEFAULT_POOL
  const newest = newestSelf(stage, update)
  const count = Math.min(size, newest / every + 1)
  return Array.from({ length: count }, (_, i) => newest - (count - 1 - i) * every)
}

/** What a past self is called among the opponents, and in records. */
export const selfName = (update: number): string => `${POOL}:${update}`

/** The seat that learns, and who sits in the others: all of them learn where there is nobody. */
export interface Seating {
  readonly learner: number
  readonly others: readonly string[]
}

/**
 * Who plays a group's level: the learner's seat moves on from group to group, and the others are drawn by weight. One
 * seating for all episodes of a group, so that they compare. null where the learner sits in all seats.
 */
export function seatingOf(
  stage: Reinforcement,
  { update, group, seats }: { update: number; group: number; seats: number },
  random: Random,
): Seating | null {
  const { opponents, groups } = stage
  if (!opponents) return null
  const total = opponents.reduce((sum, { weight }) => sum + weight, 0)
  const drawn = (): string => {
    const at = uniform(random) * total
    let upTo = 0
    const { agent } = opponents.find(({ weight }) => {
      upTo += weight
      return at < upTo
    })!
    if (agent !== POOL) return agent
    const pool = poolAt(stage, update)
    return selfName(pool[below(random, pool.length)])
  }
  const learner = (update * groups + group) % seats
  return { learner, others: Array.from({ length: seats - 1 }, drawn) }
}

/** The opponents of a stage as policies; models among them are freed with it. */
export class Company {
  readonly #policies = new Map<string, Policy>()

  /** @throws UserError when an opponent cannot play the data. */
  static async of(
    stage: Reinforcement,
    data: readonly Source[],
    rivals: readonly Rival[],
    { envs, createPolicy }: Workplace,
    backend: string,
  ): Promise<Company> {
    const company = new Company()
    const environments = data.map(({ env }) => findEnv(envs, env))
    for (const rival of rivals) company.join(rival)
    for (const { agent } of stage.opponents ?? []) {
      if (agent === SELF || agent === POOL || frozenStage(agent) !== null) continue
      const context = { temperature: 1, backend }
      company.#policies.set(agent, await everywhere(agent, environments, context, createPolicy))
    }
    return company
  }

  /** Takes in a model. */
  join({ name, bytes, what }: Rival): void {
    const { model } = decodeModel(bytes, what)
    this.leave(name)
    this.#policies.set(name, mini(model, { id: name, temperature: 1, probabilities: false, ownsModel: true }))
  }

  leave(name: string): void {
    this.#policies.get(name)?.dispose?.()
    this.#policies.delete(name)
  }

  /** @throws UserError when nobody of that name is here. */
  find(name: string): Policy {
    const policy = this.#policies.get(name)
    if (policy) return policy
    throw new UserError(`there is no opponent '${name}' (${[...this.#policies.keys()].join(', ')})`)
  }

  dispose(): void {
    for (const name of [...this.#policies.keys()]) this.leave(name)
  }
}
