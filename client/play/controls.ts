import type { Env } from '#core/env/env'
import { h } from '../ui/dom.ts'
import { words } from '../ui/format.ts'

/** The keys and buttons of a game. */
export interface Controls {
  readonly element: HTMLElement
  /** The action of the key that is held, the newest of several, or what two of them mean together; null when none is. */
  held(): number | null
  /** Greys what is not legal now; null: nothing is said. A key may play it all the same. */
  allow(legal: readonly boolean[] | null): void
  dispose(): void
}

const KEY_NAMES: Readonly<Record<string, string>> = {
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
}

function keyName(code: string): string {
  return KEY_NAMES[code] ?? code.replace(/^(Key|Digit)/, '').replace(/^Numpad/, 'Num ')
}

/** Buttons for every action of `env`, and its keys; `press` is told each new one. */
export function createControls(env: Env, config: object, press: (action: number) => void): Controls {
  const names = env.actions(config)
  const keys = new Map(
    Object.entries(env.keys ?? {})
      .map(([code, name]) => [code, names.indexOf(name)] as const)
      .filter(([, action]) => action >= 0),
  )
  const down: string[] = []

  const held = (): number | null => {
    const [newest, ...others] = down.map((code) => keys.get(code) ?? -1)
    if (newest === undefined) return null
    // Where an action is named after two others (up_left), both their keys mean it.
    for (const other of others)
      for (const name of [`${names[newest]}_${names[other]}`, `${names[other]}_${names[newest]}`])
        if (names.includes(name)) return names.indexOf(name)
    return newest
  }
  const keydown = (event: KeyboardEvent) => {
    const action = keys.get(event.code)
    if (action === undefined || event.ctrlKey || event.metaKey || event.altKey) return
    if (event.target instanceof Element && event.target.closest('input, select, textarea, dialog')) return
    event.preventDefault()
    if (event.repeat) return
    down.unshift(event.code)
    press(held() ?? action)
  }
  const keyup = (event: KeyboardEvent) => {
    const index = down.indexOf(event.code)
    if (index >= 0) down.splice(index, 1)
  }
  const blur = () => {
    down.length = 0
  }
  // Before the page's own keys, some of which the game may use.
  document.addEventListener('keydown', keydown, true)
  document.addEventListener('keyup', keyup)
  addEventListener('blur', blur)

  const codes = (action: number) => [...keys].filter(([, own]) => own === action).map(([code]) => code)
  let allowed: readonly boolean[] | null = null
  const buttons = names.map((name, action) =>
    h(
      'button',
      { class: 'button', onclick: () => (allowed?.[action] ?? true) && press(action) },
      h('span', null, words(name)),
      codes(action)
        .slice(0, 2)
        .map((code) => h('kbd', null, keyName(code))),
    ),
  )
  const element = h('div', { class: 'actions', role: 'group', 'aria-label': 'Actions' }, buttons)
  return {
    element,
    held,
    allow(legal) {
      allowed = legal
      // Not disabled: whoever holds the focus keeps it.
      for (const [action, button] of buttons.entries()) {
        const may = String(legal?.[action] === false)
        if (button.getAttribute('aria-disabled') !== may) button.setAttribute('aria-disabled', may)
      }
    },
    dispose() {
      document.removeEventListener('keydown', keydown, true)
      document.removeEventListener('keyup', keyup)
      removeEventListener('blur', blur)
    },
  }
}
