import type { Scene } from '#core/draw/scene'
import { h } from '../ui/dom.ts'
import { motion } from '../ui/motion.ts'
import type { Job, Painter, Picture } from './painter.ts'

/** A canvas that shows scenes, sliding from one to the next. */
export interface Board {
  readonly element: HTMLCanvasElement
  /** Shows `scene`; what moved takes `duration` milliseconds to arrive (0: at once). */
  show(scene: Scene, duration: number): void
  dispose(): void
}

/** More pixels than this per CSS pixel cost time and are not seen. */
const FINEST = 2

let loading: Promise<Painter> | null = null
let painter: Painter | null = null

/** A board as it is to be drawn now. */
interface Moment extends Job {
  /** It is still on its way to the newest scene. */
  readonly moving: boolean
}

/** An empty board; the drawing code is loaded with the first of them. */
export function createBoard(label: string): Board {
  const element = h('canvas', { class: 'board', role: 'img', 'aria-label': label })
  let picture: Picture | null = null
  let scene: Scene | null = null
  let changed = false
  // Until it is known to be out of sight.
  let visible = true
  let start = 0
  let duration = 0

  /** Sizes the canvas to its place. Done only when it is painted at once, for it empties the canvas. */
  const resize = ({ width, height }: Scene): boolean => {
    const wide = Math.round(element.clientWidth * Math.min(devicePixelRatio, FINEST))
    const high = Math.round((wide * height) / width)
    if (wide === 0 || (element.width === wide && element.height === high)) return false
    element.width = wide
    element.height = high
    return true
  }

  /** Makes the picture of this moment; null when there is nothing to draw. */
  const prepare = (now: number): Moment | null => {
    if (!picture || !scene || !visible || element.clientWidth === 0) return null
    if (resize(scene) || changed) picture.show(scene, element.width / scene.width)
    changed = false
    const passed =
      duration <= 0 || now < hurriedUntil ? 1 : Math.max(0, Math.min(1, (now - start) / duration))
    picture.tween(passed * (2 - passed))
    return { picture, canvas: element, moving: passed < 1 }
  }

  const redraw = () => request(element, prepare)
  const resized = new ResizeObserver(redraw)
  resized.observe(element)
  const seen = new IntersectionObserver((entries) => {
    // A busy page tells several at once, and only the last of them is so now.
    visible = entries.at(-1)?.isIntersecting ?? visible
    if (visible) redraw()
  })
  seen.observe(element)

  let disposed = false
  loading ??= import('./choose.ts').then((module) => module.createPainter())
  void loading.then((loaded) => {
    painter = loaded
    if (disposed) return
    picture = loaded.picture()
    changed = true
    redraw()
  })

  return {
    element,
    show(next, milliseconds) {
      if (!scene || scene.width !== next.width || scene.height !== next.height) {
        element.style.aspectRatio = `${next.width} / ${next.height}`
        element.style.setProperty('--ratio', String(next.width / next.height))
      }
      start = performance.now()
      duration = scene && motion.value ? milliseconds : 0
      scene = next
      changed = true
      redraw()
    },
    dispose() {
      disposed = true
      resized.disconnect()
      seen.disconnect()
      dirty.delete(element)
      picture?.dispose()
    },
  }
}

/** Boards to be drawn in the next animation frame. */
const dirty = new Map<HTMLCanvasElement, (now: number) => Moment | null>()
let scheduled = false
/** When the next animation frame was asked for. */
let asked = 0
/** Until then boards show their newest state without moving to it: the machine does not keep up. */
let hurriedUntil = 0

/** Boards are painted no more often than once in so many milliseconds, while somebody else wants the cores as well. */
let pace = 0
let painted = 0

/** @param milliseconds from one picture to the next, at least; 0 for as many as there are. */
export function paceBoards(milliseconds: number): void {
  pace = milliseconds
}

/** An animation frame (ms) that came later than this was late. */
const LATE = 120
/** How long (ms) movement stays off after a late frame. */
const HURRY = 2000

function request(board: HTMLCanvasElement, prepare: (now: number) => Moment | null): void {
  dirty.set(board, prepare)
  if (scheduled) return
  scheduled = true
  const wait = painted + pace - performance.now()
  if (pace === 0 || wait <= 0) ask()
  else setTimeout(ask, wait)
}

function ask(): void {
  asked = performance.now()
  requestAnimationFrame(paintAll)
}

function paintAll(now: number): void {
  scheduled = false
  painted = now
  // A page out of sight gets no frames at all; that is not being slow.
  if (performance.now() - asked > LATE && !document.hidden) hurriedUntil = now + HURRY
  const moments: Moment[] = []
  for (const [board, prepare] of [...dirty]) {
    dirty.delete(board)
    const moment = prepare(now)
    if (!moment) continue
    moments.push(moment)
    if (moment.moving) request(board, prepare)
  }
  painter?.paint(moments)
}
