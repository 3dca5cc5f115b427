import type { EpisodeSummary, RunSummary } from '#core/record/wire'
import * as api from '../net/api.ts'
import { address, type Place, rewrite } from '../net/router.ts'
import { fill, h } from '../ui/dom.ts'
import { count, number, words } from '../ui/format.ts'
import { loading, notice } from '../ui/notice.ts'
import { totalReturn } from '../ui/returns.ts'
import { agentsLine } from '../ui/summary.ts'
import {
  figuresOf,
  inOrder,
  isOf,
  KINDS,
  type Kind,
  ORDERS,
  type Order,
  type Played,
  pairUp,
} from './levels.ts'

/** Episodes of one answer, and most of one run that are shown. */
const PAGE = 1000
const MOST = 5000

/** An evaluation as a grid of its levels, failures first; with a second one, what flipped between the two. */
export function resultsPage(main: HTMLElement, { query }: Place): () => void {
  const chosen = new Map(query)
  const abort = new AbortController()
  const body = h('div', null, loading('Reading the evaluation …'))
  let levels: readonly Played[] = []

  const remember = () => rewrite(address('results', '', Object.fromEntries(chosen)))
  const set = (name: string, value: string) => {
    if (value) chosen.set(name, value)
    else chosen.delete(name)
    remember()
  }
  const runs = (name: 'run' | 'with', label: string) =>
    h('select', {
      class: 'field',
      'aria-label': label,
      onchange: (event) => {
        set(name, (event.target as HTMLSelectElement).value)
        void read()
      },
    })
  const first = runs('run', 'Evaluation A')
  const second = runs('with', 'Evaluation B')
  const pick = (
    name: string,
    label: string,
    values: Readonly<Record<string, string>>,
    all: string | null,
  ) => {
    const select = h(
      'select',
      {
        class: 'field',
        'aria-label': label,
        onchange: () => {
          set(name, select.value)
          draw()
        },
      },
      all === null ? null : h('option', { value: '' }, all),
      Object.entries(values).map(([value, text]) => h('option', { value }, text)),
    )
    select.value = chosen.get(name) ?? (all === null ? Object.keys(values)[0] : '')
    return select
  }
  const kinds = pick('kind', 'Levels', KINDS, 'All levels')
  const order = pick('order', 'Order', ORDERS, null)

  const draw = () => {
    const shown = levels.filter((level) => !kinds.value || isOf(kinds.value as Kind, level))
    fill(
      body,
      summary(levels),
      h(
        'p',
        { class: 'muted small levels-key' },
        'A number: the steps to success. ×: none. A dot: an answer could not be read.',
        second.value && ' Framed: only one of the two succeeded.',
      ),
      shown.length === 0
        ? notice('empty', 'check', 'No such level', 'No level of this evaluation is of this kind.')
        : h(
            'div',
            { class: 'levels', role: 'list' },
            inOrder(shown, order.value as Order).map((level) => cell(level)),
          ),
    )
  }

  const offer = (list: readonly RunSummary[]) => {
    // Evaluations first; any run's episodes can be looked at so.
    const sorted = list.toSorted((a, b) => Number(b.kind === 'evaluation') - Number(a.kind === 'evaluation'))
    const options = () => sorted.map(({ id }) => h('option', { value: id }, id))
    fill(first, options())
    fill(second, h('option', { value: '' }, 'alone'), options())
    if (!chosen.has('run') && sorted.length > 0) chosen.set('run', sorted[0].id)
    first.value = chosen.get('run') ?? ''
    second.value = chosen.get('with') ?? ''
  }

  const read = async () => {
    const run = chosen.get('run')
    const other = chosen.get('with')
    if (run === undefined) {
      fill(body, nothing())
      return
    }
    fill(body, loading('Reading the evaluation …'))
    try {
      const [a, b] = await Promise.all([
        episodesOf(run, abort.signal),
        other === undefined ? null : episodesOf(other, abort.signal),
      ])
      levels = pairUp(a, b)
      if (levels.length === 0)
        fill(body, notice('empty', 'replays', 'No episodes', 'This run has kept no episode.'))
      else draw()
    } catch (error) {
      if (!abort.signal.aborted) fill(body, notice('error', 'cross', 'No results', (error as Error).message))
    }
  }

  main.replaceChildren(
    h('div', { class: 'head' }, h('h1', null, 'Results')),
    h(
      'div',
      { class: 'filters' },
      first,
      h('span', { class: 'muted small versus-word' }, 'against'),
      second,
      kinds,
      order,
    ),
    body,
  )
  void api
    .runs(abort.signal)
    .then(offer)
    .then(read, (error: Error) => {
      if (!abort.signal.aborted) fill(body, notice('error', 'cross', 'No results', error.message))
    })
  return () => abort.abort()
}

async function episodesOf(run: string, signal: AbortSignal): Promise<EpisodeSummary[]> {
  const all: EpisodeSummary[] = []
  for (;;) {
    const search = new URLSearchParams({
      run,
      sort: 'oldest',
      limit: String(PAGE),
      offset: String(all.length),
    })
    const { total, episodes } = await api.episodes(search, signal)
    for (const episode of episodes) all.push(episode)
    if (all.length >= Math.min(total, MOST) || episodes.length === 0) return all
  }
}

/** Both agents in figures, and how many levels flipped. */
function summary(levels: readonly Played[]): HTMLElement {
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

/** A level: one field per agent; a press leads to the episode, or to both of them step by step. */
function cell({ a, b }: Played): HTMLElement {
  const href = b ? address('compare', '', { a: a.id, b: b.id }) : address('episode', a.id)
  const said = (episode: EpisodeSummary) =>
    `${episode.outcome === undefined ? 'no end' : words(episode.outcome)}, ${count(episode.steps, 'step')}, return ${number(totalReturn(episode))}`
  const title = `${words(a.preset ?? a.env)}, seed ${a.seed}: ${b ? `A ${said(a)}; B ${said(b)}` : said(a)}`
  const flipped = b !== undefined && a.success !== b.success
  return h(
    'div',
    { role: 'listitem' },
    h(
      'a',
      { class: `level${flipped ? ' flipped' : ''}`, href, title },
      [a, ...(b ? [b] : [])].map((episode) =>
        h(
          'span',
          { class: `level-half ${episode.success ? 'good' : episode.outcome === undefined ? '' : 'bad'}` },
          (episode.malformed ?? 0) > 0 && h('i', { class: 'level-bad' }),
          episode.success ? `${episode.steps}` : '×',
        ),
      ),
      h('span', { class: 'hidden-label' }, ` ${title}`),
    ),
  )
}

function nothing(): HTMLElement {
  return notice(
    'empty',
    'training',
    'No evaluation yet',
    'Record one with “kickpush eval … --out runs/my-evaluation”; its levels appear here.',
  )
}
