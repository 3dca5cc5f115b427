import { h } from '../ui/dom.ts'
import type { Style } from './chart.ts'
import { AXES, type Axis } from './series.ts'

/** How charts are drawn, as chosen above them and as it stands in the address. */
export interface ChartControls {
  readonly element: HTMLElement
  style(): Style
  axis(): Axis
  /** For the address; empty where nothing was chosen. */
  query(): Readonly<Record<string, string | undefined>>
}

/** @param query the address's, with `smooth`, `axis`, `log` and `bands`. */
export function chartControls(query: URLSearchParams, changed: () => void): ChartControls {
  const shown = h('output')
  const say = () => {
    shown.textContent = Number(smooth.value) > 0 ? smooth.value : 'off'
  }
  const smooth = h('input', {
    type: 'range',
    min: 0,
    max: 0.98,
    step: 0.02,
    value: query.get('smooth') ?? '0',
    'aria-label': 'Smoothing',
    oninput: () => {
      say()
      changed()
    },
  })
  say()
  const axis = h(
    'select',
    { class: 'field', 'aria-label': 'Horizontal axis', onchange: changed },
    Object.entries(AXES).map(([value, label]) => h('option', { value }, `over ${label}`)),
  )
  axis.value = query.get('axis') ?? 'update'
  if (!axis.value) axis.value = 'update'
  const box = (name: string, label: string, title: string) => {
    const input = h('input', { type: 'checkbox', checked: query.has(name), onchange: changed })
    return { input, element: h('label', { class: 'row small', title }, input, label) }
  }
  const log = box('log', 'log scale', 'Values of zero and below are left out')
  const bands = box(
    'bands',
    'seeds as bands',
    'Runs of one recipe: their mean, and from the least to the greatest',
  )
  const on = ({ input }: { input: HTMLInputElement }) => (input.checked ? '1' : undefined)
  return {
    element: h(
      'div',
      { class: 'row chart-controls' },
      h('label', { class: 'row small' }, 'Smoothing', smooth, shown),
      axis,
      log.element,
      bands.element,
    ),
    style: () => ({
      smooth: Number(smooth.value),
      log: log.input.checked,
      bands: bands.input.checked,
      axis: AXES[axis.value as Axis],
    }),
    axis: () => axis.value as Axis,
    query: () => ({
      smooth: Number(smooth.value) > 0 ? smooth.value : undefined,
      axis: axis.value === 'update' ? undefined : axis.value,
      log: on(log),
      bands: on(bands),
    }),
  }
}
