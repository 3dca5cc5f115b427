import type { EpisodeSummary } from '#core/wire'
import * as api from '../net/api.ts'
import { address, type Place, rewrite } from '../net/router.ts'
import { h, say } from '../ui/dom.ts'
import { count, number, words } from '../ui/format.ts'
import { icon } from '../ui/icon.ts'
import { notice } from '../ui/notice.ts'
import { createFilter } from '../ui/select.ts'
import { agentsLine, outcomeChip, totalReturn } from '../ui/summary.ts'
import { createTable } from '../ui/table.ts'
import { toast } from '../ui/toast.ts'
import { openRecords } from './open.ts'

const FILTERS = [
  ['run', 'All runs', 'runs'],
  ['env', 'All games', 'envs'],
  ['agent', 'All agents', 'agents'],
  ['stage', 'All stages', 'stages'],
  ['outcome', 'All outcomes', 'outcomes'],
] as const

const SORTS = {
  newest: 'Newest first',
  oldest: 'Oldest first',
  return: 'Highest return',
  steps: 'Most steps',
}

/** All records of all runs, with search, filters and sorting. */
export function replaysPage(main: HTMLElement, { query }: Place): () => void {
  const chosen = new Map(query)
  let comparing: EpisodeSummary | null = null

  const apply = (name: string, value: string) => {
    if (value) chosen.set(name, value)
    else chosen.delete(name)
    rewrite(address('replays', '', Object.fromEntries(chosen)))
    table.reload()
  }
  const filters = FILTERS.map(([name, label]) =>
    createFilter(label, chosen.get(name) ?? '', (value) => apply(name, value)),
  )
  const sort = h(
    'select',
    { class: 'field', 'aria-label': 'Order', onchange: () => apply('sort', sort.value) },
    Object.entries(SORTS).map(([value, label]) => h('option', { value }, label)),
  )
  sort.value = chosen.get('sort') ?? 'newest'
  let timer: ReturnType<typeof setTimeout> | undefined
  const search = h('input', {
    class: 'field search',
    type: 'search',
    placeholder: 'Search seed, agent, preset …',
    'aria-label': 'Search',
    value: chosen.get('search') ?? '',
    oninput: () => {
      clearTimeout(timer)
      timer = setTimeout(() => apply('search', search.value.trim()), 200)
    },
  })
  const total = h('span', { class: 'muted small', role: 'status' })
  const message = h('div')

  const pickToCompare = (episode: EpisodeSummary) => {
    if (comparing) location.hash = address('compare', '', { a: comparing.id, b: episode.id })
    else {
      comparing = episode
      toast('Choose the episode to compare it with')
    }
  }

  const table = createTable<EpisodeSummary>({
    async fetch(offset, limit, signal) {
      const search = new URLSearchParams([...chosen, ['offset', String(offset)], ['limit', String(limit)]])
      const page = await api.episodes(search, signal)
      return { total: page.total, rows: page.episodes }
    },
    row: (episode) => row(episode, pickToCompare),
    loaded(n) {
      say(total, count(n, 'episode'))
      message.replaceChildren(...(n === 0 ? [nothing(chosen.size > 0)] : []))
    },
    failed(error) {
      const again = h('button', { class: 'button', onclick: () => table.reload() }, 'Try again')
      message.replaceChildren(notice('error', 'cross', 'No list', error.message, again))
    },
  })

  const file = h('input', {
    type: 'file',
    accept: '.jsonl',
    multiple: true,
    hidden: true,
    onchange: () => void openRecords(file.files ?? []),
  })
  const open = h('button', { class: 'button', onclick: () => file.click() }, icon('up'), 'Open a record')
  main.replaceChildren(
    h('div', { class: 'head' }, h('h1', null, 'Replays'), total, h('span', { class: 'spread' }), open, file),
    h(
      'div',
      { class: 'filters' },
      search,
      filters.map((filter) => filter.element),
      sort,
    ),
    message,
    table.element,
  )
  table.reload()
  const abort = new AbortController()
  void api
    .facets(abort.signal)
    .then((facets) => {
      for (const [index, [, , key]] of FILTERS.entries()) filters[index].offer(facets[key])
    })
    .catch(() => {
      // Without the values there is nothing to filter by; the table says that there is no server.
    })
  return () => {
    abort.abort()
    clearTimeout(timer)
    table.dispose()
  }
}

function row(episode: EpisodeSummary, compare: (episode: EpisodeSummary) => void): HTMLElement {
  const game = episode.preset ? words(episode.preset) : episode.env
  return h(
    'div',
    { class: 'replay', role: 'listitem' },
    h(
      'a',
      { class: 'replay-name', href: address('episode', episode.id) },
      h('strong', null, game),
      h('span', { class: 'muted' }, agentsLine(episode.agents)),
    ),
    h('span', { class: 'replay-outcome' }, outcomeChip(episode.outcome, episode.success)),
    h('span', { class: 'replay-return' }, number(totalReturn(episode))),
    h('span', { class: 'replay-steps muted' }, count(episode.steps, 'step')),
    h(
      'span',
      { class: 'replay-stage muted' },
      [episode.run, episode.stage, episode.update === undefined ? null : `update ${episode.update}`]
        .filter(Boolean)
        .join(' · '),
    ),
    h('code', { class: 'replay-seed muted', title: 'Seed' }, episode.seed),
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

function nothing(filtered: boolean): HTMLElement {
  if (filtered)
    return notice('empty', 'replays', 'Nothing matches', 'No episode has all of this. Try fewer filters.')
  return notice(
    'empty',
    'replays',
    'No episodes yet',
    'Every episode of a training run is kept here. Drop a record (.jsonl) on the page to open it without a server.',
  )
}
