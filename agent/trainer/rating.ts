import type { MetricsRow } from '#core/record/run'
import { ratings, type Tally } from '../evaluation/rating.ts'
import type { Reinforcement } from '../recipe/recipe.ts'
import { newestSelf, selfName } from './opponents.ts'

/**
 * The learner's rating over what it began the stage as, from the stage's rows of metrics so far. Until the next past self
 * is kept, it counts as the one that was kept last.
 */
export function ratingOf(stage: Reinforcement, rows: readonly MetricsRow[]): number {
  const tallies = rows.flatMap((row, update) =>
    Object.keys(row).flatMap((key): Tally[] => {
      const name = key.startsWith('games.') ? key.slice('games.'.length) : ''
      if (name === '' || name === 'self') return []
      const games = Number(row[key])
      const me = selfName(newestSelf(stage, update))
      return [{ a: me, b: name, games, points: games * Number(row[`against.${name}`]) }]
    }),
  )
  const all = ratings(tallies)
  const me = selfName(newestSelf(stage, Math.max(0, rows.length - 1)))
  return (all.get(me) ?? 0) - (all.get(selfName(0)) ?? 0)
}
