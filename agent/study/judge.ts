import type { MetricsRow } from '#core/record/run'
import { type Cell, successes } from '../evaluation/cells.ts'
import { overSeeds, passAtK, type SeedInterval, tInterval } from '../evaluation/statistics.ts'
import type { SeedResults } from './reproduce.ts'
import type { Claim, Play, Study } from './study.ts'

/** A claim over the seeds that have played it. */
export interface Judged {
  readonly claim: Claim
  readonly seeds: readonly number[]
  /** Share of levels solved, by seed. */
  readonly agent: readonly number[]
  readonly baseline: readonly number[]
  /** Of the difference. */
  readonly difference: SeedInterval
}

/** Judges a claim on the seeds for which both agents have played. */
export function judge(claim: Claim, seeds: readonly SeedResults[]): Judged {
  const pairs = seeds.flatMap(({ seed, cells }) => {
    const [a, b] = [claim.agent, claim.baseline].map((agent) => cells.get(claim.play)?.get(agent))
    return a && b ? [{ seed, agent: byLevel(a), baseline: byLevel(b) }] : []
  })
  return {
    claim,
    seeds: pairs.map(({ seed }) => seed),
    agent: pairs.map(({ agent }) => average(agent)),
    baseline: pairs.map(({ baseline }) => average(baseline)),
    difference: overSeeds(
      pairs.map(({ agent, baseline }) => agent.map((share, level) => share - baseline[level])),
    ),
  }
}

/** How often each level was solved, over its samples. */
export function byLevel({ results }: Pick<Cell, 'results'>): number[] {
  const wins: number[] = []
  const played: number[] = []
  successes({ results }).forEach((success, i) => {
    const { index } = results[i]
    wins[index] = (wins[index] ?? 0) + success
    played[index] = (played[index] ?? 0) + 1
  })
  return wins.map((won, level) => won / played[level])
}

/** pass@k of each level of a cell: the chance that k of its samples hold a success. */
export function passOf(cell: Cell, play: Play, k: number): number[] {
  return byLevel(cell).map((share) => passAtK(Math.round(share * play.samples), play.samples, k))
}

/** Levels whose solution by the expert takes more than `from` and at most `to` steps. */
export function levelsBetween(expert: Cell, from: number, to: number): Set<number> {
  return new Set(
    expert.results.flatMap(({ index, steps, success }) =>
      success && steps > from && steps <= to ? [index] : [],
    ),
  )
}

/** Two learning curves of one seed: sampled success of training episodes, update by update. */
export interface Race {
  readonly seed: number
  /** Means of the curves over as many episodes as the shorter one has. */
  readonly area: { readonly agent: number; readonly against: number }
  /** What `against` has at its end (mean of its last quarter, three updates at least). */
  readonly goal: number
  /** Episodes after which `agent` first has as much, of a running mean over three updates; null for never. */
  readonly needed: number | null
  readonly episodes: number
  /** Last quarter less the third quarter of each curve. */
  readonly rise: { readonly agent: number; readonly against: number }
}

export function race({ agent, against }: Study['races'][number], seeds: readonly SeedResults[]): Race[] {
  return seeds.flatMap(({ seed, metrics }) => {
    const [own, other] = [agent, against].map((name) => metrics.filter(({ stage }) => stage === name))
    if (own.length === 0 || other.length === 0) return []
    const both = Math.min(own.length, other.length)
    const [mine, theirs] = [own.map(successOf), other.map(successOf)]
    const goal = average(theirs.slice(-Math.max(3, quarterOf(theirs))))
    const reached = mine.findIndex((_, i) => average(mine.slice(Math.max(0, i - 2), i + 1)) >= goal)
    return [
      {
        seed,
        area: { agent: average(mine.slice(0, both)), against: average(theirs.slice(0, both)) },
        goal,
        needed: reached < 0 ? null : episodesOf(own.slice(0, reached + 1)),
        episodes: episodesOf(other),
        rise: { agent: riseOf(mine), against: riseOf(theirs) },
      },
    ]
  })
}

/** Whether curves still rise at their end, over seeds. */
export const stillRises = (rises: readonly number[]): boolean => tInterval(rises).low > 0

const successOf = (row: MetricsRow): number => Number(row.success)
const episodesOf = (rows: readonly MetricsRow[]): number =>
  rows.reduce((sum, row) => sum + Number(row.episodes), 0)
const quarterOf = (curve: readonly number[]): number => Math.max(1, Math.floor(curve.length / 4))

function riseOf(curve: readonly number[]): number {
  const quarter = quarterOf(curve)
  return average(curve.slice(-quarter)) - average(curve.slice(-2 * quarter, -quarter))
}

export const average = (numbers: readonly number[]): number =>
  numbers.reduce((sum, x) => sum + x, 0) / numbers.length
