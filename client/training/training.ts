import { append } from '#core/base/lists'
import type { MetricsRow } from '#core/record/run'
import type { RunSummary } from '#core/record/wire'
import * as api from '../net/api.ts'
import { link } from '../net/connection.ts'
import { address, type Place, rewrite } from '../net/router.ts'
import { fill, h, say } from '../ui/dom.ts'
import { count } from '../ui/format.ts'
import { loading, notice } from '../ui/notice.ts'
import { theme } from '../ui/theme.ts'
import { type Boundary, type Chart, createChart, type Series } from './chart.ts'
import { chartControls } from './controls.ts'
import { reportPage } from './report.ts'
import { runCard } from './run.ts'
import { pointsOf } from './series.ts'

/** A run that is drawn. */
interface Drawn {
  info: RunSummary
  readonly colour: number
  readonly rows: MetricsRow[]
  stop(): void
}

const COLOURS = 8
/** What people look at first; the other metrics follow in the order in which they came. */
const FIRST = ['success', 'valid', 'return', 'reward', 'loss', 'malformed', 'entropy']

/** Curves of every metric of the chosen runs, over one another; or the report of the run that is named. */
export function trainingPage(main: HTMLElement, place: Place): () => void {
  return place.rest ? reportPage(main, place) : curvesPage(main, place)
}

function curvesPage(main: HTMLElement, { query }: Place): () => void {
  const drawn = new Map<string, Drawn>()
  const charts = new Map<string, Chart>()
  let all: readonly RunSummary[] = []
  let wanted = query.get('run')?.split(',').filter(Boolean) ?? []

  const line = h('span', { class: 'muted small', role: 'status' })
  const list = h('div', { class: 'runs', role: 'group', 'aria-label': 'Runs' })
  const search = h('input', {
    class: 'field search',
    type: 'search',
    placeholder: 'Find a metric …',
    'aria-label': 'Find a metric',
    value: query.get('metric') ?? '',
    oninput: () => {
      remember()
      filter()
    },
  })
  const controls = chartControls(query, () => {
    remember()
    soon()
  })
  const pins = pinned()
  const grid = h('div', { class: 'charts' })
  const message = h('div', null, loading('Reading the runs …'))

  const remember = () =>
    rewrite(
      address('training', '', {
        run: wanted.join(','),
        metric: search.value.trim() || undefined,
        ...controls.query(),
      }),
    )

  const toggle = (id: string) => {
    wanted = wanted.includes(id) ? wanted.filter((each) => each !== id) : [...wanted, id]
    remember()
    choose()
  }

  /** Starts and stops watching so that just the wanted runs are drawn. */
  const choose = () => {
    for (const [id, run] of drawn) {
      if (wanted.includes(id)) continue
      run.stop()
      drawn.delete(id)
    }
    for (const id of wanted) {
      const info = all.find((run) => run.id === id)
      if (!info || drawn.has(id)) continue
      const taken = new Set([...drawn.values()].map((run) => run.colour))
      let colour = 1
      while (taken.has(colour) && colour < COLOURS) colour++
      const run: Drawn = { info, colour, rows: [], stop: () => {} }
      drawn.set(id, run)
      run.stop = link.watchRun(id, {
        info: (next) => {
          run.info = next
          listRuns()
        },
        rows: (rows) => {
          append(run.rows, rows)
          soon()
        },
      })
    }
    listRuns()
    soon()
  }

  const listRuns = () => {
    fill(
      list,
      all.map((run) => {
        const shown = drawn.get(run.id)
        return runCard(shown?.info ?? run, shown?.colour ?? 0, shown?.rows.at(-1), () => toggle(run.id))
      }),
    )
    say(line, count(all.length, 'run'))
  }

  let timer: ReturnType<typeof setTimeout> | undefined
  const soon = () => {
    timer ??= setTimeout(draw, 120)
  }

  const draw = () => {
    timer = undefined
    const metrics = new Set<string>()
    for (const { rows } of drawn.values())
      for (const row of rows)
        for (const [name, value] of Object.entries(row))
          if (typeof value === 'number' && name !== 'update') metrics.add(name)
    for (const [name, chart] of charts) {
      if (metrics.has(name)) continue
      chart.dispose()
      chart.element.remove()
      charts.delete(name)
    }
    for (const name of metrics) {
      let chart = charts.get(name)
      if (!chart) {
        chart = createChart(name, pins.has(name), { pin: () => togglePin(name), press: goToEpisodes })
        chart.element.dataset.metric = name
        charts.set(name, chart)
        grid.append(chart.element)
        place(name)
      }
      chart.draw(series(name), boundaries(), controls.style())
    }
    if (all.length > 0)
      fill(
        message,
        metrics.size === 0 &&
          (drawn.size === 0
            ? noneChosen()
            : [...drawn.values()].some(({ info }) => info.live)
              ? loading('Waiting for the first update …')
              : noUpdate()),
      )
    filter()
    listRuns()
  }

  /** Pinned charts come first, then those that people look at first. */
  const place = (name: string) => {
    const rank = FIRST.includes(name) ? FIRST.indexOf(name) : FIRST.length
    const element = charts.get(name)?.element
    if (!element) return
    element.style.order = String(pins.has(name) ? rank - 100 : rank)
    element.querySelector('.chart-tools button')?.setAttribute('aria-pressed', String(pins.has(name)))
  }
  const togglePin = (name: string) => {
    if (!pins.delete(name)) pins.add(name)
    localStorage.setItem(PINS, JSON.stringify([...pins]))
    place(name)
  }

  /** From a point of a curve to what was played then. */
  const goToEpisodes = (run: string, x: number) => {
    const rows = drawn.get(run)?.rows ?? []
    const { x: places } = pointsOf(rows, 'update', controls.axis())
    const row = rows[places.indexOf(x)]
    if (!row) return
    // Episodes count the updates of their stage.
    const first = rows.find(({ stage }) => stage === row.stage) ?? row
    const update = row.update - first.update
    location.hash = address('replays', '', { run, stage: row.stage, update })
  }

  const filter = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean)
    for (const [name, chart] of charts)
      chart.element.hidden = !words.every((word) => name.toLowerCase().includes(word))
  }

  const series = (metric: string): Series[] =>
    [...drawn.values()].flatMap(({ info, colour, rows }) => {
      const points = pointsOf(rows, metric, controls.axis())
      return points.x.length > 0 ? [{ name: info.id, group: info.recipe, colour, points }] : []
    })

  /** Where stages begin, of the run chosen first. */
  const boundaries = (): Boundary[] => {
    const [first] = drawn.values()
    const rows = first?.rows ?? []
    const { x } = pointsOf(rows, 'update', controls.axis())
    return rows.flatMap(({ stage }, i) =>
      stage !== rows[i - 1]?.stage && x[i] !== undefined ? [{ x: x[i], name: stage }] : [],
    )
  }

  const abort = new AbortController()
  const read = async () => {
    try {
      all = (await api.runs(abort.signal)).filter(trains)
    } catch (error) {
      if (abort.signal.aborted || all.length > 0) return
      const again = h('button', { class: 'button', onclick: () => void read() }, 'Try again')
      fill(message, notice('error', 'cross', 'No runs', (error as Error).message, again))
      return
    }
    if (all.length === 0) {
      fill(
        message,
        notice(
          'empty',
          'training',
          'No runs yet',
          'Start one with “npm start”; its curves appear with the first update.',
        ),
      )
      return
    }
    if (wanted.length === 0) wanted = [first(all).id]
    choose()
  }

  main.replaceChildren(
    h('div', { class: 'head' }, h('h1', null, 'Training'), line, h('span', { class: 'spread' }), search),
    list,
    controls.element,
    message,
    grid,
  )
  const stops = [
    link.status.watch((value) => value === 'connected' && void read()),
    link.runChanged.watch(
      (info) => info && trains(info) && !all.some((run) => run.id === info.id) && void read(),
    ),
    theme.watch(() => soon()),
  ]
  if (link.status.value !== 'connected') void read()
  return () => {
    abort.abort()
    clearTimeout(timer)
    for (const stop of stops) stop()
    for (const run of drawn.values()) run.stop()
    for (const chart of charts.values()) chart.dispose()
  }
}

const PINS = 'kickpush.pinned'

/** Metrics whose charts the person wants first. */
function pinned(): Set<string> {
  try {
    return new Set(JSON.parse(localStorage.getItem(PINS) ?? '[]') as string[])
  } catch {
    return new Set()
  }
}

/** Whether a run learns: not so what is only on show, evaluated or handed in. */
const trains = ({ kind = 'training' }: RunSummary): boolean => kind === 'training'

/** What people come to see: the run that learns now, else the newest that has learnt. */
function first(runs: readonly RunSummary[]): RunSummary {
  return runs.find(({ live }) => live) ?? runs.find(({ rows }) => rows > 0) ?? runs[0]
}

function noUpdate(): HTMLElement {
  return notice(
    'empty',
    'training',
    'No update yet',
    'This run ended or was stopped before its first update.',
  )
}

function noneChosen(): HTMLElement {
  return notice('empty', 'training', 'No run chosen', 'Choose one or several runs above to see their curves.')
}
