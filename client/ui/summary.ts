import { h } from './dom.ts'
import { words } from './format.ts'

/** The outcome of games whose end is open; where the record ends all the same, turns or steps were used up. */
const OPEN = 'playing'

/** How an episode ended: of one that is live, nothing. */
interface Ending {
  readonly outcome?: string
  readonly success?: boolean
  readonly seats?: readonly number[]
}

/**
 * How an episode stands, as a small label: good or bad for `seat`; where the outcome tells seats apart, of no colour for a
 * draw, and where no seat is meant.
 */
export function outcomeChip({ outcome, success, seats }: Ending = {}, seat?: number): HTMLElement {
  if (outcome === undefined) return h('span', { class: 'chip info' }, 'live')
  if (outcome === OPEN) return h('span', { class: 'chip', title: 'Its turns were used up' }, 'cut off')
  const value = !seats ? (success ? 1 : -1) : seat === undefined ? 0 : seats[seat]
  return h('span', { class: `chip ${value > 0 ? 'good' : value < 0 ? 'bad' : ''}` }, words(outcome))
}

/** The agents of an episode in one line: 'mini:s ×3' for three seats of one. */
export function agentsLine(agents: readonly string[]): string {
  const counts = new Map<string, number>()
  for (const agent of agents) counts.set(agent, (counts.get(agent) ?? 0) + 1)
  return [...counts].map(([agent, n]) => (n > 1 ? `${agent} ×${n}` : agent)).join(', ')
}
