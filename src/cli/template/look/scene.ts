import type { Item, Scene } from '#core/draw/scene'
import { target } from '../rules.ts'
import type { Field } from '../state.ts'

/** Pixels of a cell, and scene units: patches of a frame are 16 x 16. */
export const CELL = 16

/** The same facts as a display list. An item that keeps its id moves; one that is gone fades in the viewer. */
export function scene({ config, coins, walker }: Field): Scene {
  const { size } = config
  const items: Item[] = []
  const put = (id: string, cell: number, shapes: Item['shapes']): void => {
    const column = cell % size
    items.push({ id, x: column * CELL, y: ((cell - column) / size) * CELL, shapes })
  }
  for (let cell = 0; cell < coins.length; cell++) {
    put(`floor ${cell}`, cell, [{ kind: 'rect', x: 1, y: 1, w: 14, h: 14, fill: 0xe4ead8 }])
    if (coins[cell] === 0) continue
    put(`coin ${cell}`, cell, [{ kind: 'ellipse', x: 8, y: 8, rx: 5, ry: 5, fill: 0xf0b020 }])
  }
  put('walker', walker, [{ kind: 'rect', x: 3, y: 3, w: 10, h: 10, fill: 0x2060d0 }])
  return { width: size * CELL, height: size * CELL, background: 0xc8d2b8, items }
}

/** A click on a cell beside the walker means the step to it. */
export function point(state: Field, x: number, y: number): number | null {
  const { size } = state.config
  const [column, row] = [Math.floor(x / CELL), Math.floor(y / CELL)]
  if (column < 0 || column >= size) return null
  const cell = row * size + column
  const action = [1, 2, 3, 4].find((action) => target(state, action) === cell)
  return cell === state.walker ? null : (action ?? null)
}
