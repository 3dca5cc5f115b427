import type { Lens } from '../board/lens.ts'
import { h } from '../ui/dom.ts'
import { followPointers } from '../ui/pointer.ts'
import { arrowsTo, type Controls } from './controls.ts'

/** A finger that goes less far (pixels) only taps. */
const STROKE = 24
/** A stick is held while the finger is farther than this from where it came down. */
const HELD = 14

/**
 * Lets a finger steer on `board` until the result is called. Where a game waits, every stroke is a step in its
 * direction; where it goes on by itself, the finger holds a stick that grows where it came down.
 */
export function listenToFingers(
  board: HTMLElement,
  stage: HTMLElement,
  controls: Controls,
  lens: Lens,
  hurried: () => boolean,
): () => void {
  const knob = h('i')
  const stick = h('div', { class: 'stick', hidden: true, 'aria-hidden': 'true' }, knob)
  stage.append(stick)
  let id = -1
  let from = { x: 0, y: 0 }
  let holds: readonly string[] = []
  let stroked = false

  const hold = (codes: readonly string[]) => {
    for (const code of holds) if (!codes.includes(code)) controls.up(code)
    for (const code of codes) if (!holds.includes(code)) controls.down(code)
    holds = codes
  }
  const down = (event: PointerEvent) => {
    if (event.pointerType === 'mouse') return
    if (id >= 0) {
      release()
      return
    }
    id = event.pointerId
    from = { x: event.clientX, y: event.clientY }
    stroked = false
    if (!hurried()) return
    const place = stage.getBoundingClientRect()
    stick.style.translate = `${event.clientX - place.left}px ${event.clientY - place.top}px`
    knob.style.translate = '0 0'
    stick.hidden = false
  }
  const move = (event: PointerEvent) => {
    if (event.pointerId !== id || lens.pinching) return
    const [x, y] = [event.clientX - from.x, event.clientY - from.y]
    const far = Math.hypot(x, y)
    if (hurried()) {
      const part = Math.min(1, 36 / Math.max(1, far))
      knob.style.translate = `${x * part}px ${y * part}px`
      hold(far > HELD ? arrowsTo(x, y) : [])
      stroked ||= far > HELD
    } else if (far > STROKE) {
      // The longer way counts, and the next stroke begins here.
      const [code] = Math.abs(x) > Math.abs(y) ? arrowsTo(x, 0) : arrowsTo(0, y)
      controls.down(code)
      controls.up(code)
      from = { x: event.clientX, y: event.clientY }
      stroked = true
    }
  }
  const release = () => {
    id = -1
    stick.hidden = true
    hold([])
  }
  const up = (event: PointerEvent) => {
    if (event.pointerId === id) release()
  }
  /** A stroke is no click. */
  const click = (event: MouseEvent) => {
    if (stroked) event.stopImmediatePropagation()
    stroked = false
  }
  board.classList.add('steered')
  const stop = followPointers(board, { down, move, up })
  board.addEventListener('click', click, true)
  return () => {
    stop()
    board.removeEventListener('click', click, true)
    stick.remove()
  }
}
