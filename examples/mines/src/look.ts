import type { Item, Scene, Shape } from 'kickpush/env'
import { around, legal } from './rules.ts'
import type { Mines } from './state.ts'

/** Pixels of a cell, and scene units: patches of a frame are 16 x 16. */
export const CELL = 16
const DARK = 0x5c6b80
const OPEN = 0xe7e3d6
/** Of the number of mines around, from 1. */
const NUMBERS = [0x2f62c8, 0x2e8b3d, 0xd03b3b, 0x24307a, 0x7a2424, 0x1f7f7f, 0x202020, 0x707070]

/** What a cell shows: `dark`, `mine`, or `n2` for two mines around. */
export function wordOf({ config, open, mine }: Mines, cell: number): string {
  if (open[cell] === 0) return 'dark'
  return mine[cell] === 1 ? 'mine' : `n${around(config.size, mine, cell)}`
}

/** One word per cell, rows from the top. */
export function text(state: Mines): string {
  const { size } = state.config
  return Array.from({ length: size }, (_, y) =>
    Array.from({ length: size }, (_, x) => wordOf(state, y * size + x)).join(' '),
  ).join('\n')
}

/** The same facts as a display list: as many dots as there are mines around. */
export function scene(state: Mines): Scene {
  const { size } = state.config
  const items: Item[] = []
  for (let cell = 0; cell < state.open.length; cell++) {
    const word = wordOf(state, cell)
    const ground: Shape = { kind: 'rect', x: 1, y: 1, w: 14, h: 14, fill: word === 'dark' ? DARK : OPEN }
    items.push({
      id: `${word === 'dark' ? 'dark' : 'open'} ${cell}`,
      x: (cell % size) * CELL,
      y: Math.floor(cell / size) * CELL,
      shapes: [ground, ...signs(word)],
    })
  }
  return { width: size * CELL, height: size * CELL, background: 0x2b323d, items }
}

function signs(word: string): Shape[] {
  if (word === 'mine') return [{ kind: 'ellipse', x: 8, y: 8, rx: 5, ry: 5, fill: 0x1a1a1a }]
  const count = word === 'dark' ? 0 : Number(word[1])
  // Rows of three.
  return Array.from({ length: count }, (_, i) => ({
    kind: 'rect' as const,
    x: 3 + 4 * (i % 3),
    y: 3 + 4 * Math.floor(i / 3),
    w: 3,
    h: 3,
    fill: NUMBERS[count - 1],
  }))
}

/** The cell at a place of the scene, where it is dark. */
export function point(state: Mines, _seat: number, x: number, y: number): number | null {
  const { size } = state.config
  const [column, row] = [Math.floor(x / CELL), Math.floor(y / CELL)]
  if (column < 0 || row < 0 || column >= size || row >= size) return null
  const cell = row * size + column
  return legal(state)[cell] ? cell : null
}
