import fc from 'fast-check'
import { seeded } from '#core/base/random'
import { Config } from '../../envs/sokoban/config.ts'
import { generate } from '../../envs/sokoban/generate/generate.ts'
import type { Level } from '../../envs/sokoban/levels/level.ts'

/** Generated levels of many shapes, for property tests. */
export const anyLevel: fc.Arbitrary<Level> = fc
  .record({
    seed: fc.string({ maxLength: 8 }),
    width: fc.integer({ min: 6, max: 10 }),
    height: fc.integer({ min: 6, max: 10 }),
    boxes: fc.integer({ min: 1, max: 3 }),
    layout: fc.constantFrom('carved' as const, 'scattered' as const),
  })
  .map(({ seed, ...knobs }) => generate(Config.parse(knobs), seeded(seed)))

/** A level under one of the 8 symmetries of the square: 1 flips rows, 2 flips columns, 4 swaps the two. */
export function turned(level: Level, symmetry: number): Level {
  const swap = (symmetry & 4) !== 0
  const width = swap ? level.height : level.width
  const height = swap ? level.width : level.height
  const cells = new Uint8Array(level.cells.length)
  let player = 0
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const r = symmetry & 1 ? height - 1 - row : row
      const c = symmetry & 2 ? width - 1 - column : column
      const from = swap ? c * level.width + r : r * level.width + c
      cells[row * width + column] = level.cells[from]
      if (from === level.player) player = row * width + column
    }
  }
  return { width, height, cells, player }
}
