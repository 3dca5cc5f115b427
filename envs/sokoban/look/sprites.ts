import type { Shape } from '#core/draw/scene'

/** How a board is drawn, in units of 16 per cell; the pixels of a cell depend on that cell alone. */
export interface Sprites {
  /** 0xRRGGBB. */
  readonly floor: number
  /** What never moves: walls and targets. */
  room(cells: Uint16Array, width: number): readonly Shape[]
  readonly crate: readonly Shape[]
  /** A box on a target. */
  readonly home: readonly Shape[]
  readonly player: readonly Shape[]
  /** The same in words, for the prompt. */
  readonly told: string
}
