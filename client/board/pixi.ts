import 'pixi.js/unsafe-eval'
import 'pixi.js/graphics'
import { WebGLRenderer } from 'pixi.js'
import type { Painter } from './painter.ts'
import { PixiPicture } from './picture.ts'

/**
 * Draws every board of the page with one WebGL context: each picture in turn, copied into its board's canvas.
 * @throws Error when the browser has no WebGL.
 */
export async function pixiPainter(): Promise<Painter> {
  const renderer = new WebGLRenderer()
  await renderer.init({
    width: 512,
    height: 512,
    antialias: true,
    backgroundAlpha: 0,
    resolution: 1,
    skipExtensionImports: true,
  })
  return {
    picture: () => new PixiPicture(),
    paint(picture, canvas) {
      const { width, height } = canvas
      const context = canvas.getContext('2d')
      if (!context || width === 0 || height === 0) return
      // The shared surface only grows: resizing it costs more than the unused margin.
      if (renderer.width < width || renderer.height < height)
        renderer.resize(Math.max(renderer.width, width), Math.max(renderer.height, height))
      renderer.render({ container: (picture as PixiPicture).root })
      context.clearRect(0, 0, width, height)
      context.drawImage(renderer.canvas, 0, 0, width, height, 0, 0, width, height)
    },
  }
}
