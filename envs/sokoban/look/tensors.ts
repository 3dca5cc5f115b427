import type { TensorSpec } from '#core/env/env'
import type { Config } from '../config.ts'
import { BOX, TARGET, WALL } from '../levels/level.ts'
import { readLevel } from '../levels/xsb.ts'
import { FLAGS, type Sokoban } from '../state.ts'

/** Numeric observations: a plane of 0 and 1 per kind, and gym-sokoban's picture of 1 pixel per cell. */
export const tensors: Readonly<Record<string, TensorSpec<Sokoban, Config>>> = {
  planes: {
    dtype: 'uint8',
    high: 1,
    shape: (config) => [4, ...size(config)],
    write(state, _seat, out, offset) {
      const { cells, player } = state
      const plane = cells.length
      for (let cell = 0; cell < plane; cell++) {
        const flags = cells[cell]
        const at = offset + cell
        out[at] = flags & WALL
        out[at + plane] = (flags & TARGET) >> 1
        out[at + 2 * plane] = (flags & BOX) >> 2
        out[at + 3 * plane] = 0
      }
      out[offset + 3 * plane + player] = 1
    },
  },
  rgb: {
    dtype: 'uint8',
    shape: (config) => [...size(config), 3],
    write(state, _seat, out, offset) {
      const { cells, player } = state
      for (let cell = 0; cell < cells.length; cell++) {
        const colour = 3 * ((cells[cell] & FLAGS) | (cell === player ? PLAYER : 0))
        for (let i = 0; i < 3; i++) out[offset + 3 * cell + i] = COLOURS[colour + i]
      }
    },
  },
}

/** Flag of the player's cell beside those of level.ts. */
const PLAYER = 8

/** gym-sokoban's tiny colours, by flags. */
const COLOURS = new Uint8Array(16 * 3)
for (const [flags, colour] of [
  [0, [243, 248, 238]],
  [WALL, [0, 0, 0]],
  [TARGET, [254, 126, 125]],
  [BOX, [142, 121, 56]],
  [BOX | TARGET, [254, 95, 56]],
  [PLAYER, [160, 212, 56]],
  [PLAYER | TARGET, [219, 212, 56]],
] as const) {
  COLOURS.set(colour, 3 * flags)
}

function size(config: Config): [number, number] {
  const { width, height } = config.level === undefined ? config : readLevel(config.level)
  return [height, width]
}
