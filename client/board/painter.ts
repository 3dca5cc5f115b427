import type { Scene } from '#core/draw/scene'

/** A scene on its way from one state to the next. */
export interface Picture {
  /** Takes the next scene at `scale` pixels per unit; `tween(0)` then shows the old places, `tween(1)` the new. */
  show(scene: Scene, scale: number): void
  /** Puts every item `progress` (0..1) of its way. */
  tween(progress: number): void
  dispose(): void
}

/** A picture and the canvas that it fills. */
export interface Job {
  readonly picture: Picture
  readonly canvas: HTMLCanvasElement
}

/** Draws the pictures of all boards of the page. */
export interface Painter {
  picture(): Picture
  /** Draws each picture into the whole of its canvas. */
  paint(jobs: readonly Job[]): void
}

/** Farther than this part of the board in one step is a new start, not a movement. */
const JUMP = 0.35

/** Whether something has been put elsewhere rather than moved there. */
export function isJump(from: Place, to: Place, { width, height }: Scene): boolean {
  return Math.abs(to.x - from.x) + Math.abs(to.y - from.y) > JUMP * Math.max(width, height)
}

type Place = { readonly x: number; readonly y: number }
