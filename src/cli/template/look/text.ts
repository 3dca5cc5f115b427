import { ACTIONS } from '../config.ts'
import type { Field } from '../state.ts'

/** Every word that texts, thoughts and actions are made of: a small model's vocabulary. */
export const words: readonly string[] = ['me', 'coin', 'floor', 'edge', 'go', 'to', ...ACTIONS]

/** One word per cell; lines are rows, words on a line are columns. */
export function text({ config, coins, walker }: Field): string {
  const { size } = config
  const rows = Array.from({ length: size }, (_, row) =>
    Array.from({ length: size }, (_, column) => {
      const cell = row * size + column
      return cell === walker ? 'me' : coins[cell] === 1 ? 'coin' : 'floor'
    }).join(' '),
  )
  return rows.join('\n')
}
