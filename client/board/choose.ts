import type { Item, Shape } from '#core/draw/scene'
import type { Painter } from './painter.ts'
import { inSoftware } from './software.ts'

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
