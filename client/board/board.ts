import type { Scene } from '#core/scene'
import { h } from '../ui/dom.ts'
import { motion } from '../ui/motion.ts'
import type { Picture } from './picture.ts'
import type { Painter } from './pixi.ts'

/** A canvas that shows scenes, sliding from one to the next. */
export interface Board {
  readonly element: HTMLCanvasElement
  /** Shows `scene`; what moved takes `duration` milliseconds to arrive (0: at once). */
  show(scene: Scene, duration: number): void
  dispose(): void
}

interface Tween {
  start: number
  duration: number
}

let painter: Promise<Painter> | null = null
const dirty = new Map<object, (now: number) => boolean>()
let scheduled = false

/** An empty board; the drawing code is loaded with the first of them. */
export function createBoard(label: string): Board {
  const element = h('canvas', { class: 'board', role: 'img', 'aria-label': label })
  const key = {}
  let brush: Painter | null = null
  let picture: Picture | null = null
  let scene: Scene | null = null
  let disposed = false
  let fresh = false
  const tween: Tween = { start: 0, duration: 0 }

  const fit = () => {
    if (!scene) return
    const ratio = Math.min(devicePixelRatio, 2)
    const width = Math.round(element.clientWidth * ratio)
    const height = Math.round((width * scene.height) / scene.width)
    if (width === 0 || (element.width === width && element.height === height)) return
    element.width = width
    element.height = height
    fresh = true
  }

  const draw = (now: number): boolean => {
    if (disposed || !brush || !picture || !scene || element.width === 0) return false
    if (fresh) {
      fresh = false
      picture.show(scene, element.width / scene.width)
    }
    const passed = tween.duration <= 0 ? 1 : Math.min(1, (now - tween.start) / tween.duration)
    picture.tween(ease(passed))
    brush.paint(picture, element)
    return passed < 1
  }

  const observer = new ResizeObserver(() => {
    fit()
    request(key, draw)
  })
  observer.observe(element)

  painter ??= import('./pixi.ts').then((module) => module.pixiPainter())
  void painter.then((loaded) => {
    if (disposed) return
    brush = loaded
    picture = loaded.picture()
    fresh = true
    request(key, draw)
  })

  return {
    element,
    show(next, duration) {
      const first = scene === null
      scene = next
      element.style.aspectRatio = `${next.width} / ${next.height}`
      element.style.setProperty('--ratio', String(next.width / next.height))
      fit()
      fresh = true
      tween.start = performance.now()
      tween.duration = first || !motion.value ? 0 : duration
      request(key, draw)
    },
    dispose() {
      disposed = true
      observer.disconnect()
      dirty.delete(key)
      picture?.dispose()
    },
  }
}

function ease(x: number): number {
  return x * (2 - x)
}

/** One animation frame for all boards; only boards that move are drawn again. */
function request(key: object, draw: (now: number) => boolean): void {
  dirty.set(key, draw)
  if (scheduled) return
  scheduled = true
  requestAnimationFrame(paintAll)
}

function paintAll(now: number): void {
  scheduled = false
  for (const [key, draw] of [...dirty]) {
    if (!draw(now)) dirty.delete(key)
  }
  if (dirty.size > 0 && !scheduled) {
    scheduled = true
    requestAnimationFrame(paintAll)
  }
}
