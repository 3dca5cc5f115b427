import type { Mines } from './state.ts'

/** Mines on the cells around one. */
export function around(size: number, mine: Uint8Array, cell: number): number {
  const x = cell % size
  const y = (cell - x) / size
  let count = 0
  for (let j = Math.max(0, y - 1); j <= Math.min(size - 1, y + 1); j++)
    for (let i = Math.max(0, x - 1); i <= Math.min(size - 1, x + 1); i++) count += mine[j * size + i]
  return count - mine[cell]
}

/**
 * Opens a dark cell without a mine, and what is around a cell that has no mine around it.
 * @returns how many cells were opened.
 */
export function open(state: Mines, cell: number): number {
  const { config, mine } = state
  const { size } = config
  state.open[cell] = 1
  state.left--
  let count = 1
  if (around(size, mine, cell) > 0) return count
  const x = cell % size
  const y = (cell - x) / size
  for (let j = Math.max(0, y - 1); j <= Math.min(size - 1, y + 1); j++)
    for (let i = Math.max(0, x - 1); i <= Math.min(size - 1, x + 1); i++)
      if (state.open[j * size + i] === 0) count += open(state, j * size + i)
  return count
}

/** One action of one seat: opens a cell. Advances `state` in place and allocates nothing. */
export function step(state: Mines, actions: ArrayLike<number>): void {
  const { rewards, terms, mine } = state
  rewards.fill(0)
  terms.fill(0)
  if (state.terminated || state.truncated) return
  state.t++
  const cell = actions[0]
  if (state.open[cell] === 0) {
    if (mine[cell] === 1) {
      state.open[cell] = 1
      terms[1] = -1
    } else {
      terms[0] = open(state, cell) / state.all
      terms[2] = state.left === 0 ? 1 : 0
    }
  }
  rewards[0] = terms[0] + terms[1] + terms[2]
  state.terminated = terms[1] < 0 || state.left === 0
  state.truncated = !state.terminated && state.t >= 2 * mine.length
}

/** Which cells are dark. */
export function legal({ open, terminated, truncated }: Mines): boolean[] {
  return Array.from(open, (is) => is === 0 && !terminated && !truncated)
}
