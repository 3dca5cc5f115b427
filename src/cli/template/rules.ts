import { ACTIONS } from './config.ts'
import type { Field } from './state.ts'

const STEP = -0.1
const COIN = 1

/** The cell that an action leads to; its own at the edge. */
export function target({ config, walker }: Field, action: number): number {
  const { size } = config
  const column = walker % size
  if (action === 1) return walker >= size ? walker - size : walker
  if (action === 2) return walker + size < size * size ? walker + size : walker
  if (action === 3) return column > 0 ? walker - 1 : walker
  if (action === 4) return column + 1 < size ? walker + 1 : walker
  return walker
}

/** One action of one seat. Advances `state` in place and allocates nothing. */
export function step(state: Field, actions: ArrayLike<number>): void {
  const { rewards, terms, coins } = state
  rewards.fill(0)
  terms.fill(0)
  if (state.terminated || state.truncated) return
  state.t++
  state.walker = target(state, actions[0])
  terms[0] = STEP
  if (coins[state.walker] === 1) {
    coins[state.walker] = 0
    state.left--
    terms[1] = COIN
  }
  rewards[0] = terms[0] + terms[1]
  state.terminated = state.left === 0
  state.truncated = !state.terminated && state.t >= state.config.maxSteps
}

/** Which actions do something now: staying does nothing, nor does walking against the edge. */
export function legal(state: Field): boolean[] {
  return ACTIONS.map((_, action) => target(state, action) !== state.walker)
}
