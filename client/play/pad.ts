import type { Env } from '#core/env/env'
import { arrowsTo, type Controls, otherKeys, steered } from './controls.ts'

/** A stick is pushed when it is farther from its middle than this part of its way. */
const PUSHED = 0.45
/** Buttons of the standard gamepad: the four of the right hand, the shoulders, then what is left; start; the cross. */
const BUTTONS = [0, 1, 2, 3, 5, 7, 4, 6, 8, 10, 11] as const
const START = 9
const CROSS = [
  [12, 'ArrowUp'],
  [13, 'ArrowDown'],
  [14, 'ArrowLeft'],
  [15, 'ArrowRight'],
] as const

/** Lets gamepads press the keys of `controls` until the result is called; `pause` is what their start button does. */
export function listenToPads(env: Env, controls: Controls, pause: () => void): () => void {
  const others = otherKeys(env)
  const steers = steered(env)
  let before = new Set<string>()
  let started = false
  let frame = 0
  const look = () => {
    const now = new Set<string>()
    let start = false
    let connected = false
    for (const pad of navigator.getGamepads()) {
      if (!pad?.connected) continue
      connected = true
      const pressed = (index: number) => pad.buttons[index]?.pressed ?? false
      start ||= pressed(START)
      for (const [i, code] of others.entries()) if (i < BUTTONS.length && pressed(BUTTONS[i])) now.add(code)
      if (!steers) continue
      for (const [index, code] of CROSS) if (pressed(index)) now.add(code)
      const [x = 0, y = 0] = pad.axes
      if (Math.hypot(x, y) > PUSHED) for (const code of arrowsTo(x, y)) now.add(code)
    }
    for (const code of before) if (!now.has(code)) controls.up(code)
    for (const code of now) if (!before.has(code)) controls.down(code)
    if (start && !started) pause()
    started = start
    before = now
    frame = connected ? requestAnimationFrame(look) : 0
  }
  const wake = () => {
    if (frame === 0) frame = requestAnimationFrame(look)
  }
  addEventListener('gamepadconnected', wake)
  wake()
  return () => {
    removeEventListener('gamepadconnected', wake)
    cancelAnimationFrame(frame)
    frame = -1
  }
}
