import type { EpisodeSummary } from '#core/record/wire'
import { address } from '../net/router.ts'
import { h } from '../ui/dom.ts'
import { count, number, words } from '../ui/format.ts'
import { totalReturn } from '../ui/returns.ts'
import { agentsLine } from '../ui/summary.ts'
import { figuresOf, isOf, type Kind, type Measure, measured, type Played } from './levels.ts'

/** Both agents in figures, and how many levels flipped. */
export function summary(levels: readonly Played[]): HTMLElement {
  const pairs = levels.filter(({ b }) => b !== undefined)
  const sides: (readonly [string, readonly EpisodeSummary[]])[] = [['A', levels.map(({ a }) => a)]]
  if (pairs.length > 0) sides.push(['B', pairs.flatMap(({ b }) => b ?? [])])
  const flips = (kind: Kind) => pairs.filter((pair) => isOf(kind, pair)).length
  return h(
    'div',
    { class: 'figures' },
    sides.map(([name, episodes]) => {
      const { success, return: earned, steps, malformed, episodes: n } = figuresOf(episodes)
      return h(
        'div',
        { class: 'panel figure' },
        h('strong', null, `${number(100 * success, 1)} %`),
        h(
          'span',
          { class: 'small' },
          `${sides.length > 1 ? `${name}: ` : ''}${agentsLine(episodes[0].agents)}`,
        ),
        h(
          'span',
          { class: 'muted small' },
          `of ${count(n, 'level')} · return ${number(earned)} · ${number(steps, 1)} steps · ${number(100 * malformed, 1)} % bad format`,
        ),
      )
    }),
    pairs.length > 0 &&
      h(
        'div',
        { class: 'panel figure' },
        h('strong', null, `${flips('regained')} · ${flips('lost')}`),
        h('span', { class: 'small' }, 'flipped: only B, only A succeeded'),
        h('span', { class: 'muted small' }, `${count(pairs.length, 'level')} played by both`),
      ),
  )
}

/**
 * A level: one field per agent, with what `measure` says of it; a press leads to the episode, or to both of them step by
 * step.
 */
export function cell({ a, b }: Played, measure: Measure): HTMLElement {
  const href = b ? address('compare', '', { a: a.id, b: b.id }) : address('episode', a.id)
  const told = (episode: EpisodeSummary) =>
    `${episode.outcome === undefined ? 'no end' : words(episode.outcome)}, ${count(episode.steps, 'step')}, return ${number(totalReturn(episode))}${wasted(episode)}`
  const title = `${words(a.preset ?? a.env)}, seed ${a.seed}: ${b ? `A ${told(a)}; B ${told(b)}` : told(a)}`
  const flipped = b !== undefined && a.success !== b.success
  return h(
    'div',
    { role: 'listitem' },
    h(
      'a',
      { class: `result${flipped ? ' flipped' : ''}`, href, title },
      [a, ...(b ? [b] : [])].map((episode) =>
        h(
          'span',
          { class: `result-half ${episode.success ? 'good' : episode.outcome === undefined ? '' : 'bad'}` },
          (episode.malformed ?? 0) > 0 && h('i', { class: 'result-bad' }),
          said(measure, episode),
        ),
      ),
      h('span', { class: 'hidden-label' }, ` ${title}`),
    ),
  )
}

/** What stands in a field: of steps those to success. */
function said(measure: Measure, episode: EpisodeSummary): string {
  if (measure === 'steps') return episode.success ? `${episode.steps}` : '×'
  const value = measured(measure, episode)
  if (value === Infinity) return '∞'
  return value === undefined ? '–' : number(value, 1)
}

/** What was found out of an episode, in words. */
function wasted(episode: EpisodeSummary): string {
  const regret = measured('regret', episode)
  const stuck = measured('stuck', episode)
  const parts = [
    regret !== undefined && regret !== Infinity && `, regret ${regret}`,
    stuck !== undefined && `, out of reach after turn ${stuck}`,
  ]
  return parts.filter(Boolean).join('')
}
