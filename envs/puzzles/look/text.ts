import { ACTIONS, COLUMNS, ROWS } from '../config.ts'
import type { Puzzles } from '../state.ts'

const numbered = (letter: string, count: number): string[] =>
  Array.from({ length: count }, (_, i) => `${letter}${i + 1}`)

/** Every word of texts, thoughts and answers. */
export const words: readonly string[] = [
  ...['#', '-', '.', '$', '@'],
  ...ACTIONS,
  ...['push', 'from', 'to', 'count', 'plus', 'minus', 'is', 'near', 'and', 'or', 'next', 'answer', ';'],
  ...numbered('r', ROWS),
  ...numbered('c', COLUMNS),
]

/** The puzzle's lines as they stand: mazes with the walker where it is, others with what is answered so far. */
export function linesOf(state: Puzzles): readonly string[] {
  const { config, walks, walker, given, answer, wrong } = state
  const { lines } = config.puzzle!
  if (walks) {
    const row = Math.floor(walker / COLUMNS)
    const column = walker % COLUMNS
    return lines.map((line, i) => {
      const floor = line.replace('@', '-')
      return i === row ? `${floor.slice(0, column)}@${floor.slice(column + 1)}` : floor
    })
  }
  const said = Array.from(answer.subarray(0, given), (action) => ACTIONS[action])
  if (wrong > 0) said.push(ACTIONS[wrong - 1])
  return said.length > 0 ? [...lines, `answer ${said.join(' ')}`] : lines
}

/** Rows of boards, and lines of words. */
export const text = (state: Puzzles): string => linesOf(state).join('\n')
