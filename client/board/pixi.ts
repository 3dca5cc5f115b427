import 'pixi.js/unsafe-eval'
import 'pixi.js/graphics'
import { Rectangle, Texture, WebGLRenderer } from 'pixi.js'
import { type Cell, pack } from './pack.ts'
import type { Job, Painter } from './painter.ts'
import { PixiPicture } from './picture.ts'
import { inSoftware } from './software.ts'

/** Largest side of the shared surface, in pixels; every WebGL has it. */
const LIMIT = 4096

/** Frames that the surface may be far too large before it shrinks. */
const SPARE = 120

/**
 * Draws every board of the page with one WebGL context: those that move side by side on one surface, which is then
 * copied into their canvases.
 * @throws Error when the browser has no WebGL.
 */
export async function pixiPainter(): Promise<Painter> {
  const surface = new OffscreenCanvas(512, 512)
  const renderer = new WebGLRenderer<OffscreenCanvas>()
  await renderer.init({
    canvas: surface,
    width: 512,
    height: 512,
    antialias: smooth(),
    backgroundAlpha: 0,
    resolution: 1,
    skipExtensionImports: true,
  })
  // Only words are textures; a shader that chooses among more of them is slower for everything else.
  renderer.limits.maxBatchableTextures = 4
  const view = new Texture({ source: renderer.view.texture.source, frame: new Rectangle(0, 0, 1, 1) })
  let spare = 0

  const resize = (width: number, height: number) => {
    const small = 4 * width * height < renderer.width * renderer.height
    spare = small ? spare + 1 : 0
    if (spare > SPARE) renderer.resize(width, height)
    else if (renderer.width < width || renderer.height < height)
      renderer.resize(Math.max(renderer.width, width), Math.max(renderer.height, height))
  }

  /** Geometry outside of a cell is cut off, for it is outside of the viewport. */
  const draw = (picture: PixiPicture, { x, y, width, height }: Cell, first: boolean) => {
    view.frame.x = x
    view.frame.y = y
    view.frame.width = width
    view.frame.height = height
    renderer.render({ container: picture.root, target: view, clear: first })
  }

  return {
    picture: () => new PixiPicture(),
    paint(jobs) {
      let rest: readonly Job[] = jobs
      while (rest.length > 0) {
        const { cells, width, height } = pack(
          rest.map(({ canvas }) => canvas),
          LIMIT,
        )
        resize(width, height)
        for (const [index, cell] of cells.entries())
          draw(rest[index].picture as PixiPicture, cell, index === 0)
        const image = surface.transferToImageBitmap()
        for (const [index, cell] of cells.entries()) {
          const context = rest[index].canvas.getContext('2d')
          context?.clearRect(0, 0, cell.width, cell.height)
          context?.drawImage(image, cell.x, cell.y, cell.width, cell.height, 0, 0, cell.width, cell.height)
        }
        image.close()
        rest = rest.slice(cells.length)
      }
    },
  }
}

/** Fine pixels need no smoothing, and WebGL in software pays for it with most of its frames. */
function smooth(): boolean {
  return devicePixelRatio < 2 && !inSoftware()
}
