import 'uplot/dist/uPlot.min.css'
import uPlot from 'uplot'
import { h } from '../ui/dom.ts'
import { number } from '../ui/format.ts'
import { token } from '../ui/theme.ts'

/** One run's values of one metric: `values[i]` at update `updates[i]`. */
export interface Series {
  readonly name: string
  /** 1 to 8: which of the series colours. */
  readonly colour: number
  readonly updates: readonly number[]
  readonly values: readonly number[]
}

/** A vertical line where a stage begins. */
export interface Boundary {
  readonly update: number
  readonly name: string
}

/** Curves of one metric. */
export interface Chart {
  readonly element: HTMLElement
  draw(series: readonly Series[], boundaries: readonly Boundary[]): void
  dispose(): void
}

const HEIGHT = 168

/** An empty chart named `title`; charts share their cursor. */
export function createChart(title: string): Chart {
  const holder = h('div', { class: 'chart-plot' })
  const value = h('span', { class: 'chart-value' })
  const element = h(
    'figure',
    { class: 'panel chart' },
    h('figcaption', null, h('h2', null, title), value),
    holder,
  )
  let plot: uPlot | null = null
  let shape = ''
  let colours: readonly number[] = []
  let stages: readonly Boundary[] = []

  const build = (series: readonly Series[]): uPlot => {
    const axis = {
      stroke: token('--faint'),
      grid: { stroke: token('--line'), width: 1 },
      ticks: { show: false },
      font: `11px ${token('--sans')}`,
    }
    return new uPlot(
      {
        width: Math.max(120, holder.clientWidth),
        height: HEIGHT,
        legend: { show: false },
        cursor: { sync: { key: 'training' }, points: { size: 7 }, drag: { x: true, y: false } },
        scales: { x: { time: false } },
        axes: [
          { ...axis, size: 26, space: 60 },
          { ...axis, size: 52, space: 34, values: (_, ticks) => ticks.map((tick) => number(tick, 4)) },
        ],
        series: [
          {},
          ...series.map(({ name, colour }) => ({
            label: name,
            stroke: token(`--series-${colour}`),
            width: 1.75,
            points: { show: false },
            spanGaps: true,
          })),
        ],
        hooks: { drawAxes: [(self) => drawStages(self, stages)], setCursor: [(self) => tell(self)] },
      },
      [[]],
      holder,
    )
  }

  const tell = (self: uPlot) => {
    const at = self.cursor.idx
    const shown = self.data.slice(1).flatMap((column, index) => {
      const each = at === null || at === undefined ? lastOf(column) : (column[at] ?? null)
      if (each === null) return []
      const part = h('span', { title: String(self.series[index + 1]?.label) }, number(each, 3))
      part.style.color = `var(--series-${colours[index]})`
      return [part]
    })
    const update = at === null || at === undefined ? undefined : self.data[0][at]
    const where = h('span', { class: 'muted' }, update === undefined ? '' : `update ${update}`)
    value.replaceChildren(where, ...shown)
  }

  const observer = new ResizeObserver(() => plot?.setSize({ width: holder.clientWidth, height: HEIGHT }))
  observer.observe(holder)

  return {
    element,
    draw(series, boundaries) {
      stages = boundaries
      colours = series.map(({ colour }) => colour)
      const next = JSON.stringify([series.map(({ name, colour }) => [name, colour]), token('--ground')])
      if (next !== shape) {
        plot?.destroy()
        plot = build(series)
        shape = next
      }
      const tables = series.map(({ updates, values }): uPlot.AlignedData => [[...updates], [...values]])
      const data = tables.length > 0 ? uPlot.join(tables) : ([[]] as uPlot.AlignedData)
      plot?.setData(data)
      if (plot) tell(plot)
    },
    dispose() {
      observer.disconnect()
      plot?.destroy()
    },
  }
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
  const places = stages.map(({ update }) => Math.round(plot.valToPos(update, 'x', true)))
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
