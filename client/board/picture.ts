import { Container, Graphics } from 'pixi.js'
import type { Scene, Shape } from '#core/draw/scene'
import { isJump, type Picture } from './painter.ts'
import {
  acquireLook,
  type Drawing,
  draw,
  erase,
  type Look,
  releaseLook,
  sameShapes,
  turnInto,
} from './shapes.ts'

/** A thing on the board, on its way from one place to another. */
interface Piece {
  shapes: readonly Shape[]
  look: Look
  drawing: Drawing
  fromX: number
  fromY: number
  toX: number
  toY: number
}

/** A scene as a Pixi tree whose items keep their identity: what moved slides, what changed changes at once. */
export class PixiPicture implements Picture {
  readonly root = new Container()
  readonly #items = new Container()
  readonly #ground = new Graphics()
  readonly #pieces = new Map<string, Piece>()
  #background = -1
  #width = 0
  #height = 0
  #scale = 1
  #progress = 1

  constructor() {
    this.root.addChild(this.#ground, this.#items)
  }

  show(scene: Scene, scale: number): void {
    const rescaled = Math.abs(scale - this.#scale) > 1e-6
    this.#scale = scale
    this.root.scale.set(scale)
    this.#paintGround(scene)
    const alive = new Set<string>()
    for (let index = 0; index < scene.items.length; index++) {
      const item = scene.items[index]
      alive.add(item.id)
      const { shapes } = item
      let piece = this.#pieces.get(item.id)
      if (!piece) {
        const look = acquireLook(shapes)
        const drawing = draw(look, scale)
        piece = { shapes, look, drawing, fromX: item.x, fromY: item.y, toX: item.x, toY: item.y }
        this.#pieces.set(item.id, piece)
      } else {
        const { x, y } = piece.drawing.node
        if (!sameShapes(piece.shapes, shapes)) this.#change(piece, acquireLook(shapes), scale)
        else if (rescaled && piece.look.texts.length > 0) this.#redraw(piece, scale)
        piece.shapes = shapes
        const far = isJump({ x, y }, item, scene)
        piece.fromX = far ? item.x : x
        piece.fromY = far ? item.y : y
        piece.toX = item.x
        piece.toY = item.y
      }
      const { node } = piece.drawing
      if (this.#items.children[index] !== node)
        this.#items.addChildAt(node, Math.min(index, this.#items.children.length))
    }
    for (const [id, piece] of this.#pieces) {
      if (alive.has(id)) continue
      this.#remove(piece)
      this.#pieces.delete(id)
    }
    this.tween(this.#progress)
  }

  tween(progress: number): void {
    this.#progress = progress
    for (const { drawing, fromX, fromY, toX, toY } of this.#pieces.values())
      drawing.node.position.set(fromX + (toX - fromX) * progress, fromY + (toY - fromY) * progress)
  }

  dispose(): void {
    for (const piece of this.#pieces.values()) this.#remove(piece)
    this.#pieces.clear()
    this.root.destroy({ children: true })
  }

  #change(piece: Piece, look: Look, scale: number): void {
    const old = piece.look
    piece.look = look
    if (old.texts.length + look.texts.length === 0) turnInto(piece.drawing, look)
    else this.#redraw(piece, scale)
    releaseLook(old)
  }

  #redraw(piece: Piece, scale: number): void {
    const fresh = draw(piece.look, scale)
    const { node } = piece.drawing
    fresh.node.position.copyFrom(node.position)
    this.#items.addChildAt(fresh.node, this.#items.getChildIndex(node))
    erase(piece.drawing)
    piece.drawing = fresh
  }

  #remove({ look, drawing }: Piece): void {
    erase(drawing)
    releaseLook(look)
  }

  #paintGround(scene: Scene): void {
    if (scene.background === this.#background && scene.width === this.#width && scene.height === this.#height)
      return
    this.#background = scene.background
    this.#width = scene.width
    this.#height = scene.height
    this.#ground.clear().rect(0, 0, scene.width, scene.height).fill(scene.background)
  }
}
