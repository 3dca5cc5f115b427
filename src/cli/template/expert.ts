import { ACTIONS } from './config.ts'
import { target } from './rules.ts'
import type { Field } from './state.ts'

/** Every word that texts, thoughts and actions are made of: a small model's vocabulary. */
export const words: readonly string[] = ['me', 'coin', 'floor', 'edge', 'go', 'to', ...ACTIONS]

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

/** What the first action of a plan leads to: 'go Up to coin'. */
export function think(state: Field, plan: readonly number[]): string {
  const action = plan[0] ?? 0
  const cell = target(state, action)
  const what = cell === state.walker ? 'edge' : state.coins[cell] === 1 ? 'coin' : 'floor'
  return `go ${ACTIONS[action]} to ${what}`
}

/** Whether every such claim holds for playing `plan`; null for a thought that claims nothing. */
export function truthful(state: Field, thought: string, plan: readonly number[]): boolean | null {
  const claims = thought.match(/\bgo \w+ to \w+/g)
  return claims?.every((claim) => claim === think(state, plan)) ?? null
}
