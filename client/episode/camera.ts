import type { Scene } from '#core/draw/scene'
import type { Focus } from '#core/env/env'

/** The part of the way to its aim that a camera goes in a step. */
const EASE = 0.16
/** Steps apart from each other by more are no movement: the camera is there at once. */
const APART = 3

/** A camera over scenes: it follows what matters, gently, and shows that part alone. */
export class Camera {
  #x = 0
  #y = 0
  #t: number | null = null

  /** `scene` after `t` steps as the camera sees it. */
  see(scene: Scene, focus: Focus, t: number): Scene {
    const { x, y, width, height } = focus
    const apart = this.#t === null ? Number.POSITIVE_INFINITY : Math.abs(t - this.#t)
    if (apart > APART) {
      this.#x = x
      this.#y = y
    } else
      for (let i = 0; i < apart; i++) {
        this.#x += EASE * (x - this.#x)
        this.#y += EASE * (y - this.#y)
      }
    this.#t = t
    const [left, top] = [Math.round(this.#x), Math.round(this.#y)]
    const items = scene.items.map((item) => ({ ...item, x: item.x - left, y: item.y - top }))
    return { ...scene, width, height, items }
  }

  /** Forgets where it looked. */
  reset(): void {
    this.#t = null
  }
}
