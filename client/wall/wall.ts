import type { EpisodeSummary } from '#core/record/wire'
import { games } from '../games.ts'
import * as api from '../net/api.ts'
import { link } from '../net/connection.ts'
import { address, type Place, rewrite } from '../net/router.ts'
import { h, say } from '../ui/dom.ts'
import { count } from '../ui/format.ts'
import { loading, notice } from '../ui/notice.ts'
import { createFilter } from '../ui/select.ts'
import { layOut, widthOf } from './layout.ts'
import { createTile, type Tile } from './tile.ts'

const SIZES = [1, 4, 9, 16, 25, 36, 64] as const

/** How long a finished board stays when another episode waits for its place. */
const LINGER = 3500

const FILTERS = [
  ['run', 'All runs', 'runs'],
  ['stage', 'All stages', 'stages'],
  ['env', 'All games', 'envs'],
  ['outcome', 'Any outcome', 'outcomes'],
] as const

type FilterName = (typeof FILTERS)[number][0]

/** Many boards at once: what is played now, or the newest records when nothing is. */
export function wallPage(main: HTMLElement, { query }: Place): () => void {
  const chosen = new Map<string, string>(query)
  const tiles: Tile[] = []
  const seen = new Set<string>()
  /** Width over height of boards that were drawn, by game and preset. */
  const shapes = new Map<string, number>()
  let live: readonly EpisodeSummary[] = []
  let recorded: readonly EpisodeSummary[] = []
  let known = false
  let answered = false
  let lastLive = -PATIENCE
  let peak = 0
  let settled = 0
  const left = new AbortController()
  let abort = new AbortController()

  const title = h('h1', null, 'Live')
  const line = h('span', { class: 'muted small', role: 'status' })
  const grid = h('div', { class: 'wall' })
  const message = h('div', { class: 'wall-message' }, loading('Looking for episodes …'))

  const size = () => Number(sizes.value)
  const matches = (episode: EpisodeSummary) =>
    drawable(episode) && FILTERS.every(([name]) => !chosen.get(name) || episode[name] === chosen.get(name))

  const apply = (name: FilterName | 'boards', value: string) => {
    if (value) chosen.set(name, value)
    else chosen.delete(name)
    rewrite(address('', '', Object.fromEntries(chosen)))
    if (name !== 'boards') seen.clear()
    void refill()
  }
  const filters = FILTERS.map(([name, label]) =>
    createFilter(label, chosen.get(name) ?? '', (value) => apply(name, value)),
  )
  const sizes = h(
    'select',
    { class: 'field', 'aria-label': 'Boards', onchange: () => apply('boards', sizes.value) },
    SIZES.map((n) => h('option', { value: n }, count(n, 'board'))),
  )
  sizes.value = chosen.get('boards') ?? '16'
  if (!sizes.value) sizes.value = '16'

  /** Nothing was live for a while, so that records may take the places. */
  const quiet = () => answered && performance.now() - lastLive > PATIENCE

  /** Episodes that want a place, the live ones first. */
  const waiting = (): EpisodeSummary[] => {
    const shown = new Set(tiles.map((tile) => tile.id))
    const playing = live.filter((episode) => episode.live && matches(episode))
    if (playing.length > 0) lastLive = performance.now()
    const pool = playing.length > 0 ? playing : quiet() ? recorded.filter(matches) : []
    const fresh = pool.filter((episode) => !shown.has(episode.id) && !seen.has(episode.id))
    if (fresh.length > 0 || playing.length > 0) return fresh
    // All records were shown: begin again.
    for (const episode of pool) if (!shown.has(episode.id)) seen.delete(episode.id)
    return pool.filter((episode) => !shown.has(episode.id))
  }

  /** Gives finished boards' places to those who wait, and adds places only for those who find none. */
  const arrange = () => {
    const queue = waiting()
    const now = performance.now()
    const all = new Map([...recorded, ...live].map((episode) => [episode.id, episode]))
    for (const [index, tile] of [...tiles.entries()].reverse()) {
      const displaced = !tile.live && !quiet()
      if (index < size() && !displaced && matches(all.get(tile.id) ?? tile.summary)) continue
      tiles.splice(index, 1)
      tile.dispose()
    }
    for (const [index, tile] of tiles.entries()) {
      if (queue.length === 0) break
      if (tile.finished() === 0 || now - tile.finished() < LINGER) continue
      // One of the same shape moves no other board.
      const alike = queue.findIndex((episode) => shapeOf(episode) === shapeOf(tile.summary))
      tiles[index] = enter(queue.splice(Math.max(0, alike), 1)[0])
      tile.element.replaceWith(tiles[index].element)
      tile.dispose()
    }
    for (const [index, tile] of [...tiles.entries()].reverse()) {
      if (quiet() || tile.finished() === 0 || now - tile.finished() < 2 * LINGER) continue
      tiles.splice(index, 1)
      tile.dispose()
    }
    const leaving = tiles.filter((tile) => tile.finished() > 0).length
    while (tiles.length < size() && queue.length > leaving) {
      const tile = enter(queue.shift() as EpisodeSummary)
      tiles.push(tile)
      grid.append(tile.element)
    }
    const height = innerHeight - grid.offsetTop - EDGE
    // Places that come and go within seconds would move every board each time.
    peak = Math.max(tiles.length, Math.min(peak, size()) - (now - settled > SETTLE ? 1 : 0))
    if (now - settled > SETTLE) settled = now
    for (const tile of tiles) if (tile.ratio() > 0) shapes.set(shapeOf(tile.summary), tile.ratio())
    const ratios = tiles.map(({ summary }) => shapes.get(shapeOf(summary)) ?? 1)
    const others = Array.from({ length: peak - tiles.length }, () => ratios.at(-1) ?? 1)
    const row = layOut([...ratios, ...others], grid.clientWidth, height)
    grid.style.setProperty('--row', `${row}px`)
    for (const [index, { element }] of tiles.entries()) {
      element.style.width = `${widthOf(ratios[index], row)}px`
      element.style.setProperty('--shape', String(ratios[index]))
    }
    describe()
  }

  const enter = (episode: EpisodeSummary): Tile => {
    seen.add(episode.id)
    for (const oldest of seen) {
      if (seen.size <= REMEMBERED) break
      seen.delete(oldest)
    }
    return createTile(episode, soon)
  }

  let pending: ReturnType<typeof setTimeout> | undefined
  const soon = () => {
    clearTimeout(pending)
    pending = setTimeout(arrange, 50)
  }

  const describe = () => {
    const playing = live.filter((episode) => episode.live && matches(episode)).length
    say(title, playing > 0 || tiles.length === 0 ? 'Live' : 'Replays of the latest episodes')
    say(line, playing > 0 ? `${count(playing, 'episode')} being played` : '')
    message.hidden = tiles.length > 0
    if (tiles.length > 0 || !known || !quiet()) return
    message.replaceChildren(empty(chosen.size > 0))
  }

  /** Records for when nothing is live. */
  const refill = async () => {
    abort.abort()
    abort = new AbortController()
    const { signal } = abort
    const search = new URLSearchParams({ live: 'false', limit: '64' })
    for (const [name] of FILTERS) if (chosen.get(name)) search.set(name, chosen.get(name) as string)
    try {
      recorded = (await api.episodes(search, signal)).episodes
      known = true
    } catch (error) {
      if (signal.aborted) return
      if (tiles.length === 0) message.replaceChildren(broken((error as Error).message))
      return
    }
    arrange()
  }

  main.replaceChildren(
    h('div', { class: 'head' }, title, line),
    h(
      'div',
      { class: 'filters' },
      filters.map((filter) => filter.element),
      h('span', { class: 'spread' }),
      sizes,
    ),
    message,
    grid,
  )
  const stopWall = link.watchWall((episodes) => {
    live = episodes
    answered = true
    arrange()
  })
  const stopStatus = link.status.watch((value) => {
    grid.classList.toggle('stale', value === 'disconnected')
    if (value === 'disconnected') answered = true
    if (value === 'connected' || !known) {
      void refill()
      void api
        .facets(left.signal)
        .then((facets) => {
          for (const [index, [, , key]] of FILTERS.entries()) filters[index].offer(facets[key])
        })
        .catch(() => {
          // The records' own request tells what is wrong.
        })
    }
  })
  const clock = setInterval(arrange, 1000)
  return () => {
    clearInterval(clock)
    clearTimeout(pending)
    left.abort()
    abort.abort()
    stopWall()
    stopStatus()
    for (const tile of tiles) tile.dispose()
  }
}

/** Boards of one game and preset have one shape. */
const shapeOf = ({ env, preset }: EpisodeSummary): string => `${env} ${preset ?? ''}`

/** Episodes that do not come again while there are others; more than are ever offered at once. */
const REMEMBERED = 512

/** Space (CSS pixels) below the last row. */
const EDGE = 12

/** How long (ms) nothing must be live before records are shown instead. */
const PATIENCE = 4000

/** How long (ms) a place must be unused until the boards may grow. */
const SETTLE = 20_000

/** Records of another version can be listed and read, but have no board. */
function drawable(episode: EpisodeSummary): boolean {
  return games.envs.some(({ id, version }) => id === episode.env && version === episode.version)
}

function empty(filtered: boolean): HTMLElement {
  if (filtered) return notice('empty', 'live', 'Nothing like this', 'No episode passes these filters now.')
  return notice(
    'empty',
    'live',
    'Nothing is played yet',
    'Start a training run with “npm start”; its boards appear here from the first episode. Or play by hand.',
    h('a', { class: 'button primary', href: address('play') }, 'Play by hand'),
  )
}

function broken(text: string): HTMLElement {
  return notice(
    'error',
    'cross',
    'No connection',
    `${text} The wall fills as soon as it is back. Dropped records and playing by hand work without it.`,
    h('a', { class: 'button', href: address('play') }, 'Play by hand'),
  )
}
