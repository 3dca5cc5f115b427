import { deflateRawSync } from 'node:zlib'
import { writeLine } from '#core/record/jsonl'
import type { Card, Packed } from '#core/record/page'
import type { RecordEvent, StartEvent } from '#core/record/record'

/** An episode of a gallery: what its card says, and the page of it. */
export interface Exhibit {
  readonly card: Omit<Card, 'strange' | 'file'>
  /** Episodes that are alike but for how they went: one game and preset, the same agents. */
  readonly kin: string
  readonly packed: Packed
}

export const ORDERS = ['best', 'worst', 'strangest', 'played'] as const
export type Order = (typeof ORDERS)[number]

/** The exhibit of an episode's events; null without a start or a step. */
export function exhibitOf(events: readonly RecordEvent[]): Exhibit | null {
  const start = events.find((event): event is StartEvent => event.type === 'start')
  const steps = events.filter((event) => event.type === 'step')
  if (!start || steps.length === 0) return null
  const end = events.find((event) => event.type === 'end')
  const { preset } = start.config
  const game = typeof preset === 'string' ? preset : start.env
  const title = `${game} · seed ${start.seed}`
  const record = deflateRawSync(events.map(writeLine).join('')).toString('base64url')
  return {
    card: {
      title,
      env: start.env,
      agents: [...new Set(start.agents)],
      seed: start.seed,
      outcome: end?.outcome ?? 'no end',
      success: end?.success ?? false,
      return: round(end?.return[0] ?? steps.reduce((sum, { rewards }) => sum + rewards[0], 0)),
      steps: steps.length,
    },
    kin: JSON.stringify([start.env, preset, start.agents]),
    packed: { title, record },
  }
}

/**
 * How far each is from what is usual: its distances in return and in steps from the median of its kin, in median absolute
 * deviations; where more than half are equal, in mean ones.
 */
export function strangeness(all: readonly Exhibit[]): number[] {
  const kin = new Map<string, number[]>()
  for (const [i, one] of all.entries()) kin.set(one.kin, [...(kin.get(one.kin) ?? []), i])
  const strange = all.map(() => 0)
  for (const members of kin.values()) {
    for (const key of ['return', 'steps'] as const) {
      const values = members.map((i) => all[i].card[key])
      const middle = median(values)
      const away = values.map((value) => Math.abs(value - middle))
      const unit = median(away) || away.reduce((sum, value) => sum + value, 0) / away.length || 1
      for (const [j, i] of members.entries()) strange[i] += away[j] / unit
    }
  }
  return strange.map(round)
}

/** The places of `all` in an order. */
export function ordered(all: readonly Exhibit[], strange: readonly number[], order: Order): number[] {
  const places = [...all.keys()]
  const by = { best: (i: number) => -all[i].card.return, worst: (i: number) => all[i].card.return }
  if (order === 'played') return places
  const key = order === 'strangest' ? (i: number) => -strange[i] : by[order]
  return places.sort((a, b) => key(a) - key(b) || a - b)
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

const round = (value: number): number => Math.round(value * 1e4) / 1e4
