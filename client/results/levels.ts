import type { EpisodeSummary } from '#core/record/wire'
import { totalReturn } from '../ui/returns.ts'
import { gaugeOf } from './known.ts'

/** A level that one or two agents have played. */
export interface Played {
  readonly a: EpisodeSummary
  /** The other agent on the same level; absent without a second agent, or where it has not played it. */
  readonly b?: EpisodeSummary
}

export const KINDS = {
  failed: 'Failed',
  solved: 'Succeeded',
  bad: 'Bad format',
  stuck: 'Out of reach',
  regained: 'Only B succeeded',
  lost: 'Only A succeeded',
} as const
export type Kind = keyof typeof KINDS

export const ORDERS = {
  failures: 'Failures first',
  longest: 'Longest first',
  shortest: 'Shortest first',
  lowest: 'Lowest return first',
  regret: 'Most regret first',
  stuck: 'Soonest out of reach first',
  level: 'As evaluated',
} as const
export type Order = keyof typeof ORDERS

/** What a field can say of a level, and levels be chosen by. */
export const MEASURES = {
  steps: 'Steps',
  return: 'Return',
  malformed: 'Bad answers',
  regret: 'Regret',
  stuck: 'Out of reach after turn',
} as const
export type Measure = keyof typeof MEASURES

/** Whether a measure must be found out by playing records again. */
export const isGauged = (name: string): boolean => name === 'regret' || name === 'stuck'

/** A measure of an episode; undefined where it is not known, or there is none (never out of reach). */
export function measured(measure: Measure, episode: EpisodeSummary): number | undefined {
  if (measure === 'steps') return episode.steps
  if (measure === 'return') return totalReturn(episode)
  if (measure === 'malformed') return episode.malformed ?? 0
  return gaugeOf(episode)?.[measure] ?? undefined
}

/** Least and greatest value of a measure; null for no bound. */
export interface Range {
  readonly measure: Measure
  readonly from: number | null
  readonly to: number | null
}

/** Whether one of the agents is in the range; all are in one without bounds. */
export function isIn({ measure, from, to }: Range, { a, b }: Played): boolean {
  if (from === null && to === null) return true
  return [a, ...(b ? [b] : [])].some((episode) => {
    const value = measured(measure, episode)
    return value !== undefined && value >= (from ?? -Infinity) && value <= (to ?? Infinity)
  })
}

/** Levels of A in the order of their evaluation, each with what B made of it: the same game, preset and seed. */
export function pairUp(a: readonly EpisodeSummary[], b: readonly EpisodeSummary[] | null): Played[] {
  const key = ({ env, version, preset, seed }: EpisodeSummary) => JSON.stringify([env, version, preset, seed])
  const others = new Map(b?.map((episode) => [key(episode), episode]))
  return a.map((episode) => ({ a: episode, b: others.get(key(episode)) }))
}

/** Whether a level is of a kind; the flips need both agents. */
export function isOf(kind: Kind, { a, b }: Played): boolean {
  if (kind === 'failed') return a.success === false || b?.success === false
  if (kind === 'solved') return a.success === true || b?.success === true
  if (kind === 'bad') return (a.malformed ?? 0) > 0 || (b?.malformed ?? 0) > 0
  if (kind === 'stuck') return [a, b].some((each) => each && measured('stuck', each) !== undefined)
  if (!b) return false
  return kind === 'regained'
    ? a.success !== true && b.success === true
    : a.success === true && b.success !== true
}

/** Orders levels for looking at; equals keep their place. */
export function inOrder(levels: readonly Played[], order: Order): Played[] {
  const keys: Readonly<Record<Order, (level: Played) => number>> = {
    failures: ({ a, b }) => (b && a.success !== b.success ? 0 : a.success === true ? 2 : 1),
    longest: ({ a }) => -a.steps,
    shortest: ({ a }) => a.steps,
    lowest: ({ a }) => totalReturn(a),
    regret: ({ a }) => -(measured('regret', a) ?? -1),
    stuck: ({ a }) => measured('stuck', a) ?? Infinity,
    level: () => 0,
  }
  const by = keys[order]
  // Two infinities are equal, and their difference is no number.
  return levels.toSorted((x, y) => (by(x) === by(y) ? 0 : by(x) - by(y)))
}

/** An agent in figures; means over its episodes that are over. */
export function figuresOf(episodes: readonly EpisodeSummary[]) {
  const over = episodes.filter(({ outcome }) => outcome !== undefined)
  const mean = (of: (episode: EpisodeSummary) => number) =>
    over.reduce((sum, episode) => sum + of(episode), 0) / over.length
  const turns = over.reduce((sum, episode) => sum + episode.turns, 0)
  return {
    episodes: over.length,
    success: mean(({ success }) => Number(success)),
    return: mean(totalReturn),
    steps: mean(({ steps }) => steps),
    malformed: over.reduce((sum, { malformed = 0 }) => sum + malformed, 0) / turns,
  }
}
