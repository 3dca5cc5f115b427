import { UserError } from '#core/base/errors'
import { below, seeded } from '#core/base/random'
import { layout, type StateOf } from '#core/env/layout'
import { ACTIONS, COLUMNS, Config, FAMILIES, GRADES, ROWS } from './config.ts'
import { placesOf, readCells } from './families/grid.ts'
import { families } from './families/index.ts'

/** What a reward is made of: every step costs, a solved puzzle pays. */
export const TERMS = ['step', 'solved'] as const

/** Most words of an answer that is given word by word. */
const LONGEST = 8

const LAYOUT = layout(Config, {
  format: 1,
  seats: 1,
  terms: TERMS.length,
  fields: {
    /** The walker's cell, row * COLUMNS + column; 0, where mazes have walls, in other families. */
    walker: 'u8',
    /** The cell to reach, likewise. */
    goal: 'u8',
    /** 1 where nobody walks, by cell. */
    walls: ['u8', ROWS * COLUMNS],
    /** Whether the puzzle is walked, and not answered. */
    walks: 'bool',
    /** Action indices of the answer, and how many they are. */
    answer: ['u8', LONGEST],
    length: 'u8',
    /** How many of them are given. */
    given: 'u8',
    /** 1 for actions that an answer may be made of. */
    choices: ['u8', ACTIONS.length],
    /** 1 + the action that was wrong; 0 while none was. */
    wrong: 'u8',
  },
})
export type Puzzles = StateOf<typeof LAYOUT>
export type Puzzle = NonNullable<Config['puzzle']>

export const { save, load, clone } = LAYOUT

/** @throws UserError when the puzzle's lines are none of its family, or are too wide. */
export function reset(config: Config, seed: string): Puzzles {
  const puzzle = puzzleOf(config, seed)
  const { family, lines } = puzzle
  const work = families[family].work(lines)
  const wide = lines.find((line) => readCells(line).length > COLUMNS)
  if (wide !== undefined)
    throw new UserError(`a line of a puzzle has up to ${COLUMNS} words or cells (got '${wide}')`)
  const state = LAYOUT.make({ ...config, puzzle })
  const index = (word: string): number => (ACTIONS as readonly string[]).indexOf(word)
  for (const word of work.choices) state.choices[index(word)] = 1
  state.walks = family === 'path'
  if (state.walks) {
    const cellOf = (symbol: string): number => {
      const [{ row, column }] = placesOf(lines, symbol)
      return row * COLUMNS + column
    }
    state.walls.fill(1)
    for (const [row, line] of lines.entries())
      for (let column = 0; column < line.length; column++)
        if (line[column] !== '#') state.walls[row * COLUMNS + column] = 0
    state.walker = cellOf('@')
    state.goal = cellOf('.')
  } else {
    state.length = work.answer.length
    for (const [i, word] of work.answer.entries()) state.answer[i] = index(word)
  }
  return state
}

/** The puzzle given, or the one that the seed draws. */
export function puzzleOf({ family, grade, puzzle }: Config, seed: string): Puzzle {
  if (puzzle) return puzzle
  const random = seeded(seed)
  const drawn = family === 'mixed' ? FAMILIES[below(random, FAMILIES.length)] : family
  return {
    family: drawn,
    lines: families[drawn].draw(grade === 0 ? 1 + below(random, GRADES) : grade, random),
  }
}
