import { ACTIONS } from '../config.ts'
import { target } from '../rules.ts'
import type { Field } from '../state.ts'

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
