/** Puzzles: short tasks in text whose answers can be checked, of graded difficulty. One seat. */

import type { Env } from '#core/env/env'
import { ACTIONS, Config, examples, FAMILIES, presets } from './config.ts'
import { families } from './families/index.ts'
import { SIZE, scene } from './look/scene.ts'
import { linesOf, text, words } from './look/text.ts'
import { think, truthful } from './look/think.ts'
import { isSolved, legal, step } from './rules.ts'
import { clone, load, type Puzzles, puzzleOf, reset, save, TERMS } from './state.ts'

export const puzzles: Env<Puzzles, Config> = {
  id: 'puzzles',
  title: 'Puzzles: short questions in text with checked answers',
  version: 1,
  look: 1,
  terms: TERMS,
  config: Config,
  presets,
  examples,

  seats: () => 1,
  actions: () => ACTIONS,
  reset,
  step,
  clone,
  save,
  load,
  text: (state) => text(state),
  scene: (state) => scene(state),
  frame: () => SIZE,
  prompt,
  outcome: (state) => ({
    name: isSolved(state)
      ? 'solved'
      : state.wrong > 0
        ? 'wrong'
        : state.truncated
          ? 'out of steps'
          : 'playing',
    success: isSolved(state),
  }),

  legal: (state) => legal(state),
  policies: { expert: () => ({ act: (state) => solution(state) }) },
  words,
  think: (state, _seat, plan) => think(state, plan),
  truthful: (state, _seat, thought, plan) => truthful(state, thought, plan),
  marks: (state) => (state.terms[1] > 0 ? ['solved'] : state.wrong > 0 ? ['wrong'] : []),
  insight: ({ config }) => [{ label: 'family', value: config.puzzle!.family }],
  stepsToGo: (state) =>
    isSolved(state) ? 0 : state.wrong > 0 ? Number.POSITIVE_INFINITY : solution(state).length,
  levelKey: (config, seed) => JSON.stringify(puzzleOf(config, seed)),
  turns: 8,
  keys: {
    ArrowUp: 'Up',
    ArrowDown: 'Down',
    ArrowLeft: 'Left',
    ArrowRight: 'Right',
    KeyY: 'yes',
    KeyN: 'no',
    KeyA: 'a',
    KeyB: 'b',
    KeyC: 'c',
    KeyD: 'd',
    ...Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`Digit${i}`, String(i)])),
  },
}

/** The rest of the answer, or the shortest way from where the walker is. */
function solution(state: Puzzles): number[] {
  if (!state.walks) return Array.from(state.answer.subarray(state.given, state.length))
  const { answer } = families.path.work(linesOf(state))
  return answer.map((word) => (ACTIONS as readonly string[]).indexOf(word))
}

/** Of the families that a config may show. */
function prompt({ family, puzzle, maxSteps }: Config) {
  const shown = puzzle ? [puzzle.family] : family === 'mixed' ? FAMILIES : [family]
  return {
    rules: [
      'You solve a short puzzle. Answer with its words only; a wrong word ends it.',
      ...shown.map((name) => families[name].rules),
      `A solved puzzle pays 10, every word or move costs 0.1; you have ${maxSteps}.`,
    ].join(' '),
    text: 'Boards have one sign per cell; elsewhere r1 is the top row, c1 the left column, a to d are things, @ is you. answer: what you have answered so far.',
    frame:
      'The text, cell by cell: words are written, walls are brown, floor is light, $ is a yellow box, the dot is red, things are yellow with their letter, you are the green disc. What you have answered is green, what is wrong is red.',
  }
}
