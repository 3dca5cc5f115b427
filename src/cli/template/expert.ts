import type { Field } from './state.ts'

/** The action that leads towards the nearest coin: rows first. */
export function expert({ config, coins, walker }: Field): number {
  const { size } = config
  const column = walker % size
  let best = 0
  let least = Number.POSITIVE_INFINITY
  for (let cell = 0; cell < coins.length; cell++) {
    if (coins[cell] === 0) continue
    const right = (cell % size) - column
    const down = (cell - (cell % size) - walker + column) / size
    const distance = Math.abs(right) + Math.abs(down)
    if (distance >= least) continue
    least = distance
    best = down < 0 ? 1 : down > 0 ? 2 : right < 0 ? 3 : 4
  }
  return best
}
