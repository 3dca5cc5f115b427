import { h } from './dom.ts'
import { icon } from './icon.ts'
import type { Binding } from './keys.ts'
import { Signal } from './signal.ts'

/** Whether boards have the whole width; the same for every page that one visits. */
const theatre = new Signal(false)

/** Ways to make a board larger than its page would. */
export interface Big {
  readonly buttons: readonly HTMLElement[]
  readonly keys: readonly Binding[]
  dispose(): void
}

/** @param page is marked as theatre; @param part fills the screen. */
export function biggerOf(page: HTMLElement, part: HTMLElement): Big {
  const wide = h(
    'button',
    { class: 'button square', title: 'The board across the window (T)', onclick: () => toggle() },
    icon('wide'),
  )
  wide.setAttribute('aria-label', 'The board across the window')
  const whole = h(
    'button',
    { class: 'button square', title: 'Full screen (Z)', onclick: () => void fullScreen() },
    icon('enlarge'),
  )
  whole.setAttribute('aria-label', 'Full screen')
  const toggle = () => {
    theatre.value = !theatre.value
  }
  const fullScreen = async () => {
    if (document.fullscreenElement) await document.exitFullscreen()
    // Phones of one maker have none: the board takes the window instead.
    else if (part.requestFullscreen) await part.requestFullscreen().catch(() => toggle())
    else toggle()
  }
  const changed = () => whole.setAttribute('aria-pressed', String(document.fullscreenElement === part))
  document.addEventListener('fullscreenchange', changed)
  changed()
  const stop = theatre.watch((on) => {
    page.classList.toggle('theatre', on)
    wide.setAttribute('aria-pressed', String(on))
  })
  return {
    buttons: [wide, whole],
    keys: [
      { keys: ['t', 'T'], label: 'The board across the window', run: toggle },
      { keys: ['z', 'Z'], label: 'Full screen', run: () => void fullScreen() },
    ],
    dispose() {
      stop()
      document.removeEventListener('fullscreenchange', changed)
    },
  }
}
