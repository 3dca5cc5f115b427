import { rasterize } from '#core/rasterize'
import type { Frame, Scene } from '#core/scene'
import type { Painter, Picture } from './painter.ts'

/** Draws boards as the agents' frames are drawn: pixels, without movement between steps. */
export function plainPainter(): Painter {
  return {
    picture: () => new PlainPicture(),
    paint(jobs) {
      for (const { picture, canvas } of jobs) (picture as PlainPicture).paint(canvas)
    },
  }
}

class PlainPicture implements Picture {
  #scene: Scene | null = null
  #frame: Frame | undefined
  #image: ImageData | undefined

  show(scene: Scene): void {
    this.#scene = scene
  }

  tween(): void {
    // Nothing moves here.
  }

  dispose(): void {
    this.#scene = null
  }

  paint(canvas: HTMLCanvasElement): void {
    const { width, height } = canvas
    const context = canvas.getContext('2d')
    if (!context || !this.#scene) return
    const same = this.#frame?.width === width && this.#frame.height === height
    this.#frame = rasterize(this.#scene, width, height, same ? this.#frame : undefined)
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
