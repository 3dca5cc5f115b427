import { createRequire } from 'node:module'
import type * as Canvas from 'canvas'
import { UserError } from '#core/base/errors'
import type { Frame } from '#core/draw/scene'

const require = createRequire(import.meta.url)

/** A frame as a PNG file. @throws UserError where canvas, whose binary is optional, is not installed. */
export function png(frame: Frame): Uint8Array {
  const canvas = loadCanvas().createCanvas(frame.width, frame.height)
  const context = canvas.getContext('2d')
  const image = context.createImageData(frame.width, frame.height)
  image.data.set(rgba(frame))
  context.putImageData(image, 0, 0)
  return canvas.toBuffer('image/png')
}

/** The pixels of a frame with an opaque fourth channel. */
export function rgba({ width, height, data }: Frame): Uint8ClampedArray {
  const out = new Uint8ClampedArray(width * height * 4)
  for (let i = 0; i < width * height; i++) {
    out[4 * i] = data[3 * i]
    out[4 * i + 1] = data[3 * i + 1]
    out[4 * i + 2] = data[3 * i + 2]
    out[4 * i + 3] = 255
  }
  return out
}

function loadCanvas(): typeof Canvas {
  try {
    return require('canvas')
  } catch {
    throw new UserError('pictures need the binary of the package canvas: npm install without --omit=optional')
  }
}
