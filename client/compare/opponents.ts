import type { EpisodeSummary } from '#core/record/wire'
import type { Film } from '../episode/film.ts'
import * as api from '../net/api.ts'
import { address } from '../net/router.ts'
import { fill, h } from '../ui/dom.ts'
import { number, words } from '../ui/format.ts'
import { totalReturn } from '../ui/returns.ts'
import { agentsLine, outcomeChip } from '../ui/summary.ts'

const MOST = 100

/** Offers episodes of the same environment and seed as `film` to compare it with. */
export function opponents(film: Film): { element: HTMLElement; dispose(): void } {
  const list = h(
    'ul',
    { class: 'opponents' },
    h('li', { class: 'muted' }, 'Looking for episodes of the same seed …'),
  )
  const element = h(
    'section',
    { class: 'panel side', 'aria-label': 'Choose the other episode' },
    h('h2', null, 'Compare with'),
    list,
  )
  const abort = new AbortController()
  let asked = false
  const stop = film.changes.watch(() => {
    const { start } = film
    if (!start || asked) return
    asked = true
    const query = new URLSearchParams({ env: start.env, seed: start.seed, limit: String(MOST) })
    void api
      .episodes(query, abort.signal)
      .then(({ episodes }) => {
        const others = episodes.filter(({ id }) => id !== film.id)
        const same = others.filter(
          ({ preset, version }) => preset === start.config.preset && version === start.version,
        )
        const strange = others.filter((episode) => !same.includes(episode))
        fill(
          list,
          same.map((episode) => h('li', null, link(film.id, episode))),
          same.length === 0 &&
            strange.length > 0 &&
            h('li', { class: 'muted' }, 'No other episode of this level has this seed.'),
          strange.length > 0 &&
            h('li', null, h('h3', { class: 'small muted' }, 'The same seed, but other levels')),
          strange.map((episode) =>
            h('li', null, link(film.id, episode, words(episode.preset ?? episode.env))),
          ),
          others.length === 0 &&
            h(
              'li',
              { class: 'muted' },
              'No other episode has this seed. Play it yourself, or choose any from the replays.',
              h(
                'div',
                { class: 'row' },
                h('a', { class: 'button', href: address('play', '', { from: film.id }) }, 'Play it by hand'),
                h('a', { class: 'button', href: address('replays', '', { env: start.env }) }, 'Replays'),
              ),
            ),
        )
      })
      .catch((error: Error) => {
        if (!abort.signal.aborted) fill(list, h('li', { class: 'muted' }, error.message))
      })
  })
  return {
    element,
    dispose() {
      abort.abort()
      stop()
    },
  }
}

/** @param level named where it is another one. */
function link(from: string, episode: EpisodeSummary, level?: string): HTMLElement {
  const where = [episode.run, episode.stage, episode.update === undefined ? null : `update ${episode.update}`]
  return h(
    'a',
    { href: address('compare', '', { a: from, b: episode.id }) },
    h('strong', null, agentsLine(episode.agents)),
    level && h('span', { class: 'chip' }, level),
    h('span', { class: 'muted small' }, where.filter(Boolean).join(' · ')),
    h('span', { class: 'spread' }),
    h('span', { class: 'small' }, number(totalReturn(episode))),
    outcomeChip(episode),
  )
}
