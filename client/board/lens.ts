import type { Scene } from '#core/draw/scene'
import { followPointers } from '../ui/pointer.ts'
import { Signal } from '../ui/signal.ts'

/** Farther in than this there is nothing more to see. */
const CLOSEST = 6
/** How much closer a notch of the wheel comes. */
const NOTCH = 1.0015

type Point = { readonly x: number; readonly y: number }

/** What part of a board one looks at: two fingers, or the wheel with Ctrl, come closer and move it; a double tap shows all. */
export class Lens {
  /** How many times closer; counts as changed when only the place did, too. */
  readonly changes = new Signal(0)
  #zoom = 1
  /** Middle of the view, as parts of the scene. */
  #x = 0.5
  #y = 0.5
  readonly #fingers = new Map<number, Point>()

  get zoom(): number {
    return this.#zoom
  }

  /** The part of a scene that is looked at. */
  see(scene: Scene): Scene {
    if (this.#zoom === 1) return scene
    const { left, top, width, height } = this.#view(scene)
    const items = scene.items.map((item) => ({ ...item, x: item.x - left, y: item.y - top }))
    return { ...scene, width, height, items }
  }

  /** What of `scene` is under a place of the window, in its units. */
  place({ clientX, clientY }: { clientX: number; clientY: number }, board: Element, scene: Scene): Point {
    const rect = board.getBoundingClientRect()
    const { left, top, width, height } = this.#view(scene)
    return {
      x: left + ((clientX - rect.left) / rect.width) * width,
      y: top + ((clientY - rect.top) / rect.height) * height,
    }
  }

  /** More than one finger is on the board: what they do is no stroke. */
  get pinching(): boolean {
    return this.#fingers.size > 1
  }

  /** Listens to fingers and wheel on a board until the result is called. */
  bind(board: HTMLElement): () => void {
    const down = (event: PointerEvent) => {
      if (event.pointerType !== 'mouse') this.#fingers.set(event.pointerId, at(event))
    }
    const move = (event: PointerEvent) => {
      const before = this.#fingers.get(event.pointerId)
      if (!before) return
      const rect = board.getBoundingClientRect()
      const others = [...this.#fingers].filter(([id]) => id !== event.pointerId).map(([, point]) => point)
      this.#fingers.set(event.pointerId, at(event))
      if (others.length === 1) {
        const [other] = others
        const factor = far(at(event), other) / Math.max(1, far(before, other))
        const middle = { x: (event.clientX + other.x) / 2, y: (event.clientY + other.y) / 2 }
        this.#closer(factor, (middle.x - rect.left) / rect.width, (middle.y - rect.top) / rect.height)
        this.#slide((event.clientX - before.x) / 2 / rect.width, (event.clientY - before.y) / 2 / rect.height)
      }
    }
    const up = (event: PointerEvent) => {
      this.#fingers.delete(event.pointerId)
    }
    const wheel = (event: WheelEvent) => {
      if (!event.ctrlKey) return
      event.preventDefault()
      const rect = board.getBoundingClientRect()
      const x = (event.clientX - rect.left) / rect.width
      this.#closer(NOTCH ** -event.deltaY, x, (event.clientY - rect.top) / rect.height)
    }
    const all = () => this.#closer(1 / this.#zoom, 0.5, 0.5)
    const stop = followPointers(board, { down, move, up })
    board.addEventListener('dblclick', all)
    board.addEventListener('wheel', wheel, { passive: false })
    return () => {
      stop()
      board.removeEventListener('dblclick', all)
      board.removeEventListener('wheel', wheel)
    }
  }

  #view({ width, height }: Scene): { left: number; top: number; width: number; height: number } {
    const [wide, high] = [Math.round(width / this.#zoom), Math.round(height / this.#zoom)]
    const left = Math.round(this.#x * width - wide / 2)
    const top = Math.round(this.#y * height - high / 2)
    return { left, top, width: wide, height: high }
  }

  /** Comes closer to what is at (x, y), as parts of the view, which stays there. */
  #closer(factor: number, x: number, y: number): void {
    const zoom = Math.max(1, Math.min(CLOSEST, this.#zoom * factor))
    this.#x += (x - 0.5) * (1 / this.#zoom - 1 / zoom)
    this.#y += (y - 0.5) * (1 / this.#zoom - 1 / zoom)
    this.#zoom = zoom
    this.#slide(0, 0)
  }

  #slide(x: number, y: number): void {
    const half = 0.5 / this.#zoom
    this.#x = Math.max(half, Math.min(1 - half, this.#x - x / this.#zoom))
    this.#y = Math.max(half, Math.min(1 - half, this.#y - y / this.#zoom))
    this.changes.value++
  }
}

function at({ clientX, clientY }: PointerEvent): Point {
  return { x: clientX, y: clientY }
}

function far(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y)
}
