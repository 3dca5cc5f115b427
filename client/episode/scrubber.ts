import { h } from '../ui/dom.ts'
import type { Player } from './player.ts'

/** The handle with which one goes to any step; who scrubs does not play on. */
export function scrubber(player: Player, name: string): HTMLInputElement {
  const range = h('input', {
    type: 'range',
    class: name,
    min: 0,
    step: 1,
    'aria-label': 'Step',
    oninput: () => {
      player.playing.value = false
      player.seek(Number(range.value))
    },
  })
  return range
}

/** Puts the handle at step `t` of `length`. */
export function placeScrubber(range: HTMLInputElement, t: number, length: number): void {
  range.value = String(t)
  range.setAttribute('aria-valuetext', `step ${t} of ${length}`)
}
