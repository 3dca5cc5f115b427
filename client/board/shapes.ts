import { Container, Graphics, GraphicsContext, Sprite, Texture } from 'pixi.js'
import type { Shape } from '#core/draw/scene'
import { Pool } from './pool.ts'

type TextShape = Extract<Shape, { kind: 'text' }>

/** What one kind of item looks like: filled outlines and words. */
export interface Look {
  /** Under which it is shared; null when it belongs to one board. */
  readonly key: string | null
  readonly context: GraphicsContext
  readonly texts: readonly TextShape[]
}

/** A drawn look; its words are sharp at one scale. */
export interface Drawing {
  readonly node: Container
  readonly outlines: Graphics
  readonly words: readonly string[]
}

/** More shapes than this are the layout of a level: nothing that another board is likely to have. */
const LAYOUT = 40
/** Bytes of looks and of words kept for when they are needed again. */
const KEPT_LOOKS = 3 << 19
const KEPT_WORDS = 2 << 20
/** About what a shape takes whatever it is, and each corner of its geometry: two places, two of a texture, indices. */
const SHAPE_BYTES = 1200
const CORNER_BYTES = 40

const looks = new Pool<Look>(KEPT_LOOKS, ({ context }) => context.destroy())
const textures = new Pool<Texture>(KEPT_WORDS, (texture) => {
  if (texture !== Texture.EMPTY) texture.destroy(true)
})
/** Lists that never change are read once. */
const keys = new WeakMap<readonly Shape[], string>()

/** The look of a list of shapes; equal short lists share one. Give it back with `releaseLook`. */
export function acquireLook(shapes: readonly Shape[]): Look {
  if (shapes.length > LAYOUT) return lookOf(shapes, null)
  let key = keys.get(shapes)
  if (key === undefined) {
    key = JSON.stringify(shapes)
    keys.set(shapes, key)
  }
  const name = key
  const bytes = shapes.reduce((sum, shape) => sum + bytesOf(shape), 2 * name.length)
  return looks.acquire(name, () => ({ value: lookOf(shapes, name), bytes }))
}

/** Ends one use of a look. */
export function releaseLook({ key, context }: Look): void {
  if (key === null) context.destroy()
  else looks.release(key)
}

/** Draws `look`, with words sharp at `scale` pixels per scene unit. */
export function draw(look: Look, scale: number): Drawing {
  const node = new Container()
  const outlines = new Graphics(look.context)
  node.addChild(outlines)
  const words: string[] = []
  for (const text of look.texts) {
    const pixels = 2 ** Math.ceil(Math.log2(Math.max(8, text.size * scale)))
    const key = `${pixels} ${text.fill} ${text.text}`
    words.push(key)
    const sprite = new Sprite(textures.acquire(key, () => written(text, pixels)))
    const height = text.size
    const width = (sprite.texture.width / sprite.texture.height) * height
    sprite.setSize(width, height)
    const shift = text.align === 'center' ? 0.5 : text.align === 'right' ? 1 : 0
    sprite.position.set(text.x - width * shift, text.y)
    sprite.alpha = (text.alpha ?? 255) / 255
    node.addChild(sprite)
  }
  return { node, outlines, words }
}

/** Lets a drawing show another look, where neither has words; makes nothing that Pixi would have to keep account of. */
export function turnInto({ outlines }: Drawing, look: Look): void {
  outlines.context = look.context
}

/** Takes a drawing down. */
export function erase({ node, words }: Drawing): void {
  node.destroy({ children: true })
  for (const key of words) textures.release(key)
}

/** Whether two lists look the same. */
export function sameShapes(a: readonly Shape[], b: readonly Shape[]): boolean {
  return a === b || (a.length === b.length && a.every((shape, i) => sameShape(shape, b[i])))
}

function sameShape(a: Shape, b: Shape): boolean {
  const names = Object.keys(a) as (keyof Shape)[]
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => {
      const [x, y]: unknown[] = [a[name], b[name]]
      return x === y || (Array.isArray(x) && Array.isArray(y) && x.join() === y.join())
    })
  )
}

function lookOf(shapes: readonly Shape[], key: string | null): Look {
  return { key, context: outline(shapes), texts: shapes.filter((shape) => shape.kind === 'text') }
}

/** About what Pixi keeps of a shape; it takes so many corners for round ones. */
function bytesOf(shape: Shape): number {
  const corners =
    shape.kind === 'ellipse'
      ? 4 * Math.ceil(2.3 * Math.sqrt(shape.rx + shape.ry))
      : shape.kind === 'line'
        ? 4 * Math.ceil(2.3 * Math.sqrt(shape.width))
        : shape.kind === 'polygon'
          ? shape.points.length / 2
          : 4
  return SHAPE_BYTES + CORNER_BYTES * corners
}

function outline(shapes: readonly Shape[]): GraphicsContext {
  const context = new GraphicsContext()
  // Geometry goes with its board: what Pixi keeps of large contexts for reuse only grows.
  context.batchMode = 'batch'
  for (const shape of shapes) {
    const style = { color: shape.fill, alpha: (shape.alpha ?? 255) / 255 }
    if (shape.kind === 'rect') context.rect(shape.x, shape.y, shape.w, shape.h).fill(style)
    else if (shape.kind === 'ellipse') context.ellipse(shape.x, shape.y, shape.rx, shape.ry).fill(style)
    else if (shape.kind === 'polygon') context.poly([...shape.points]).fill(style)
    else if (shape.kind === 'line')
      context
        .moveTo(shape.x1, shape.y1)
        .lineTo(shape.x2, shape.y2)
        .stroke({ ...style, width: shape.width, cap: 'round' })
  }
  return context
}

function written(text: TextShape, pixels: number): { value: Texture; bytes: number } {
  const canvas = document.createElement('canvas')
  const context = canvas.getContext('2d')
  if (!context) return { value: Texture.EMPTY, bytes: 0 }
  const font = `600 ${pixels * 0.8}px ui-sans-serif, system-ui, sans-serif`
  context.font = font
  canvas.width = Math.ceil(context.measureText(text.text).width) + 2
  canvas.height = pixels
  context.font = font
  context.textBaseline = 'middle'
  context.fillStyle = `#${text.fill.toString(16).padStart(6, '0')}`
  context.fillText(text.text, 1, pixels / 2)
  return { value: Texture.from(canvas), bytes: 4 * canvas.width * canvas.height }
}
