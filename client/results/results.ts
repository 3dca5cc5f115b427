import type { EpisodeSummary, RunSummary } from '#core/record/wire'
import * as api from '../net/api.ts'
import { address, type Place, rewrite } from '../net/router.ts'
import { fill, h, say } from '../ui/dom.ts'
import { count } from '../ui/format.ts'
import { loading, notice } from '../ui/notice.ts'
import { agentsLine } from '../ui/summary.ts'
import { gaugeAll, tells } from './gauging.ts'
import { cell, summary } from './grid.ts'
import {
  inOrder,
  isGauged,
  isIn,
  isOf,
  KINDS,
  type Kind,
  MEASURES,
  type Measure,
  ORDERS,
  type Order,
  type Played,
  pairUp,
} from './levels.ts'

/** Episodes of one answer, and most of one run that are shown. */
const PAGE = 1000
const MOST = 5000

/** What a field says. */
const EXPLAINED: Readonly<Record<Measure, string>> = {
  steps: 'A number: the steps to success. ×: none.',
  return: 'A number: the return.',
  malformed: 'A number: the answers that could not be read.',
  regret:
    'A number: steps more than the best player needs, without success those lost so far. ∞: success went out of reach. –: not known.',
  stuck: 'A number: the turn after which success was out of reach. –: it never was, or that is not known.',
}

/** How often (ms) the grid is drawn while records are played again. */
const OFTEN = 400

/** An evaluation as a grid of its levels, failures first; with a second agent, what flipped between the two. */
export function resultsPage(main: HTMLElement, { query }: Place): () => void {
  const chosen = new Map(query)
  const left = new AbortController()
  /** Of the evaluation that is read: another one is chosen, or the page is left. */
  let abort = new AbortController()
  const body = h('div', null, loading('Reading the evaluation …'))
  const line = h('span', { class: 'muted small', role: 'status' })
  let levels: readonly Played[] = []
  /** Runs of which not all episodes are shown. */
  let cut: readonly Kept[] = []
  let stopGauging = () => {}

  const set = (name: string, value: string) => {
    if (value) chosen.set(name, value)
    else chosen.delete(name)
    rewrite(address('results', '', Object.fromEntries(chosen)))
  }
  const select = (label: string, changed: (value: string) => void): HTMLSelectElement => {
    const element = h('select', {
      class: 'field',
      'aria-label': label,
      onchange: () => changed(element.value),
    })
    return element
  }
  const first = select('Evaluation A', (value) => {
    for (const name of ['agent', 'withAgent']) chosen.delete(name)
    set('run', value)
    void read()
  })
  const second = select('Evaluation B', (value) => {
    chosen.delete('withAgent')
    set('with', value)
    void read()
  })
  const agentOf = (name: 'agent' | 'withAgent', label: string) =>
    select(label, (value) => {
      set(name, value)
      void read()
    })
  const firstAgent = agentOf('agent', 'Agent A')
  const secondAgent = agentOf('withAgent', 'Agent B')
  const pick = (
    name: string,
    label: string,
    values: Readonly<Record<string, string>>,
    all: string | null,
  ) => {
    const element = select(label, (value) => {
      set(name, value)
      draw()
    })
    fill(
      element,
      all === null ? null : h('option', { value: '' }, all),
      Object.entries(values).map(([value, text]) => h('option', { value }, text)),
    )
    element.value = chosen.get(name) ?? (all === null ? Object.keys(values)[0] : '')
    return element
  }
  for (const element of [firstAgent, secondAgent]) element.hidden = true
  const kinds = pick('kind', 'Levels', KINDS, 'All levels')
  const order = pick('order', 'Order', ORDERS, null)
  const measures = pick('measure', 'Fields show', MEASURES, null)
  const bound = (name: 'from' | 'to', label: string) => {
    const input = h('input', {
      class: 'field bound',
      type: 'number',
      placeholder: name,
      'aria-label': label,
      value: chosen.get(name) ?? '',
      oninput: () => {
        set(name, input.value)
        draw()
      },
    })
    return input
  }
  const from = bound('from', 'At least')
  const to = bound('to', 'At most')
  const limit = ({ value }: HTMLInputElement) => (value === '' ? null : Number(value))

  let timer: ReturnType<typeof setTimeout> | undefined
  /** What records must be played again for is found out when it is first asked for. */
  const gauge = () => {
    if (![kinds.value, order.value, measures.value].some(isGauged)) return
    stopGauging()
    const episodes = levels.flatMap(({ a, b }) => [a, ...(b ? [b] : [])])
    const some = episodes.some(tells)
    if (!some) say(line, 'This game cannot tell how far success is.')
    stopGauging = gaugeAll(episodes, (done, all) => {
      say(line, done === all ? '' : `Playing records again: ${done} of ${all}`)
      if (done === all) drawGrid()
      else
        timer ??= setTimeout(() => {
          timer = undefined
          drawGrid()
        }, OFTEN)
    })
  }

  const grid = h('div')
  const drawGrid = () => {
    const range = { measure: measures.value as Measure, from: limit(from), to: limit(to) }
    const shown = levels.filter(
      (level) => (!kinds.value || isOf(kinds.value as Kind, level)) && isIn(range, level),
    )
    fill(
      grid,
      shown.length < levels.length && h('p', { class: 'muted small' }, count(shown.length, 'level')),
      shown.length === 0
        ? notice('empty', 'check', 'No such level', 'No level of this evaluation is like this.')
        : h(
            'div',
            { class: 'results', role: 'list' },
            inOrder(shown, order.value as Order).map((level) => cell(level, range.measure)),
          ),
    )
  }
  const draw = () => {
    fill(
      body,
      cut.map(cutShort),
      summary(levels),
      h(
        'p',
        { class: 'muted small results-key' },
        EXPLAINED[measures.value as Measure],
        ' A dot in its corner: an answer could not be read.',
        levels.some(({ b }) => b) && ' Framed: only one of the two succeeded.',
      ),
      grid,
    )
    drawGrid()
    gauge()
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
    // Without a run there is nothing to choose.
    for (const row of filters) row.hidden = sorted.length === 0
  }

  /** The episodes of the agent that is chosen among those of a run, where it has several. */
  const choose = (element: HTMLSelectElement, all: readonly EpisodeSummary[], wanted: string | undefined) => {
    const label = labelled(all)
    const names = [...new Set(all.map(label))]
    element.hidden = names.length < 2
    fill(
      element,
      names.map((name) => h('option', { value: name }, name)),
    )
    element.value = wanted !== undefined && names.includes(wanted) ? wanted : (names[0] ?? '')
    return all.filter((episode) => label(episode) === element.value)
  }

  const read = async () => {
    abort.abort()
    abort = new AbortController()
    const { signal } = abort
    stopGauging()
    say(line, '')
    const run = chosen.get('run')
    const other = chosen.get('with')
    if (run === undefined) return fill(body, nothing())
    fill(body, loading('Reading the evaluation …'))
    try {
      const [one, two] = await Promise.all([
        episodesOf(run, signal),
        other === undefined ? null : episodesOf(other, signal),
      ])
      if (signal.aborted) return
      cut = [one, ...(two && other !== run ? [two] : [])].filter(
        ({ total, episodes }) => total > episodes.length,
      )
      const [all, others] = [one.episodes, two?.episodes ?? null]
      const a = choose(firstAgent, all, chosen.get('agent'))
      // Agents that were compared stand beside each other without a word.
      const label = labelled(all)
      const rest = others ?? all.filter((episode) => label(episode) !== firstAgent.value)
      const b = choose(secondAgent, rest, chosen.get('withAgent'))
      levels = pairUp(a, others || rest.length > 0 ? b : null)
      if (levels.length === 0)
        fill(body, notice('empty', 'replays', 'No episodes', 'This run has kept no episode.'))
      else draw()
    } catch (error) {
      if (!signal.aborted) fill(body, notice('error', 'cross', 'No results', (error as Error).message))
    }
  }

  const against = h('span', { class: 'muted small versus-word' }, 'against')
  const filters = [
    h('div', { class: 'filters' }, first, firstAgent, against, second, secondAgent),
    h('div', { class: 'row results-key' }, kinds, measures, from, to, order),
  ]
  main.replaceChildren(h('div', { class: 'head' }, h('h1', null, 'Results'), line), ...filters, body)
  void api
    .runs(left.signal)
    .then(offer)
    .then(read, (error: Error) => {
      if (!left.signal.aborted) fill(body, notice('error', 'cross', 'No results', error.message))
    })
  return () => {
    left.abort()
    abort.abort()
    clearTimeout(timer)
    stopGauging()
  }
}

/** What tells the parts of a run: who played, and how they were asked where one was asked in several ways. */
function labelled(all: readonly EpisodeSummary[]): (episode: EpisodeSummary) => string {
  const agents = new Set(all.map(({ agents }) => agentsLine(agents)))
  const stages = new Set(all.map(({ stage = '' }) => stage))
  const ways = stages.size > agents.size
  return ({ agents, stage }) => (ways ? `${agentsLine(agents)} · ${stage}` : agentsLine(agents))
}

/** What is shown of a run, and how many episodes it has. */
interface Kept {
  readonly run: string
  readonly episodes: readonly EpisodeSummary[]
  readonly total: number
}

async function episodesOf(run: string, signal: AbortSignal): Promise<Kept> {
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
    if (all.length >= Math.min(total, MOST) || episodes.length === 0) return { run, episodes: all, total }
  }
}

/** Says that more was played than is looked at. */
function cutShort({ run, episodes, total }: Kept): HTMLElement {
  return h(
    'p',
    { class: 'small results-cut' },
    `The first ${episodes.length.toLocaleString('en')} of ${count(total, 'episode')} of ${run}. `,
    h('a', { href: address('replays', '', { run }) }, 'All of them in a list'),
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
