import type { MetricsRow } from '#core/record/run'
import type { Reinforcement } from '../recipe/recipe.ts'
import { newestSelf, selfName } from './opponents.ts'

/** Games of two players: `points` of the first, 1 for a win and half a one for a draw. */
export interface Tally {
  readonly a: string
  readonly b: string
  readonly games: number
  readonly points: number
}

/** Rating points for odds of 10 to 1. */
const SCALE = 400
/** What is believed of a player before its first game: within about as much of the others. */
const DEVIATION = 400
const SWEEPS = 200

/**
 * Bradley-Terry ratings on Elo's scale, most likely under all games together: 400 points more are odds of 10 to 1. Players
 * without games, or with wins only, are held by a normal prior of deviation 400 around 0.
 */
export function ratings(tallies: readonly Tally[]): Map<string, number> {
  const names = [...new Set(tallies.flatMap(({ a, b }) => [a, b]))]
  const at = new Map(names.map((name, i) => [name, i]))
  const strength = new Float64Array(names.length)
  const unit = Math.LN10 / SCALE
  const precision = 1 / (DEVIATION * unit) ** 2
  const games = tallies.filter(({ a, b }) => a !== b)
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    let moved = 0
    for (const [name, i] of at) {
      let slope = -precision * strength[i]
      let curve = precision
      for (const { a, b, games: n, points } of games) {
        if (a !== name && b !== name) continue
        const other = at.get(a === name ? b : a)!
        const expected = 1 / (1 + Math.exp(strength[other] - strength[i]))
        slope += (a === name ? points : n - points) - n * expected
        curve += n * expected * (1 - expected)
      }
      const step = Math.max(-1, Math.min(1, slope / curve))
      strength[i] += step
      moved = Math.max(moved, Math.abs(step))
    }
    if (moved < 1e-9) break
  }
  return new Map(names.map((name, i) => [name, strength[i] / unit]))
}

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
