import { most } from '#core/base/lists'
import type { EpisodeSummary, RunSummary } from '#core/record/wire'
import { createBoard } from '../board/board.ts'
import type { Film } from '../episode/film.ts'
import { acquireFilm } from '../episode/films.ts'
import { playerKeys } from '../episode/keys.ts'
import { Player } from '../episode/player.ts'
import { transport } from '../episode/transport.ts'
import * as api from '../net/api.ts'
import { link } from '../net/connection.ts'
import { address, type Place, rewrite } from '../net/router.ts'
import { fill, h, say } from '../ui/dom.ts'
import { count } from '../ui/format.ts'
import { bindKeys } from '../ui/keys.ts'
import { loading, notice } from '../ui/notice.ts'
import { outcomeChip } from '../ui/summary.ts'

/** Names of watched episodes: after so many updates of the run, the level number so and so. */
const WATCHED = /\/watch-(\d+)-(\d+)$/

/** How often (ms) a run that learns is asked for more. */
const ASK = 3000

/** A watched episode: after how many updates of its run, of which level. */
interface Look {
  readonly summary: EpisodeSummary
  readonly after: number
  readonly level: number
}

/** One board of the strip. */
interface Frame {
  readonly element: HTMLElement
  readonly film: Film
  show(t: number, duration: number): void
  dispose(): void
}

/** One level as its learner played it all along the training, all boards in step. */
export function stripPage(main: HTMLElement, { query }: Place): () => void {
  const abort = new AbortController()
  const frames = new Map<string, Frame>()
  let looks: readonly Look[] = []
  /** The run is being written. */
  let learning = false
  let run = query.get('run') ?? ''
  /** From 0; the one that tells most until somebody chooses. */
  let level = query.has('level') ? Number(query.get('level')) : null

  const line = h('span', { class: 'muted small', role: 'status' })
  const runs = h('select', {
    class: 'field',
    'aria-label': 'Run',
    onchange: () => {
      run = runs.value
      looks = []
      remember()
      void read()
    },
  })
  const levels = h('select', {
    class: 'field',
    'aria-label': 'Level',
    onchange: () => {
      level = Number(levels.value)
      remember()
      draw()
    },
  })
  const body = h('div', null, loading('Looking for watched levels …'))
  const remember = () => rewrite(address('learning', '', { run, level: level ?? undefined }))

  const reel = {
    get length() {
      return most([0, ...[...frames.values()].map(({ film }) => film.length)])
    },
    get pace() {
      return [...frames.values()][0]?.film.pace ?? 4
    },
  }
  const player = new Player(reel)
  const slider = h('input', {
    type: 'range',
    min: '0',
    value: '0',
    'aria-label': 'Step',
    oninput: () => player.seek(Number(slider.value)),
  })
  const at = h('span', { class: 'muted small' })
  const controls = h(
    'div',
    { class: 'panel strip-controls' },
    transport(player, () => reel.length),
    slider,
    at,
  )
  const show = () => {
    const t = player.at.value
    for (const frame of frames.values()) frame.show(t, Math.min(240, player.stepTime))
    slider.max = String(reel.length)
    slider.value = String(t)
    say(at, `${t} / ${reel.length}`)
    main.dataset.step = String(t)
  }

  let drawing = 0
  /** Films that are read at once are shown at once. */
  const soon = () => {
    drawing ||= requestAnimationFrame(() => {
      drawing = 0
      player.wake()
      show()
    })
  }

  const draw = () => {
    const shown = looks.filter((look) => look.level === level)
    const wanted = new Set(shown.map(({ summary }) => summary.id))
    for (const [id, frame] of frames) {
      if (wanted.has(id)) continue
      frame.dispose()
      frames.delete(id)
    }
    if (shown.length === 0) return fill(body, none(run))
    for (const look of shown)
      if (!frames.has(look.summary.id)) frames.set(look.summary.id, createFrame(look, soon))
    const stages = [...new Set(shown.map(({ summary }) => summary.stage ?? ''))]
    fill(
      body,
      controls,
      stages.map((stage) => {
        const own = shown.filter(({ summary }) => (summary.stage ?? '') === stage)
        const won = own.filter(({ summary }) => summary.success).length
        return [
          h(
            'h2',
            { class: 'strip-stage' },
            stage,
            h('span', { class: 'muted small' }, ` · succeeded ${won} of ${own.length} times`),
          ),
          h(
            'div',
            { class: 'strip', role: 'list' },
            own.map(({ summary }) => h('div', { role: 'listitem' }, frames.get(summary.id)?.element)),
          ),
        ]
      }),
    )
    show()
  }

  const read = async () => {
    const asked = run
    try {
      const found = await looksOf(asked, abort.signal)
      // Another one was chosen meanwhile.
      if (asked !== run) return
      if (found.length === looks.length && found.length > 0) return
      looks = found
      const numbers = [...new Set(looks.map((look) => look.level))].sort((a, b) => a - b)
      fill(
        levels,
        numbers.map((number) => h('option', { value: number }, `Level ${number + 1}`)),
      )
      if (level === null || !numbers.includes(level)) level = mostChanged(looks, numbers)
      levels.value = String(level)
      levels.hidden = numbers.length < 2
      say(line, looks.length > 0 ? count(new Set(looks.map(({ after }) => after)).size, 'time') : '')
      const begins = frames.size === 0
      draw()
      if (begins && frames.size > 0) player.toggle()
    } catch (error) {
      if (abort.signal.aborted || asked !== run) return
      fill(body, notice('error', 'cross', 'No strip', (error as Error).message))
    }
  }

  const offer = (list: readonly RunSummary[]) => {
    const able = list.filter(({ watchLevels = 0 }) => watchLevels > 0)
    if (!run) run = able[0]?.id ?? ''
    learning = list.some(({ id, live }) => id === run && live)
    const names = new Set([...able.map(({ id }) => id), ...(run ? [run] : [])])
    fill(
      runs,
      [...names].map((id) => h('option', { value: id }, id)),
    )
    runs.value = run
    runs.hidden = names.size === 0
  }

  main.replaceChildren(
    h(
      'div',
      { class: 'head' },
      h('h1', null, 'Watch it learn'),
      line,
      h('span', { class: 'spread' }),
      h('a', { class: 'button', href: address('training', '', { run }) }, 'Its curves'),
    ),
    h('div', { class: 'filters' }, runs, levels),
    body,
  )
  void api
    .runs(abort.signal)
    .then(offer)
    .then(read, (error: Error) => {
      if (!abort.signal.aborted) fill(body, notice('error', 'cross', 'No runs', error.message))
    })
  const clock = setInterval(() => {
    if (run && learning && !document.hidden) void read()
  }, ASK)
  const stops = [
    player.at.watch(show),
    link.runChanged.watch((info) => {
      if (info?.id === run) learning = info.live
    }),
    bindKeys(playerKeys(player, () => reel.length)),
  ]
  return () => {
    abort.abort()
    clearInterval(clock)
    cancelAnimationFrame(drawing)
    for (const stop of stops) stop()
    for (const frame of frames.values()) frame.dispose()
    player.dispose()
    delete main.dataset.step
  }
}

async function looksOf(run: string, signal: AbortSignal): Promise<Look[]> {
  if (!run) return []
  const search = new URLSearchParams({ run, search: 'watch-', sort: 'oldest', limit: '1000' })
  const { episodes } = await api.episodes(search, signal)
  const looks = episodes.flatMap((summary): Look[] => {
    const found = WATCHED.exec(summary.id)
    return found ? [{ summary, after: Number(found[1]), level: Number(found[2]) }] : []
  })
  return looks.sort((a, b) => a.after - b.after)
}

/** The level that was won and lost in turns most often; the first of equals. */
function mostChanged(looks: readonly Look[], numbers: readonly number[]): number {
  const changes = (number: number) => {
    const own = looks.filter(({ level }) => level === number)
    return own.filter(({ summary }, i) => i > 0 && summary.success !== own[i - 1].summary.success).length
  }
  return numbers.toSorted((a, b) => changes(b) - changes(a))[0] ?? 0
}

function createFrame({ summary, after }: Look, changed: () => void): Frame {
  const board = createBoard(`After ${count(after, 'update')}: ${summary.outcome ?? 'being played'}`)
  const { film, release } = acquireFilm(summary.id)
  const tone = summary.success ? ' good' : summary.outcome === undefined ? '' : ' bad'
  const element = h(
    'a',
    { class: `tile${tone}`, href: address('episode', summary.id) },
    h('span', { class: 'tile-board' }, board.element),
    h(
      'span',
      { class: 'tile-line' },
      h('strong', null, after.toLocaleString('en')),
      h('span', { class: 'muted' }, count(summary.steps, 'step')),
    ),
    h('span', { class: 'tile-line' }, outcomeChip(summary)),
  )
  const stop = film.changes.watch(changed)
  return {
    element,
    film,
    show(t, duration) {
      const scene = film.scene(Math.min(t, film.length), 0)
      if (!scene) return
      element.style.setProperty('--shape', String(scene.width / scene.height))
      board.show(scene, t > film.length ? 0 : duration)
    },
    dispose() {
      stop()
      board.dispose()
      release()
      element.remove()
    },
  }
}

function none(run: string): HTMLElement {
  const text = run
    ? `${run} has played no level again and again: “kickpush train” does with --watch-levels 4, which is the default.`
    : 'A training plays four levels again and again (“--watch-levels”); they appear here.'
  return notice('empty', 'training', 'No watched levels', text)
}
