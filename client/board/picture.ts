import { Container, Graphics } from 'pixi.js'
import type { Scene } from '#core/scene'
import type { Picture } from './painter.ts'
import { type Look, lookOf, nodeOf } from './shapes.ts'

/** A thing on the board, on its way from one place to another. */
interface Piece {
  look: Look
  node: Container
  fromX: number
  fromY: number
  toX: number
  toY: number
}

/** Farther than this part of the board in one step is a new start, not a movement. */
const JUMP = 0.35

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
      const look = lookOf(item.shapes)
      let piece = this.#pieces.get(item.id)
      if (!piece) {
        piece = { look, node: nodeOf(look, scale), fromX: item.x, fromY: item.y, toX: item.x, toY: item.y }
        this.#pieces.set(item.id, piece)
      } else {
        const x = piece.node.x
        const y = piece.node.y
        if (piece.look !== look || (rescaled && look.texts.length > 0)) this.#redraw(piece, look, scale)
        const far = Math.abs(item.x - x) + Math.abs(item.y - y) > JUMP * Math.max(scene.width, scene.height)
        piece.fromX = far ? item.x : x
        piece.fromY = far ? item.y : y
        piece.toX = item.x
        piece.toY = item.y
      }
      if (this.#items.children[index] !== piece.node)
        this.#items.addChildAt(piece.node, Math.min(index, this.#items.children.length))
    }
    for (const [id, piece] of this.#pieces) {
      if (alive.has(id)) continue
      piece.node.destroy({ children: true })
      this.#pieces.delete(id)
    }
    this.tween(this.#progress)
  }

  tween(progress: number): void {
    this.#progress = progress
    for (const { node, fromX, fromY, toX, toY } of this.#pieces.values())
      node.position.set(fromX + (toX - fromX) * progress, fromY + (toY - fromY) * progress)
  }

  dispose(): void {
    this.root.destroy({ children: true })
    this.#pieces.clear()
  }

  #redraw(piece: Piece, look: Look, scale: number): void {
    const fresh = nodeOf(look, scale)
    fresh.position.copyFrom(piece.node.position)
    this.#items.addChildAt(fresh, this.#items.getChildIndex(piece.node))
    piece.node.destroy({ children: true })
    piece.node = fresh
    piece.look = look
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
