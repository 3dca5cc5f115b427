import { seeded, shuffle } from '#core/base/random'
import type { Reinforcement } from '../recipe/recipe.ts'
import type { Credit, CreditedEpisode } from './credit.ts'
import type { Team } from './team.ts'

/** An episode that a shard learns from. */
export interface Held {
  /** Among those of the shard. */
  readonly index: number
  readonly group: number
  /** Response tokens. */
  readonly tokens: number
  /** Tokens that are read and learnt from. */
  readonly cost: number
}

/** The episodes that each shard learns from where everybody keeps what they played. */
export function heldBy(
  played: readonly (readonly CreditedEpisode[])[],
  credits: readonly (readonly Credit[])[],
): Held[][] {
  return played.map((episodes, shard) =>
    episodes.flatMap(({ group, values, cost }, index) => {
      const tokens = values.reduce((sum, { length }) => sum + length, 0)
      return credits[shard][index].used ? [{ index, group, tokens, cost: cost ?? tokens }] : []
    }),
  )
}

/** Deals whole groups out anew, so that shards have about as much to learn from; says who holds what then. */
export async function dealt(
  team: Team,
  held: readonly (readonly Held[])[],
  counts: readonly number[],
): Promise<Held[][]> {
  const costs = new Map<number, number>()
  for (const { group, cost } of held.flat()) costs.set(group, (costs.get(group) ?? 0) + cost)
  const groups = [...costs].map(([group, cost]) => ({ group, cost }))
  const owner = new Map(
    spread(groups, held.length).flatMap((list, shard) => list.map(({ group }) => [group, shard] as const)),
  )
  const leaving = held.map((list, shard) => list.filter(({ group }) => owner.get(group) !== shard))
  const given = await team.shards(
    'give',
    leaving.map((list, shard) => ({ shard, episodes: list.map(({ index }) => index) })),
  )
  const moved = leaving.flatMap((list, shard) =>
    list.map((one, i) => ({ one, to: owner.get(one.group), experiences: given[shard][i] })),
  )
  const taken = held.map((_, shard) => moved.filter(({ to }) => to === shard))
  await team.shards(
    'take',
    taken.map((list, shard) => ({ shard, episodes: list.map(({ experiences }) => experiences) })),
  )
  return held.map((list, shard) => [
    ...list.filter(({ group }) => owner.get(group) === shard),
    ...taken[shard].map(({ one }, i) => ({ ...one, index: counts[shard] + i })),
  ])
}

/** Deals items to `parts` lists, the costliest first, each to the list that costs the least so far. */
export function spread<T extends { readonly cost: number }>(items: readonly T[], parts: number): T[][] {
  const lists = Array.from({ length: parts }, () => ({ cost: 0, items: [] as T[] }))
  for (const item of items.toSorted((a, b) => b.cost - a.cost)) {
    const list = lists.reduce((least, one) => (one.cost < least.cost ? one : least))
    list.cost += item.cost
    list.items.push(item)
  }
  return lists.map((list) => list.items)
}

/** A shard's episodes in minibatches, by groups: a group shares its prompts. In random order, or with about as many tokens. */
export function minibatches(
  held: readonly Held[],
  { minibatches: parts, deal }: Reinforcement,
  seed: string,
): Held[][] {
  const groups = new Map<number, Held[]>()
  for (const one of held) groups.set(one.group, [...(groups.get(one.group) ?? []), one])
  const order = shuffle(seeded(seed), [...groups.values()])
  if (deal === undefined) {
    return Array.from({ length: parts }, (_, part) => order.filter((_, i) => i % parts === part).flat())
  }
  const weighed = order.map((list) => ({ list, cost: list.reduce((sum, { cost }) => sum + cost, 0) }))
  return spread(weighed, parts).map((part) => part.flatMap(({ list }) => list))
}
