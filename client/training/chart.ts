import 'uplot/dist/uPlot.min.css'
import uPlot from 'uplot'
import { fill, h } from '../ui/dom.ts'
import { number } from '../ui/format.ts'
import { icon } from '../ui/icon.ts'
import { save } from '../ui/save.ts'
import { token } from '../ui/theme.ts'
import { bandOf, csv, type Points, smoothed } from './series.ts'

/** One run's values of one metric. */
export interface Series {
  readonly name: string
  /** Runs of one group differ by their seed alone. */
  readonly group: string
  /** 1 to 8: which of the series colours. */
  readonly colour: number
  readonly points: Points
}

/** A vertical line where a stage begins. */
export interface Boundary {
  readonly x: number
  readonly name: string
}

/** How all charts are drawn. */
export interface Style {
  /** Weight of what came before, 0 to below 1. */
  readonly smooth: number
  readonly log: boolean
  /** Runs of one group are one line with a band around it. */
  readonly bands: boolean
  /** What the horizontal axis counts, in words. */
  readonly axis: string
}

/** Curves of one metric. */
export interface Chart {
  readonly element: HTMLElement
  draw(series: readonly Series[], boundaries: readonly Boundary[], style: Style): void
  dispose(): void
}

/** What a chart tells its page. */
export interface ChartEvents {
  pin(): void
  /** A point of a run was pressed. */
  press(run: string, x: number): void
}

/** A curve as it is drawn: a plain one, the faint one that was smoothed, or the edges of a band. */
interface Line {
  readonly name: string
  readonly colour: number
  readonly kind: 'plain' | 'faint' | 'low' | 'high'
  readonly points: Points
}

const HEIGHT = 168
const LARGE = 420

/** An empty chart named `title`; charts share their cursor. */
export function createChart(title: string, pinned: boolean, events: ChartEvents): Chart {
  const holder = h('div', { class: 'chart-plot' })
  const value = h('span', { class: 'chart-value' })
  let series: readonly Series[] = []
  let style: Style = { smooth: 0, log: false, bands: false, axis: '' }
  let large = false
  const tool = (mark: 'pin' | 'enlarge' | 'download' | 'image', label: string, run: () => void) =>
    h(
      'button',
      { class: 'button quiet square', 'aria-label': `${label}: ${title}`, title: label, onclick: run },
      icon(mark),
    )
  const pin = tool('pin', 'Keep at the top', events.pin)
  pin.setAttribute('aria-pressed', String(pinned))
  const enlarge = tool('enlarge', 'Enlarge', () => {
    large = !large
    element.classList.toggle('large', large)
    enlarge.setAttribute('aria-pressed', String(large))
    plot?.setSize({ width: holder.clientWidth, height: large ? LARGE : HEIGHT })
  })
  const file = title.replaceAll('/', '-')
  const table = tool('download', 'Save as CSV', () =>
    save(`${file}.csv`, csv(style.axis, series), 'text/csv'),
  )
  const photo = tool(
    'image',
    'Save as PNG',
    () => plot && picture(plot, title, (blob) => save(`${file}.png`, blob)),
  )
  const element = h(
    'figure',
    { class: 'panel chart' },
    h(
      'figcaption',
      null,
      h('h2', null, title),
      h('span', { class: 'chart-tools' }, pin, enlarge, table, photo),
    ),
    value,
    holder,
  )
  let plot: uPlot | null = null
  let shape = ''
  let lines: readonly Line[] = []
  let stages: readonly Boundary[] = []

  const build = (log: boolean): uPlot => {
    const axis = {
      stroke: token('--faint'),
      grid: { stroke: token('--line'), width: 1 },
      ticks: { show: false },
      font: `11px ${token('--sans')}`,
    }
    const made = new uPlot(
      {
        width: Math.max(120, holder.clientWidth),
        height: large ? LARGE : HEIGHT,
        legend: { show: false },
        cursor: { sync: { key: 'training' }, points: { size: 7 }, drag: { x: true, y: false } },
        scales: { x: { time: false }, y: { distr: log ? 3 : 1 } },
        axes: [
          { ...axis, size: 26, space: 60 },
          {
            ...axis,
            size: 52,
            space: 34,
            values: (_, ticks) => ticks.map((tick) => (tick === null ? '' : number(tick, 4))),
          },
        ],
        series: [{}, ...lines.map(stroke)],
        bands: lines.flatMap(({ kind, colour }, i) =>
          kind === 'high'
            ? [{ series: [i + 1, i + 2] as [number, number], fill: `${token(`--series-${colour}`)}33` }]
            : [],
        ),
        hooks: { drawAxes: [(self) => drawStages(self, stages)], setCursor: [(self) => tell(self)] },
      },
      [[]],
      holder,
    )
    made.over.addEventListener('click', () => {
      const { idx, left = 0, top = 0 } = made.cursor
      if (typeof idx === 'number' && left >= 0) events.press(nearest(made, idx, top), made.data[0][idx])
    })
    return made
  }

  /** The run whose curve is nearest to a height above the point number `idx`. */
  const nearest = (self: uPlot, idx: number, top: number): string => {
    const distances = series.map(({ points: { x, y }, name }) => {
      const i = x.indexOf(self.data[0][idx])
      return { name, far: i < 0 ? Infinity : Math.abs(self.valToPos(y[i], 'y') - top) }
    })
    return distances.sort((a, b) => a.far - b.far)[0]?.name ?? ''
  }

  const tell = (self: uPlot) => {
    const at = self.cursor.idx
    const shown = lines.flatMap(({ kind, colour, name }, index) => {
      if (kind !== 'plain') return []
      const column = self.data[index + 1] ?? []
      const each = at === null || at === undefined ? lastOf(column) : (column[at] ?? null)
      if (each === null) return []
      const dot = h('i', { class: 'dot' })
      dot.style.background = `var(--series-${colour})`
      return [h('span', { title: name }, dot, number(each, 3))]
    })
    const x = at === null || at === undefined ? undefined : self.data[0][at]
    const where = h('span', { class: 'muted' }, x === undefined ? '' : `${number(x, 1)} ${style.axis}`)
    fill(value, shown, where)
  }

  const observer = new ResizeObserver(() =>
    plot?.setSize({ width: holder.clientWidth, height: large ? LARGE : HEIGHT }),
  )
  observer.observe(holder)

  return {
    element,
    draw(next, boundaries, how) {
      series = next
      style = how
      stages = boundaries
      lines = linesOf(series, style)
      const log = style.log && series.some(({ points }) => points.y.some((y) => y > 0))
      const key = JSON.stringify([
        lines.map(({ name, colour, kind }) => [name, colour, kind]),
        log,
        style.axis,
        token('--ground'),
      ])
      const zoom = plot && zoomOf(plot)
      if (key !== shape) {
        plot?.destroy()
        plot = build(log)
        shape = key
      }
      const tables = lines.map(
        ({ points: { x, y } }): uPlot.AlignedData => [
          [...x],
          y.map((each) => (log && each <= 0 ? null : each)),
        ],
      )
      if (!plot) return
      plot.setData(tables.length > 0 ? uPlot.join(tables) : ([[]] as uPlot.AlignedData))
      // What one has zoomed in on stays, however much is added to it.
      if (zoom) plot.setScale('x', zoom)
      tell(plot)
    },
    dispose() {
      observer.disconnect()
      plot?.destroy()
    },
  }
}

function linesOf(series: readonly Series[], { smooth, bands }: Style): Line[] {
  const groups = new Map<string, Series[]>()
  for (const each of series) {
    const group = bands ? each.group : each.name
    groups.set(group, [...(groups.get(group) ?? []), each])
  }
  return [...groups].flatMap(([name, members]): Line[] => {
    const [{ colour, points }] = members
    const calm = ({ x, y }: Points): Points => ({ x, y: smooth > 0 ? smoothed(y, smooth) : y })
    if (members.length === 1)
      return [
        ...(smooth > 0 ? [{ name, colour, kind: 'faint' as const, points }] : []),
        { name, colour, kind: 'plain', points: calm(points) },
      ]
    const { x, mean, low, high } = bandOf(members.map((member) => calm(member.points)))
    const label = `${name}, ${members.length} seeds`
    return [
      { name: label, colour, kind: 'high', points: { x, y: high } },
      { name: label, colour, kind: 'low', points: { x, y: low } },
      { name: label, colour, kind: 'plain', points: { x, y: mean } },
    ]
  })
}

function stroke({ name, colour, kind, points }: Line): uPlot.Series {
  const full = token(`--series-${colour}`)
  return {
    label: name,
    stroke: kind === 'plain' ? full : kind === 'faint' ? `${full}44` : 'transparent',
    width: kind === 'faint' ? 1 : 1.75,
    // One point makes no line.
    points: { show: kind === 'plain' && points.x.length === 1, size: 7, fill: full },
    spanGaps: true,
  }
}

/** The part of the axis that a chart is zoomed in on; null when it shows all. */
function zoomOf({ scales, data }: uPlot): { min: number; max: number } | null {
  const { min, max } = scales.x
  const x = data[0]
  if (min === undefined || max === undefined || min === null || max === null || x.length < 2) return null
  return min > x[0] || max < x[x.length - 1] ? { min, max } : null
}

/** A chart as a picture that can stand alone. */
function picture(plot: uPlot, title: string, done: (blob: Blob) => void): void {
  const { canvas } = plot.ctx
  const head = 28 * devicePixelRatio
  const sheet = h('canvas', { width: canvas.width, height: canvas.height + head })
  const context = sheet.getContext('2d')
  if (!context) return
  context.fillStyle = token('--panel')
  context.fillRect(0, 0, sheet.width, sheet.height)
  context.fillStyle = token('--text')
  context.font = `600 ${13 * devicePixelRatio}px ${token('--sans')}`
  context.fillText(title, 10 * devicePixelRatio, 18 * devicePixelRatio)
  context.drawImage(canvas, 0, head)
  sheet.toBlob((blob) => blob && done(blob))
}

function lastOf(column: ArrayLike<number | null | undefined>): number | null {
  for (let i = column.length - 1; i >= 0; i--) {
    const value = column[i]
    if (value !== null && value !== undefined) return value
  }
  return null
}

function drawStages(plot: uPlot, stages: readonly Boundary[]): void {
  const { ctx, bbox } = plot
  ctx.save()
  ctx.strokeStyle = token('--line-strong')
  ctx.fillStyle = token('--muted')
  ctx.textAlign = 'left'
  ctx.textBaseline = 'alphabetic'
  ctx.font = `${10 * devicePixelRatio}px ${token('--sans')}`
  ctx.setLineDash([4 * devicePixelRatio, 4 * devicePixelRatio])
  const places = stages.map(({ x }) => Math.round(plot.valToPos(x, 'x', true)))
  const pad = 4 * devicePixelRatio
  for (const [index, { name }] of stages.entries()) {
    const x = places[index]
    if (x < bbox.left - 1 || x > bbox.left + bbox.width) continue
    ctx.beginPath()
    ctx.moveTo(x, bbox.top)
    ctx.lineTo(x, bbox.top + bbox.height)
    ctx.stroke()
    // A short stage leaves no room for its name.
    const end = index + 1 < places.length ? places[index + 1] : plot.width * devicePixelRatio
    if (x + 2 * pad + ctx.measureText(name).width <= end)
      ctx.fillText(name, x + pad, bbox.top + 10 * devicePixelRatio)
  }
  ctx.restore()
}
