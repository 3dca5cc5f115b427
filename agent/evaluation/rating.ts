import { exp } from '#core/base/math'
import type { Interval } from './statistics.ts'

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
  const precision = 1 / square(DEVIATION * unit)
  const games = tallies.filter(({ a, b }) => a !== b)
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    let moved = 0
    for (const [name, i] of at) {
      let slope = -precision * strength[i]
      let curve = precision
      for (const { a, b, games: n, points } of games) {
        if (a !== name && b !== name) continue
        const other = at.get(a === name ? b : a)!
        const expected = 1 / (1 + exp(strength[other] - strength[i]))
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

/** One game of two players on a level: `points` of `a` are 1, 0.5 or 0. */
export interface Game {
  readonly a: string
  readonly b: string
  readonly points: number
  /** Games on one level (both seats, other pairs) count as depending on each other. */
  readonly level: string
}

export interface Rated {
  readonly name: string
  /** Around the mean of all players, which is 0. */
  readonly rating: Interval
  readonly games: number
  /** Share of the points that could be won. */
  readonly points: number
  /** How far above the next one; absent for the last. */
  readonly over?: Interval
}

/**
 * All players rated by one fit of all games, best first, with 95 % intervals: normal ones, by the larger of two standard
 * errors, that of the fit (the curvature of the posterior) and the one that levels show (the sandwich estimator with
 * levels as clusters, which is small where all games end alike).
 */
export function rate(games: readonly Game[]): Rated[] {
  const strength = ratings(talliesOf(games))
  const mean = [...strength.values()].reduce((sum, x) => sum + x, 0) / strength.size
  const best = [...strength].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
  const spread = errorsOf(games, strength)
  const names = best.map(([name]) => name)
  const about = (value: number, error: number): Interval => {
    return { mean: value, low: value - Z * error, high: value + Z * error }
  }
  return best.map(([name, value], i): Rated => {
    const own = games.filter(({ a, b }) => a === name || b === name)
    const won = own.reduce((sum, { a, points }) => sum + (a === name ? points : 1 - points), 0)
    const next = names[i + 1]
    return {
      name,
      rating: about(
        value - mean,
        spread((one) => (one === name ? 1 : 0) - 1 / names.length),
      ),
      games: own.length,
      points: won / own.length,
      ...(next !== undefined && {
        over: about(
          value - best[i + 1][1],
          spread((one) => (one === name ? 1 : one === next ? -1 : 0)),
        ),
      }),
    }
  })
}

/** Of the normal distribution, for 95 %. */
const Z = 1.959964

/** Games of each pair, counted. */
export function talliesOf(games: readonly Game[]): Tally[] {
  const tallies = new Map<string, { a: string; b: string; games: number; points: number }>()
  for (const game of games) {
    const [a, b] = [game.a, game.b].sort()
    const key = JSON.stringify([a, b])
    const tally = tallies.get(key) ?? { a, b, games: 0, points: 0 }
    tally.games++
    tally.points += game.a === a ? game.points : 1 - game.points
    tallies.set(key, tally)
  }
  return [...tallies.values()]
}

/** The standard error of a weighted sum of ratings, in rating points. */
function errorsOf(
  games: readonly Game[],
  strength: ReadonlyMap<string, number>,
): (weight: (name: string) => number) => number {
  const unit = Math.LN10 / SCALE
  const names = [...strength.keys()]
  const at = new Map(names.map((name, i) => [name, i]))
  const n = names.length
  const curvature = Array.from({ length: n }, (_, i) =>
    Array.from({ length: n }, (_, j) => (i === j ? 1 / square(DEVIATION * unit) : 0)),
  )
  const slopes = new Map<string, Float64Array>()
  for (const { a, b, points, level } of games) {
    const [i, j] = [at.get(a)!, at.get(b)!]
    const expected = 1 / (1 + exp((strength.get(b)! - strength.get(a)!) * unit))
    const information = expected * (1 - expected)
    curvature[i][i] += information
    curvature[j][j] += information
    curvature[i][j] -= information
    curvature[j][i] -= information
    let slope = slopes.get(level)
    if (!slope) {
      slope = new Float64Array(n)
      slopes.set(level, slope)
    }
    slope[i] += points - expected
    slope[j] -= points - expected
  }
  const inverse = inverted(curvature)
  const clusters = [...slopes.values()]
  const few = clusters.length > 1 ? clusters.length / (clusters.length - 1) : 0
  return (weight) => {
    const w = names.map(weight)
    // The inverse times w: what each player's slope moves the sum by.
    const pull = inverse.map((row) => row.reduce((sum, x, j) => sum + x * w[j], 0))
    const fit = pull.reduce((sum, x, i) => sum + x * w[i], 0)
    const seen = clusters.reduce(
      (sum, slope) => sum + square(slope.reduce((s, x, i) => s + x * pull[i], 0)),
      0,
    )
    return Math.sqrt(Math.max(fit, few * seen)) / unit
  }
}

const square = (x: number): number => x * x

/** The inverse of a positive definite matrix, by Gauss and Jordan. */
function inverted(matrix: readonly (readonly number[])[]): number[][] {
  const n = matrix.length
  const rows = matrix.map((row, i) => [...row, ...row.map((_, j) => (i === j ? 1 : 0))])
  for (let i = 0; i < n; i++) {
    const pivot = rows[i][i]
    for (let j = 0; j < 2 * n; j++) rows[i][j] /= pivot
    for (let k = 0; k < n; k++) {
      const factor = rows[k][i]
      if (k === i || factor === 0) continue
      for (let j = 0; j < 2 * n; j++) rows[k][j] -= factor * rows[i][j]
    }
  }
  return rows.map((row) => row.slice(n))
}
