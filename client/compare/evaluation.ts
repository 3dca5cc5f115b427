import type { EpisodeSummary, Facets } from '#core/record/wire'
import * as api from '../net/api.ts'
import { address, type Place, rewrite } from '../net/router.ts'
import { fill, h } from '../ui/dom.ts'
import { count, number, words } from '../ui/format.ts'
import { loading, notice } from '../ui/notice.ts'
import { totalReturn } from '../ui/returns.ts'
import { createFilter } from '../ui/select.ts'
import { outcomeChip } from '../ui/summary.ts'
import { type Pair, pairs, score } from './pairs.ts'

const SIDES = ['a', 'b'] as const
const FIELDS = [
  ['run', 'Any run', 'runs'],
  ['stage', 'Any stage', 'stages'],
  ['agent', 'Any agent', 'agents'],
] as const
/** Newest episodes of each side that are paired. */
const MOST = 1000

/** Two sets of episodes (by run, stage and agent) paired by game, level and seed. */
export function evaluationPage(main: HTMLElement, { query }: Place): () => void {
  const chosen = new Map(query)
  const body = h('div')
  const left = new AbortController()
  let abort = new AbortController()
  const selects = SIDES.map((side) =>
    FIELDS.map(([field, label]) => {
      const name = `${side}-${field}`
      return createFilter(label, chosen.get(name) ?? '', (value) => {
        if (value) chosen.set(name, value)
        else chosen.delete(name)
        rewrite(address('compare', '', Object.fromEntries(chosen)))
        void read()
      })
    }),
  )

  const fetchSide = async (side: (typeof SIDES)[number]): Promise<EpisodeSummary[]> => {
    const search = new URLSearchParams({ live: 'false', limit: String(MOST) })
    for (const [field] of FIELDS) {
      const value = chosen.get(`${side}-${field}`)
      if (value) search.set(field, value)
    }
    return (await api.episodes(search, abort.signal)).episodes
  }
  const read = async () => {
    abort.abort()
    abort = new AbortController()
    const { signal } = abort
    if (!SIDES.every((side) => FIELDS.some(([field]) => chosen.has(`${side}-${field}`)))) {
      fill(body, invitation())
      return
    }
    fill(body, loading('Pairing episodes by seed …'))
    try {
      const [a, b] = await Promise.all(SIDES.map(fetchSide))
      if (!signal.aborted) fill(body, result(pairs(a, b)))
    } catch (error) {
      if (!signal.aborted) fill(body, notice('error', 'cross', 'No comparison', (error as Error).message))
    }
  }

  main.replaceChildren(
    h('div', { class: 'head' }, h('h1', null, 'Compare')),
    h(
      'div',
      { class: 'versus' },
      SIDES.map((side, index) =>
        h(
          'fieldset',
          { class: 'panel' },
          h('legend', null, side.toUpperCase()),
          selects[index].map((select) => select.element),
        ),
      ),
    ),
    body,
  )
  void api
    .facets(left.signal)
    .then((facets: Facets) => {
      for (const side of selects) for (const [i, [, , key]] of FIELDS.entries()) side[i].offer(facets[key])
    })
    .catch(() => {
      // The episodes' own request tells what is wrong.
    })
  void read()
  return () => {
    left.abort()
    abort.abort()
  }
}

function invitation(): HTMLElement {
  return notice(
    'empty',
    'compare',
    'Two agents on the same levels',
    'Choose a run, stage or agent for each side: their episodes are paired by seed. Or choose two episodes in the replays to see them step by step.',
    h(
      'div',
      { class: 'row' },
      h('a', { class: 'button', href: address('replays') }, 'Choose in the replays'),
      h('a', { class: 'button', href: address('results') }, 'Evaluations as grids of levels'),
    ),
  )
}

function result(list: readonly Pair[]): HTMLElement {
  if (list.length === 0)
    return notice('empty', 'compare', 'No pairs', 'These two have not played the same seed of the same game.')
  const { better, equal, worse, successA, successB } = score(list)
  const percent = (part: number) => `${number((100 * part) / list.length, 1)} %`
  return h(
    'div',
    null,
    h(
      'div',
      { class: 'figures' },
      figure(count(list.length, 'pair'), 'same game, level and seed'),
      figure(percent(successA), 'success of A'),
      figure(percent(successB), 'success of B'),
      figure(`${better} · ${equal} · ${worse}`, 'B better · equal · A better, by return'),
    ),
    h(
      'div',
      { class: 'table-scroll', tabindex: 0, role: 'group', 'aria-label': 'Table' },
      h(
        'table',
        { class: 'pairs' },
        h(
          'thead',
          null,
          h(
            'tr',
            null,
            ['Game', 'Seed', 'A', 'Return', 'B', 'Return'].map((text) => h('th', null, text)),
            h('td'),
          ),
        ),
        h('tbody', null, list.slice(0, MOST).map(pairRow)),
      ),
    ),
  )
}

function figure(value: string, label: string): HTMLElement {
  return h(
    'div',
    { class: 'panel figure' },
    h('strong', null, value),
    h('span', { class: 'muted small' }, label),
  )
}

function pairRow({ a, b }: Pair): HTMLElement {
  const gap = totalReturn(b) - totalReturn(a)
  return h(
    'tr',
    null,
    h('td', null, words(a.preset ?? a.env)),
    h('td', null, h('code', null, a.seed)),
    h('td', null, outcomeChip(a)),
    h('td', { class: gap < 0 ? 'gain' : '' }, number(totalReturn(a))),
    h('td', null, outcomeChip(b)),
    h('td', { class: gap > 0 ? 'gain' : '' }, number(totalReturn(b))),
    h(
      'td',
      null,
      h('a', { class: 'button', href: address('compare', '', { a: a.id, b: b.id }) }, 'Step by step'),
    ),
  )
}
