import { h } from './dom.ts'
import { type IconName, icon } from './icon.ts'

/** Says what there is instead of content: nothing yet, or an error with the way on. */
export function notice(
  kind: 'empty' | 'error',
  mark: IconName,
  title: string,
  text: string,
  ...more: Node[]
): HTMLElement {
  return h(
    'div',
    { class: 'notice', 'data-kind': kind, role: kind === 'error' ? 'alert' : null },
    icon(mark),
    h('h1', null, title),
    h('p', null, text),
    more,
  )
}

/** Says that something is on its way. */
export function loading(text: string): HTMLElement {
  return h('div', { class: 'notice', role: 'status' }, h('div', { class: 'spinner' }), h('p', null, text))
}
