import { fill, h } from '../ui/dom.ts'
import type { Film } from './film.ts'

/** What the game itself says about a state to people: its regret, its speeds. */
export interface InsightPanel {
  readonly element: HTMLElement
  /** Shows the state after `t` steps; what takes long to find out waits until nothing else was asked for a while. */
  show(t: number): void
  dispose(): void
}

/** Milliseconds that may be spent at once, and that must pass before more is spent. */
const QUICK = 6
const CALM = 180

/** Reads from `film`; hidden where the game says nothing. */
export function insightPanel(film: Film): InsightPanel {
  const lines = h('dl', { class: 'terms insight' })
  const element = h(
    'section',
    { class: 'panel side', 'aria-label': 'State', hidden: true },
    h('h2', null, 'State'),
    lines,
  )
  let cost = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  const read = (t: number) => {
    const state = film.state(t)
    const began = performance.now()
    const said = (state && film.env?.insight?.(state)) ?? []
    cost = performance.now() - began
    element.hidden = said.length === 0
    fill(
      lines,
      said.map(({ label, value }) => [h('dt', null, label), h('dd', null, value)]),
    )
  }
  return {
    element,
    show(t) {
      clearTimeout(timer)
      if (cost <= QUICK) read(t)
      else timer = setTimeout(() => read(t), CALM)
    },
    dispose: () => clearTimeout(timer),
  }
}
