import type { EpisodeSummary } from '#core/record/wire'
import { address } from '../net/router.ts'
import { h } from '../ui/dom.ts'
import { age, count, number, words } from '../ui/format.ts'
import { icon } from '../ui/icon.ts'
import { totalReturn } from '../ui/returns.ts'
import { agentsLine, outcomeChip } from '../ui/summary.ts'

export const SORTS = {
  newest: 'Newest first',
  oldest: 'Oldest first',
  return: 'Highest return',
  lowest: 'Lowest return',
  steps: 'Most steps',
  shortest: 'Fewest steps',
  surprise: 'Most surprising',
  valueError: 'Largest value error',
  advantage: 'Highest advantage',
  disadvantage: 'Lowest advantage',
}
export type Sort = keyof typeof SORTS

/** An episode in the list. @param sort what the list is ordered by: what training says of it is shown where that counts. */
export function episodeRow(
  episode: EpisodeSummary,
  sort: Sort,
  compare: (episode: EpisodeSummary) => void,
): HTMLElement {
  const game = episode.preset ? words(episode.preset) : episode.env
  const where = [episode.stage, episode.update === undefined ? null : `update ${episode.update}`]
    .filter(Boolean)
    .join(' · ')
  const { touched } = episode
  const figure = trained(episode, sort)
  const when = touched === undefined ? '' : age(touched, Date.now())
  return h(
    'div',
    { class: 'replay', role: 'listitem' },
    h(
      'a',
      { class: 'replay-name', href: address('episode', episode.id) },
      h('strong', null, game),
      h('span', { class: 'muted' }, agentsLine(episode.agents)),
      h(
        'span',
        { class: 'replay-more muted' },
        [figure, where, `seed ${episode.seed}`, when].filter(Boolean).join(' · '),
      ),
    ),
    h('span', { class: 'replay-outcome' }, outcomeChip(episode)),
    h('span', { class: 'replay-return' }, number(totalReturn(episode))),
    h('span', { class: 'replay-steps muted' }, count(episode.steps, 'step')),
    h('span', { class: 'replay-stage muted' }, [figure, episode.run, where].filter(Boolean).join(' · ')),
    h('code', { class: 'replay-seed muted', title: 'Seed' }, episode.seed),
    h(
      'span',
      { class: 'replay-time muted', title: touched === undefined ? '' : new Date(touched).toLocaleString() },
      when,
    ),
    h(
      'button',
      {
        class: 'button quiet square',
        'aria-label': 'Compare with another',
        title: 'Compare with another',
        onclick: () => compare(episode),
      },
      icon('compare'),
    ),
  )
}

/** The figure of training that the list is ordered by. */
function trained({ surprise, valueError, advantage }: EpisodeSummary, sort: Sort): string | null {
  const told = (name: string, value: number | undefined) =>
    value === undefined ? null : `${name} ${number(value, 3)}`
  if (sort === 'surprise') return told('surprise', surprise)
  if (sort === 'valueError') return told('value error', valueError)
  return /advantage$/.test(sort) ? told('advantage', advantage) : null
}
