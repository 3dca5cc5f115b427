import { rasterize } from '#core/draw/rasterize'
import type { Frame, Item, Scene } from '#core/draw/scene'
import { isJump, type Painter, type Picture } from './painter.ts'

/** Draws boards as the agents' frames are drawn: whole pixels, by the processor alone. */
export function plainPainter(): Painter {
  return {
    picture: () => new PlainPicture(),
    paint(jobs) {
      for (const { picture, canvas } of jobs) (picture as PlainPicture).paint(canvas)
    },
  }
}

type Place = Pick<Item, 'x' | 'y'>

class PlainPicture implements Picture {
  #scene: Scene | null = null
  #shown: Scene | null = null
  /** Where each item begins its way to its place in the scene. */
  #from = new Map<string, Place>()
  #frame: Frame | undefined
  #image: ImageData | undefined

  show(scene: Scene): void {
    const before = new Map(this.#shown?.items.map((item) => [item.id, item]))
    this.#from = new Map()
    for (const item of scene.items) {
      const old = before.get(item.id)
      if (old && (old.x !== item.x || old.y !== item.y) && !isJump(old, item, scene))
        this.#from.set(item.id, old)
    }
    this.#scene = scene
    this.#shown = scene
  }

  tween(progress: number): void {
    const scene = this.#scene
    if (!scene) return
    const items = scene.items.map((item) => {
      const from = this.#from.get(item.id)
      if (!from) return item
      // Scenes are in whole units.
      const x = Math.round(from.x + (item.x - from.x) * progress)
      const y = Math.round(from.y + (item.y - from.y) * progress)
      return { ...item, x, y }
    })
    this.#shown = { ...scene, items }
  }

  dispose(): void {
    this.#scene = null
    this.#shown = null
  }

  paint(canvas: HTMLCanvasElement): void {
    const { width, height } = canvas
    const context = canvas.getContext('2d')
    if (!context || !this.#shown) return
    const same = this.#frame?.width === width && this.#frame.height === height
    this.#frame = rasterize(this.#shown, width, height, same ? this.#frame : undefined)
    if (!same || !this.#image) this.#image = new ImageData(width, height)
    toRgba(this.#frame.data, this.#image.data)
    context.putImageData(this.#image, 0, 0)
  }
}

/** Three bytes per pixel into four, opaque. */
export function toRgba(rgb: Uint8Array, rgba: Uint8ClampedArray): void {
  for (let i = 0, j = 0; i < rgb.length; i += 3, j += 4) {
    rgba[j] = rgb[i]
    rgba[j + 1] = rgb[i + 1]
    rgba[j + 2] = rgb[i + 2]
    rgba[j + 3] = 255
  }
}
