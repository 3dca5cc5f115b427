import type { Scene } from '#core/scene'
import { h } from '../ui/dom.ts'
import { motion } from '../ui/motion.ts'
import type { Painter, Picture } from './painter.ts'

/** A canvas that shows scenes, sliding from one to the next. */
export interface Board {
  readonly element: HTMLCanvasElement
  /** Shows `scene`; what moved takes `duration` milliseconds to arrive (0: at once). */
  show(scene: Scene, duration: number): void
  dispose(): void
}

/** More pixels than this per CSS pixel cost time and are not seen. */
const FINEST = 2

let painter: Promise<Painter> | null = null

/** An empty board; the drawing code is loaded with the first of them. */
export function createBoard(label: string): Board {
  const element = h('canvas', { class: 'board', role: 'img', 'aria-label': label })
  let brush: Painter | null = null
  let picture: Picture | null = null
  let scene: Scene | null = null
  let changed = false
  let visible = false
  let start = 0
  let duration = 0

  /** Sizes the canvas to its place. Done only when it is painted at once, for it empties the canvas. */
  const fit = ({ width, height }: Scene): boolean => {
    const wide = Math.round(element.clientWidth * Math.min(devicePixelRatio, FINEST))
    const high = Math.round((wide * height) / width)
    if (wide === 0 || (element.width === wide && element.height === high)) return false
    element.width = wide
    element.height = high
    return true
  }

  const draw = (now: number): boolean => {
    if (!brush || !picture || !scene || !visible || element.clientWidth === 0) return false
    if (fit(scene) || changed) picture.show(scene, element.width / scene.width)
    changed = false
    const passed = duration <= 0 ? 1 : Math.max(0, Math.min(1, (now - start) / duration))
    picture.tween(passed * (2 - passed))
    brush.paint(picture, element)
    return passed < 1
  }

  const redraw = () => request(element, draw)
  const resized = new ResizeObserver(redraw)
  resized.observe(element)
  const seen = new IntersectionObserver(([entry]) => {
    visible = entry.isIntersecting
    if (visible) redraw()
  })
  seen.observe(element)

  let disposed = false
  painter ??= import('./painter.ts').then((module) => module.createPainter())
  void painter.then((loaded) => {
    if (disposed) return
    brush = loaded
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

/** Boards to be drawn in the next animation frame; each says whether it goes on moving. */
const dirty = new Map<HTMLCanvasElement, (now: number) => boolean>()
let scheduled = false

function request(board: HTMLCanvasElement, draw: (now: number) => boolean): void {
  dirty.set(board, draw)
  if (scheduled) return
  scheduled = true
  requestAnimationFrame(paintAll)
}

function paintAll(now: number): void {
  scheduled = false
  for (const [board, draw] of [...dirty]) {
    dirty.delete(board)
    if (draw(now)) request(board, draw)
  }
}
