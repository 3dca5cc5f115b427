import type { Frame, Scene, Shape } from './scene.ts'
import { ellipse, line, polygon, rect, type Target, text } from './shapes.ts'

/**
 * A scene as pixels. The scene keeps its shape: it is scaled by one factor and centred on what lies outside it; a rest
 * of one pixel, which comes of rounding, is background.
 * A pixel belongs to a shape when its centre does; rects and ellipses keep at least one pixel, lines one in width.
 * Only whole numbers and correctly rounded roots and quotients of them, so pixels are equal in every engine.
 * @param out is painted over and returned when given; no pixels are allocated then.
 * @throws RangeError when a size is not a positive integer or `out` has another size.
 */
export function rasterize(scene: Scene, width: number, height: number, out?: Frame): Frame {
  const frame = out ?? { width, height, data: new Uint8Array(3 * positive(width) * positive(height)) }
  if (frame.width !== width || frame.height !== height) {
    throw new RangeError(`a frame of ${frame.width}x${frame.height} cannot hold ${width}x${height}`)
  }
  const wide = width * scene.height > height * scene.width
  const num = wide ? height : width
  const den = wide ? scene.height : scene.width
  const sceneWidth = Math.floor((scene.width * num) / den)
  const sceneHeight = Math.floor((scene.height * num) / den)
  const left = (width - sceneWidth) >> 1
  const top = (height - sceneHeight) >> 1
  const target: Target = {
    data: frame.data,
    stride: width,
    num,
    den,
    left,
    top,
    right: left + sceneWidth,
    bottom: top + sceneHeight,
  }
  const { background, outside = background } = scene
  const framed = Math.max(width - sceneWidth, height - sceneHeight) > 1
  paintAll(frame.data, framed ? outside : background)
  if (framed && outside !== background) rect(target, 0, 0, scene.width, scene.height, background, 255)
  for (const item of scene.items) {
    for (const shape of item.shapes) paint(target, shape, item.x, item.y)
  }
  return frame
}

function paint(t: Target, shape: Shape, x: number, y: number): void {
  const alpha = shape.alpha ?? 255
  switch (shape.kind) {
    case 'rect':
      rect(t, x + shape.x, y + shape.y, shape.w, shape.h, shape.fill, alpha)
      break
    case 'ellipse':
      ellipse(t, x + shape.x, y + shape.y, shape.rx, shape.ry, shape.fill, alpha)
      break
    case 'line':
      line(t, x + shape.x1, y + shape.y1, x + shape.x2, y + shape.y2, shape.width, shape.fill, alpha)
      break
    case 'polygon':
      polygon(t, shape.points, x, y, shape.fill, alpha)
      break
    case 'text':
      text(t, shape.text, x + shape.x, y + shape.y, shape.size, shape.align, shape.fill, alpha)
      break
  }
}

function positive(size: number): number {
  if (!Number.isInteger(size) || size < 1)
    throw new RangeError(`a frame cannot be ${size} pixels wide or high`)
  return size
}

function paintAll(data: Uint8Array, fill: number): void {
  data[0] = fill >> 16
  data[1] = fill >> 8
  data[2] = fill
  for (let done = 3; done < data.length; done *= 2) data.copyWithin(done, 0, done)
}
