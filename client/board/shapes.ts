import { Container, Graphics, GraphicsContext, Sprite, Texture } from 'pixi.js'
import type { Shape } from '#core/scene'

type TextShape = Extract<Shape, { kind: 'text' }>

/** What one kind of item looks like: filled outlines shared by all items that look so, and its words. */
export interface Look {
  readonly context: GraphicsContext
  readonly texts: readonly TextShape[]
}

const byList = new WeakMap<readonly Shape[], Look>()
const byContent = new Map<string, Look>()
const textures = new Map<string, Texture>()

/** Most looks and words kept; more than any game draws at once. */
const KEPT = 4096

/** The look of a list of shapes; equal lists share one. */
export function lookOf(shapes: readonly Shape[]): Look {
  const known = byList.get(shapes)
  if (known) return known
  const key = JSON.stringify(shapes)
  let look = byContent.get(key)
  if (!look) {
    if (byContent.size >= KEPT) byContent.clear()
    look = { context: outline(shapes), texts: shapes.filter((shape) => shape.kind === 'text') }
    byContent.set(key, look)
  }
  byList.set(shapes, look)
  return look
}

/** A node that draws `look`, with words sharp at `scale` pixels per scene unit. */
export function nodeOf(look: Look, scale: number): Container {
  const node = new Container()
  node.addChild(new Graphics(look.context))
  for (const text of look.texts) {
    const sprite = new Sprite(wordTexture(text, scale))
    const height = text.size
    const width = (sprite.texture.width / sprite.texture.height) * height
    sprite.setSize(width, height)
    const shift = text.align === 'center' ? 0.5 : text.align === 'right' ? 1 : 0
    sprite.position.set(text.x - width * shift, text.y)
    sprite.alpha = (text.alpha ?? 255) / 255
    node.addChild(sprite)
  }
  return node
}

function outline(shapes: readonly Shape[]): GraphicsContext {
  const context = new GraphicsContext()
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

function wordTexture(text: TextShape, scale: number): Texture {
  const pixels = 2 ** Math.ceil(Math.log2(Math.max(8, text.size * scale)))
  const key = `${pixels} ${text.fill} ${text.text}`
  const known = textures.get(key)
  if (known) return known
  const canvas = document.createElement('canvas')
  const context = canvas.getContext('2d')
  if (!context) return Texture.EMPTY
  const font = `600 ${pixels * 0.8}px ui-sans-serif, system-ui, sans-serif`
  context.font = font
  canvas.width = Math.ceil(context.measureText(text.text).width) + 2
  canvas.height = pixels
  context.font = font
  context.textBaseline = 'middle'
  context.fillStyle = `#${text.fill.toString(16).padStart(6, '0')}`
  context.fillText(text.text, 1, pixels / 2)
  const texture = Texture.from(canvas)
  if (textures.size >= KEPT) textures.clear()
  textures.set(key, texture)
  return texture
}
