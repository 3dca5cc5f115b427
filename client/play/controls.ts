import type { Env } from '#core/env/env'
import { h } from '../ui/dom.ts'
import { words } from '../ui/format.ts'

/** The keys and buttons of a game. */
export interface Controls {
  readonly element: HTMLElement
  /** The action of the key that is held, the newest of several, or what two of them mean together; null when none is. */
  held(): number | null
  /** A key goes down or up, by its KeyboardEvent.code, whoever pressed it: gamepads and fingers do, too. */
  down(code: string): void
  up(code: string): void
  /** Nothing is held any more. */
  free(): void
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

/** Milliseconds until a held key plays again, and then between two steps. */
const FIRST = 260
const EVERY = 110

/**
 * Buttons for every action of `env`, and its keys; `press` is told each new one, and again and again while it is held
 * where `repeats` says so.
 */
export function createControls(
  env: Env,
  config: object,
  press: (action: number) => void,
  repeats: (action: number) => boolean,
): Controls {
  const names = env.actions(config)
  const keys = new Map(
    Object.entries(env.keys ?? {})
      .map(([code, name]) => [code, names.indexOf(name)] as const)
      .filter(([, action]) => action >= 0),
  )
  const pressed: string[] = []
  let timer: ReturnType<typeof setTimeout> | undefined

  const held = (): number | null => {
    const [newest, ...others] = pressed.map((code) => keys.get(code) ?? -1)
    if (newest === undefined) return null
    // Where an action is named after two others (up_left), both their keys mean it.
    for (const other of others)
      for (const name of [`${names[newest]}_${names[other]}`, `${names[other]}_${names[newest]}`])
        if (names.includes(name)) return names.indexOf(name)
    return newest
  }
  const repeat = () => {
    const action = held()
    if (action === null || !repeats(action)) return
    press(action)
    timer = setTimeout(repeat, EVERY)
  }
  const down = (code: string) => {
    const action = keys.get(code)
    if (action === undefined || pressed.includes(code)) return
    pressed.unshift(code)
    press(held() ?? action)
    clearTimeout(timer)
    timer = setTimeout(repeat, FIRST)
  }
  const up = (code: string) => {
    const index = pressed.indexOf(code)
    if (index >= 0) pressed.splice(index, 1)
    if (pressed.length === 0) clearTimeout(timer)
  }
  const free = () => {
    pressed.length = 0
    clearTimeout(timer)
  }
  const keydown = (event: KeyboardEvent) => {
    if (!keys.has(event.code) || event.ctrlKey || event.metaKey || event.altKey) return
    if (event.target instanceof Element && event.target.closest('input, select, textarea, dialog')) return
    event.preventDefault()
    if (!event.repeat) down(event.code)
  }
  const keyup = (event: KeyboardEvent) => up(event.code)
  // Before the page's own keys, some of which the game may use.
  document.addEventListener('keydown', keydown, true)
  document.addEventListener('keyup', keyup)
  addEventListener('blur', free)

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
    down,
    up,
    free,
    allow(legal) {
      allowed = legal
      // Not disabled: whoever holds the focus keeps it.
      for (const [action, button] of buttons.entries()) {
        const may = String(legal?.[action] === false)
        if (button.getAttribute('aria-disabled') !== may) button.setAttribute('aria-disabled', may)
      }
    },
    dispose() {
      free()
      document.removeEventListener('keydown', keydown, true)
      document.removeEventListener('keyup', keyup)
      removeEventListener('blur', free)
    },
  }
}

const ARROWS = ['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight'] as const

/** Whether a game is steered by directions, so that fingers and sticks mean something. */
export function steered({ keys }: Env): boolean {
  return ARROWS.every((code) => keys?.[code] !== undefined)
}

/** The arrow keys that mean a way on the screen (right and down positive): one, or two between them. */
export function arrowsTo(x: number, y: number): string[] {
  const codes: string[] = []
  // Within 22.5 degrees of an axis it is that axis.
  if (Math.abs(x) > 0.4142 * Math.abs(y)) codes.push(x < 0 ? 'ArrowLeft' : 'ArrowRight')
  if (Math.abs(y) > 0.4142 * Math.abs(x)) codes.push(y < 0 ? 'ArrowUp' : 'ArrowDown')
  return codes
}

/** The keys of everything that is no direction, one for each action, in the game's order: buttons of a gamepad. */
export function otherKeys({ keys = {} }: Env): string[] {
  const steers = new Set(ARROWS.map((code) => keys[code]))
  const seen = new Set<string>()
  return Object.entries(keys).flatMap(([code, name]) => {
    if (steers.has(name) || seen.has(name) || /^Numpad/.test(code)) return []
    seen.add(name)
    return [code]
  })
}
