import type { Item, Scene, Shape } from '#core/scene'

/** A scene on its way from one state to the next. */
export interface Picture {
  /** Takes the next scene at `scale` pixels per unit; `tween(0)` then shows the old places, `tween(1)` the new. */
  show(scene: Scene, scale: number): void
  /** Puts every item `progress` (0..1) of its way. */
  tween(progress: number): void
  dispose(): void
}

/** A picture and the canvas that it fills. */
export interface Job {
  readonly picture: Picture
  readonly canvas: HTMLCanvasElement
}

/** Draws the pictures of all boards of the page. */
export interface Painter {
  picture(): Picture
  /** Draws each picture into the whole of its canvas. */
  paint(jobs: readonly Job[]): void
}

/** Farther than this part of the board in one step is a new start, not a movement. */
const JUMP = 0.35

/** Whether something has been put elsewhere rather than moved there. */
export function isJump(from: Place, to: Place, { width, height }: Scene): boolean {
  return Math.abs(to.x - from.x) + Math.abs(to.y - from.y) > JUMP * Math.max(width, height)
}

type Place = { readonly x: number; readonly y: number }

/** Says in `localStorage` which painter there is to be, whatever is faster: 'webgl' or 'plain'. */
const WISH = 'kickpush.painter'

/**
 * Pixi on WebGL, or the agents' own rasterizer: where a browser has no WebGL, and where it has it in software and
 * that is slower, which is measured.
 */
export async function createPainter(): Promise<Painter> {
  const wish = localStorage.getItem(WISH)
  const plain = async () => (await import('./plain.ts')).plainPainter()
  if (wish === 'plain') return plain()
  try {
    const pixi = await (await import('./pixi.ts')).pixiPainter()
    if (wish === 'webgl' || !inSoftware()) return pixi
    const own = await plain()
    return cost(own) < cost(pixi) ? own : pixi
  } catch (error) {
    console.info('Drawing without WebGL:', (error as Error).message)
  }
  return plain()
}

/** Renderers of WebGL that are no graphics card. */
const SOFTWARE = /swiftshader|llvmpipe|softpipe|software|basic render/i

/** Whether WebGL is there, but only in software. */
export function inSoftware(): boolean {
  const probe = new OffscreenCanvas(1, 1).getContext('webgl2')
  // Firefox says it plainly and warns of the extension; the others say it there.
  const plain = String(probe?.getParameter(probe.RENDERER) ?? '')
  const more = plain.startsWith('WebKit') ? probe?.getExtension('WEBGL_debug_renderer_info') : null
  const name = more ? String(probe?.getParameter(more.UNMASKED_RENDERER_WEBGL)) : plain
  probe?.getExtension('WEBGL_lose_context')?.loseContext()
  return SOFTWARE.test(name)
}

/** Milliseconds that a painter takes for a picture of a board of usual size at best, pixels and all. */
function cost(painter: Painter): number {
  const canvas = document.createElement('canvas')
  canvas.width = 960
  canvas.height = 600
  const picture = painter.picture()
  const items = Array.from({ length: 24 }, (_, i): Item => {
    const shapes: Shape[] = [
      { kind: 'rect', x: 0, y: 0, w: 40, h: 40, fill: 0x335577 },
      { kind: 'ellipse', x: 20, y: 20, rx: 12, ry: 12, fill: 0xffcc33 + i },
    ]
    return { id: String(i), x: 20 * i, y: 10 * i, shapes }
  })
  // Reading a pixel waits until all of them are there.
  const reader = document.createElement('canvas').getContext('2d', { willReadFrequently: true })
  let least = Number.POSITIVE_INFINITY
  for (let round = 0; round < ROUNDS; round++) {
    const began = performance.now()
    picture.show({ width: 480, height: 300, background: round, items }, 2)
    painter.paint([{ picture, canvas }])
    reader?.drawImage(canvas, 0, 0, 1, 1)
    reader?.getImageData(0, 0, 1, 1)
    least = Math.min(least, performance.now() - began)
  }
  picture.dispose()
  return least
}

/** Pictures of a measurement. */
const ROUNDS = 6
