import type { EpisodeSummary } from '#core/record/wire'
import { totalReturn } from '../ui/returns.ts'

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
  regained: 'Only B succeeded',
  lost: 'Only A succeeded',
} as const
export type Kind = keyof typeof KINDS

export const ORDERS = {
  failures: 'Failures first',
  longest: 'Longest first',
  shortest: 'Shortest first',
  lowest: 'Lowest return first',
  level: 'As evaluated',
} as const
export type Order = keyof typeof ORDERS

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
    level: () => 0,
  }
  return levels.toSorted((x, y) => keys[order](x) - keys[order](y))
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
