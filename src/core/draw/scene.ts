/**
 * A display list: what one seat sees of one state, in whole scene units. The rasterizer makes frames of it,
 * the viewer draws and tweens it; neither knows the game.
 */
export interface Scene {
  /** Extent in scene units. */
  readonly width: number
  readonly height: number
  /** 0xRRGGBB. */
  readonly background: number
  /** 0xRRGGBB of what a frame of another shape shows around it; as its background unless given. */
  readonly outside?: number
  /** Painted in order. */
  readonly items: readonly Item[]
}

/** A thing with an identity: between two scenes, an item with the same id moves from one place to the other. */
export interface Item {
  readonly id: string
  /** Origin of its shapes. */
  readonly x: number
  readonly y: number
  readonly shapes: readonly Shape[]
}

/**
 * Whole numbers only, so that pixels are equal everywhere. Colours are 0xRRGGBB; alpha is 0..255, opaque unless given.
 * An ellipse has its centre at x, y; a line has butt ends; a polygon is filled by the even-odd rule; a text's x, y
 * is the top of its line at the left end, centre or right end, and capitals are `size` high.
 */
export type Shape =
  | { readonly kind: 'rect'; x: number; y: number; w: number; h: number; fill: number; alpha?: number }
  | { readonly kind: 'ellipse'; x: number; y: number; rx: number; ry: number; fill: number; alpha?: number }
  | {
      readonly kind: 'line'
      x1: number
      y1: number
      x2: number
      y2: number
      width: number
      fill: number
      alpha?: number
    }
  | { readonly kind: 'polygon'; points: readonly number[]; fill: number; alpha?: number }
  | {
      readonly kind: 'text'
      x: number
      y: number
      size: number
      text: string
      align: 'left' | 'center' | 'right'
      fill: number
      alpha?: number
    }

/** Pixels of a frame: rows from the top, 3 bytes (red, green, blue) per pixel. */
export interface Frame {
  readonly width: number
  readonly height: number
  readonly data: Uint8Array
}
