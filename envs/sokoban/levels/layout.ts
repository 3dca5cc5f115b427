import { below, type Random, uniform } from '#core/base/random'
import type { Config } from '../config.ts'
import { WALL } from './level.ts'

/** An empty room with up to `config.walls` random inner walls. */
export function scatter(config: Config, random: Random): Uint8Array {
  const { width, height } = config
  const cells = new Uint8Array(width * height).fill(WALL)
  for (let row = 1; row < height - 1; row++) cells.fill(0, row * width + 1, row * width + width - 1)
  const walls = below(random, config.walls + 1)
  for (let i = 0; i < walls; i++) {
    cells[(1 + below(random, height - 2)) * width + 1 + below(random, width - 2)] = WALL
  }
  return cells
}

/** What the walk digs around itself: bits of a 3 x 3 square, rows from the top, the centre always in. */
const SPADES = [0b000_111_000, 0b010_010_010, 0b000_110_110, 0b000_011_011, 0b010_110_000, 0b010_111_010]
const TURN = 0.35

/** Solid wall with a room dug by a random walk that turns now and then and changes its spade. */
export function carve(config: Config, random: Random): Uint8Array {
  const { width, height } = config
  const cells = new Uint8Array(width * height).fill(WALL)
  let row = 1 + below(random, height - 2)
  let column = 1 + below(random, width - 2)
  let direction = below(random, 4)
  const length = Math.floor(1.7 * (width + height))
  for (let step = 0; step < length; step++) {
    if (uniform(random) < TURN) direction = below(random, 4)
    const y = row + (direction === 0 ? -1 : direction === 1 ? 1 : 0)
    const x = column + (direction === 2 ? -1 : direction === 3 ? 1 : 0)
    row = Math.min(height - 2, Math.max(1, y))
    column = Math.min(width - 2, Math.max(1, x))
    const spade = SPADES[below(random, SPADES.length)]
    for (let bit = 0; bit < 9; bit++) {
      if (!(spade & (1 << bit))) continue
      const r = row + 1 - Math.floor(bit / 3)
      const c = column + 1 - (bit % 3)
      if (r > 0 && r < height - 1 && c > 0 && c < width - 1) cells[r * width + c] = 0
    }
  }
  return cells
}
