import type { Scene } from '#core/scene'

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

/** Pixi on WebGL; where a browser has none, frames of the agents' own rasterizer. */
export async function createPainter(): Promise<Painter> {
  try {
    return await (await import('./pixi.ts')).pixiPainter()
  } catch (error) {
    console.info('Drawing without WebGL:', (error as Error).message)
  }
  return (await import('./plain.ts')).plainPainter()
}
