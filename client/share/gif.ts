import gifenc from 'gifenc'
import type { Film } from '../episode/film.ts'
import { type Cut, createReel, picturesOf } from './reel.ts'

const COLOURS = 256
/** Milliseconds that the last picture stays. */
const LAST = 1500
/** Milliseconds of work between two looks at the screen. */
const SLICE = 30

/**
 * A cut as an endless animation.
 * @param progress is told the part done. @throws the signal's reason when it is stopped.
 */
export async function gifOf(
  film: Film,
  cut: Cut,
  progress: (part: number) => void,
  signal: AbortSignal,
): Promise<Blob> {
  const gif = gifenc.GIFEncoder()
  const reel = createReel(film, cut)
  const pictures = picturesOf(cut, film.pace)
  let until = performance.now() + SLICE
  for (let i = 0; i < pictures; i++) {
    reel.draw(i)
    const { width, height } = reel.canvas
    const pixels = reel.canvas.getContext('2d')?.getImageData(0, 0, width, height).data
    if (!pixels) throw new Error('This browser draws no pictures.')
    const palette = gifenc.quantize(pixels, COLOURS)
    const delay = i === pictures - 1 ? LAST : 1000 / cut.rate
    gif.writeFrame(gifenc.applyPalette(pixels, palette), width, height, { palette, delay })
    if (performance.now() > until) {
      progress((i + 1) / pictures)
      await new Promise((resolve) => setTimeout(resolve))
      signal.throwIfAborted()
      until = performance.now() + SLICE
    }
  }
  gif.finish()
  return new Blob([new Uint8Array(gif.bytes())], { type: 'image/gif' })
}
