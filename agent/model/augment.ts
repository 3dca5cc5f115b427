import { below, bits, type Random, uniform } from '#core/base/random'
import type { Frame } from '#core/draw/scene'

/** How far frames are changed for training, so that a model does not hang on exact pixels. */
export interface Jitter {
  /** Most that all channels are brightened or darkened, of 255. */
  readonly brightness: number
  /** Most that each channel is moved by itself, of 255. */
  readonly tint: number
  /** Most that each byte is moved by itself, of 255. */
  readonly noise: number
  /** Most pixels that the picture is shifted along each axis; edges repeat. */
  readonly shift: number
  /**
   * Share of frames whose colours fade, half of them to grey and the others by a random part. Noise is then, of any frame,
   * a random part of the most.
   */
  readonly fade?: number
}

export const JITTER: Jitter = { brightness: 24, tint: 12, noise: 8, shift: 1 }
const WIDE: Jitter = { brightness: 48, tint: 24, noise: 40, shift: 1, fade: 0.5 }

/** How a recipe's `augment` changes frames; undefined where it does not. */
export function jitterOf(augment: boolean | 'wide'): Jitter | undefined {
  return augment === 'wide' ? WIDE : augment ? JITTER : undefined
}

/** A changed copy of a frame, by the caller's generator. */
export function jitterFrame(frame: Frame, random: Random, jitter: Jitter = JITTER): Frame {
  if (jitter.fade !== undefined) {
    const { fade, ...rest } = jitter
    const faded = uniform(random) < fade ? fadeFrame(frame, Math.min(1, 2 * uniform(random))) : frame
    return jitterFrame(faded, random, { ...rest, noise: below(random, jitter.noise + 1) })
  }
  const { width, height, data } = frame
  const dx = below(random, 2 * jitter.shift + 1) - jitter.shift
  const dy = below(random, 2 * jitter.shift + 1) - jitter.shift
  const brightness = between(random, jitter.brightness)
  const offset = [0, 1, 2].map(() => brightness + between(random, jitter.tint))
  const span = 2 * jitter.noise + 1
  const out = new Uint8Array(data.length)
  let at = 0
  for (let y = 0; y < height; y++) {
    const fromY = Math.min(height - 1, Math.max(0, y + dy)) * width
    for (let x = 0; x < width; x++) {
      const from = (fromY + Math.min(width - 1, Math.max(0, x + dx))) * 3
      // One draw gives the noise of the pixel's three channels, 10 bits each.
      const word = bits(random)
      for (let c = 0; c < 3; c++) {
        const noise = ((((word >>> (10 * c)) & 1023) * span) >> 10) - jitter.noise
        out[at++] = Math.min(255, Math.max(0, data[from + c] + offset[c] + noise))
      }
    }
  }
  return { width, height, data: out }
}

/** A copy whose colours are by a share replaced by how light they are (ITU-R BT.601, in 256ths). */
function fadeFrame({ width, height, data }: Frame, share: number): Frame {
  const out = new Uint8Array(data.length)
  for (let at = 0; at < data.length; at += 3) {
    const grey = (77 * data[at] + 150 * data[at + 1] + 29 * data[at + 2]) / 256
    for (let c = 0; c < 3; c++) out[at + c] = Math.round(data[at + c] + share * (grey - data[at + c]))
  }
  return { width, height, data: out }
}

/** Uniform in [-most, most]. */
function between(random: Random, most: number): number {
  return (2 * uniform(random) - 1) * most
}
