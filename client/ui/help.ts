import { h } from './dom.ts'
import { boundKeys } from './keys.ts'

const NAMES: Readonly<Record<string, string>> = {
  ' ': 'Space',
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Shift: '⇧',
}

/** Shows every key that does something on this page. */
export function openHelp(): void {
  const close = () => dialog.close()
  const dialog = h(
    'dialog',
    { 'aria-labelledby': 'help-title', onclose: () => dialog.remove() },
    h('h1', { id: 'help-title' }, 'Keys'),
    h(
      'dl',
      null,
      boundKeys().map(({ keys, label }) => [
        h('dt', null, keys.slice(0, 1).map(shown)),
        h('dd', null, label),
      ]),
    ),
    h('button', { class: 'button', autofocus: true, onclick: close }, 'Close'),
  )
  document.body.append(dialog)
  dialog.showModal()
}

function shown(key: string): HTMLElement[] {
  return key
    .split('+')
    .map((part) => h('kbd', null, NAMES[part] ?? (part.length === 1 ? part.toUpperCase() : part)))
}
