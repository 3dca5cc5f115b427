import gifenc from 'gifenc'
import { rasterize } from '#core/draw/rasterize'
import { toRgba } from '../board/plain.ts'
import type { Film } from './film.ts'

const WIDTH = 480
const COLOURS = 256
/** Milliseconds that the last picture stays. */
const LAST = 1500
/** Milliseconds of work between two looks at the screen. */
const SLICE = 30

/** An endless animation of everything the film shows; `progress` is told the part done. */
export async function gifOf(film: Film, progress: (part: number) => void): Promise<Uint8Array<ArrayBuffer>> {
  const gif = gifenc.GIFEncoder()
  let until = performance.now() + SLICE
  for (let t = 0; t <= film.length; t++) {
    const scene = film.stage(t, 0)
    if (!scene) continue
    const height = Math.max(1, Math.round((WIDTH * scene.height) / scene.width))
    const frame = rasterize(scene, WIDTH, height)
    const pixels = new Uint8ClampedArray(WIDTH * height * 4)
    toRgba(frame.data, pixels)
    const palette = gifenc.quantize(pixels, COLOURS)
    const delay = t === film.length ? LAST : 1000 / film.pace
    gif.writeFrame(gifenc.applyPalette(pixels, palette), WIDTH, height, { palette, delay })
    if (performance.now() > until) {
      progress(t / film.length)
      await new Promise((resolve) => setTimeout(resolve))
      until = performance.now() + SLICE
    }
  }
  gif.finish()
  return new Uint8Array(gif.bytes())
}
