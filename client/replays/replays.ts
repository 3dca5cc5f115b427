import type { EpisodeSummary } from '#core/record/wire'
import * as api from '../net/api.ts'
import { address, type Place, remember, rewrite } from '../net/router.ts'
import { fill, h, say } from '../ui/dom.ts'
import { count } from '../ui/format.ts'
import { icon } from '../ui/icon.ts'
import { notice } from '../ui/notice.ts'
import { createFilter } from '../ui/select.ts'
import { createTable } from '../ui/table.ts'
import { toast } from '../ui/toast.ts'
import { localEpisodes, localFacets, localFiles } from './local.ts'
import { openRecords } from './open.ts'
import { episodeRow, SORTS, type Sort } from './row.ts'

const FILTERS = [
  ['run', 'All runs', 'runs'],
  ['env', 'All games', 'envs'],
  ['agent', 'All agents', 'agents'],
  ['stage', 'All stages', 'stages'],
  ['outcome', 'All outcomes', 'outcomes'],
] as const

/** Columns; a press on a head sorts by it, first this way, then that. */
const COLUMNS: readonly { name: string; label: string; sorts?: readonly [Sort, Sort] }[] = [
  { name: 'name', label: 'Game and agents' },
  { name: 'outcome', label: 'Outcome' },
  { name: 'return', label: 'Return', sorts: ['return', 'lowest'] },
  { name: 'steps', label: 'Steps', sorts: ['steps', 'shortest'] },
  { name: 'stage', label: 'Run, stage, update' },
  { name: 'seed', label: 'Seed' },
  { name: 'time', label: 'Written', sorts: ['newest', 'oldest'] },
]

/** How often (ms) it is asked whether there are more episodes. */
const ASK = 2000

/** All records of all runs, with search, filters and sorting. */
export function replaysPage(main: HTMLElement, { query }: Place): () => void {
  const chosen = new Map(query)
  const file = chosen.get('file')
  let comparing: EpisodeSummary | null = null

  const apply = (name: string, value: string) => {
    if (value) chosen.set(name, value)
    else chosen.delete(name)
    rewrite(address('replays', '', Object.fromEntries(chosen)))
    listHeads()
    news.hidden = true
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

  const read = async (offset: number, limit: number, signal: AbortSignal) => {
    const search = new URLSearchParams([...chosen, ['offset', String(offset)], ['limit', String(limit)]])
    search.delete('file')
    return file === undefined ? await api.episodes(search, signal) : localEpisodes(file, search)
  }

  const heads = h('div', { class: 'replay-heads' })
  const listHeads = () => {
    const now = (chosen.get('sort') ?? 'newest') as Sort
    fill(
      heads,
      COLUMNS.map(({ name, label, sorts }) => {
        const other = sorts?.find((sort) => sort !== now) ?? 'newest'
        const next = sorts?.includes(now) ? other : (sorts?.[0] ?? now)
        const arrow = sorts?.[0] === now ? ' ↓' : sorts?.[1] === now ? ' ↑' : ''
        const place = { class: `replay-${name}` }
        if (!sorts) return h('span', place, label)
        const title = `${SORTS[next]} (now ${SORTS[now].toLowerCase()})`
        const press = () => {
          sort.value = next
          apply('sort', next)
        }
        return h('button', { ...place, title, onclick: press }, label, arrow)
      }),
    )
  }
  const news = h('button', { class: 'chip accent news', hidden: true, onclick: () => toTop() })
  const toTop = () => {
    scrollTo(0, 0)
    news.hidden = true
    table.refresh()
  }

  const table = createTable<EpisodeSummary>({
    async fetch(offset, limit, signal) {
      const page = await read(offset, limit, signal)
      return { total: page.total, rows: page.episodes }
    },
    row: (episode) => episodeRow(episode, (chosen.get('sort') ?? 'newest') as Sort, pickToCompare),
    loaded(n) {
      say(total, count(n, 'episode'))
      message.replaceChildren(...(n === 0 ? [nothing(chosen.size > 0)] : []))
    },
    failed(error) {
      const again = h('button', { class: 'button', onclick: () => table.reload() }, 'Try again')
      message.replaceChildren(notice('error', 'cross', 'No list', error.message, again))
    },
  })

  const input = h('input', {
    type: 'file',
    accept: '.jsonl,.xsb,.sok,.txt,.slc,.xml',
    multiple: true,
    hidden: true,
    onchange: () => void openRecords(input.files ?? []),
  })
  const open = h('button', { class: 'button', onclick: () => input.click() }, icon('up'), 'Open a record')
  fill(
    main,
    h(
      'div',
      { class: 'head' },
      h('h1', null, 'Replays'),
      total,
      news,
      h('span', { class: 'spread' }),
      open,
      input,
    ),
    sources(file),
    h(
      'div',
      { class: 'filters' },
      search,
      filters.map((filter) => filter.element),
      sort,
    ),
    heads,
    message,
    table.element,
  )
  if (chosen.has('update')) {
    const only = h(
      'button',
      {
        class: 'chip accent news',
        title: 'Show every update',
        onclick: () => {
          only.remove()
          apply('update', '')
        },
      },
      `update ${chosen.get('update')}`,
      icon('cross'),
    )
    news.before(only)
  }
  listHeads()
  const back = history.state as { scroll?: number; total?: number } | null
  if (back?.scroll && back.total) {
    table.expect(back.total)
    scrollTo(0, back.scroll)
  }
  table.reload()
  const abort = new AbortController()
  const facets = file === undefined ? api.facets(abort.signal) : Promise.resolve(localFacets(file))
  void facets
    .then((facets) => {
      for (const [index, [, , key]] of FILTERS.entries()) filters[index].offer(facets[key])
    })
    .catch(() => {
      // Without the values there is nothing to filter by; the table says that there is no server.
    })

  /** Takes up what has been written since; who has scrolled away is told and stays where he is. */
  const ask = async () => {
    if (document.hidden) return
    const page = await read(0, 1, abort.signal).catch(() => null)
    if (!page) return
    const more = page.total - table.total()
    const top = scrollY < innerHeight / 4
    if (top && (more !== 0 || table.visible().some(({ live }) => live))) table.refresh()
    else if (more > 0) {
      fill(news, icon('up'), count(more, 'new episode'))
      news.hidden = false
    }
  }
  const clock = file === undefined ? setInterval(() => void ask(), ASK) : undefined
  let remembering: ReturnType<typeof setTimeout> | undefined
  const scrolled = () => {
    clearTimeout(remembering)
    remembering = setTimeout(() => remember({ scroll: scrollY, total: table.total() }), 100)
  }
  addEventListener('scroll', scrolled, { passive: true })
  return () => {
    abort.abort()
    clearTimeout(timer)
    clearTimeout(remembering)
    clearInterval(clock)
    removeEventListener('scroll', scrolled)
    table.dispose()
  }
}

/** Where the list comes from, once files were opened: the server, or one of them. */
function sources(chosen: string | undefined): HTMLElement | null {
  const files = localFiles()
  if (files.size === 0 && chosen === undefined) return null
  const link = (name: string | undefined, label: string) =>
    h(
      'a',
      {
        class: 'button',
        href: address('replays', '', { file: name }),
        'aria-current': name === chosen ? 'page' : null,
      },
      label,
    )
  return h(
    'nav',
    { class: 'row sources', 'aria-label': 'Where the episodes come from' },
    link(undefined, 'Server'),
    [...files].map(([name, n]) => link(name, `${name} · ${count(n, 'episode')}`)),
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
