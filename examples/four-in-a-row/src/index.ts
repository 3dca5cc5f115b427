/** Four in a row: two seats drop discs in turn; who has four in a row first wins. */
import type { Env } from 'kickpush/env'
import { CELL, point, SIGNS, scene, text } from './look.ts'
import { Expert, greedy } from './players.ts'
import { legal, step, toAct } from './rules.ts'
import { Config, clone, type Four, load, reset, save, TERMS } from './state.ts'
import { think, truthful, VIEWS } from './think.ts'

const names = (columns: number): string[] => Array.from({ length: columns }, (_, i) => `c${i + 1}`)

export const fourInARow: Env<Four, Config> = {
  id: 'four-in-a-row',
  title: 'Four in a row: drop discs in turn',
  version: 2,
  look: 2,
  terms: TERMS,
  config: Config,
  presets: { small: {}, hinted: { hints: true }, wide: { columns: 7, rows: 6 } },
  examples: [{}, { columns: 4, rows: 5, hints: true }, { preset: 'wide' }],

  seats: () => 2,
  toAct,
  zeroSum: true,
  actions: ({ columns }) => names(columns),
  reset,
  step,
  clone,
  save,
  load,
  text,
  scene,
  frame: ({ columns, rows }) => ({ width: columns * CELL, height: rows * CELL }),
  prompt: ({ columns, hints }) => ({
    rules:
      'Two players drop discs into columns in turn; a disc falls to the lowest free cell. Who has four of their ' +
      `own in a row first, across, up or diagonally, wins. The columns are c1 to c${columns} from the left; a column ` +
      'that is full takes no disc.',
    text:
      'One word per cell, rows from the top: me, foe, next where a disc would fall, or none.' +
      (hints
        ? ' Where a disc would make four in a row: win and stop (a win of the other) where it would fall now, else ' +
          'mine, theirs or both.'
        : ''),
    frame:
      'Your discs are yellow, those of the other player are red; a disc would fall where it is light blue.' +
      (hints ? ' A dot in a free cell: a disc of that colour there makes four in a row.' : ''),
  }),
  outcome: (state) => ({
    name:
      state.winner >= 0
        ? `seat ${state.winner} wins`
        : state.terminated || state.truncated
          ? 'draw'
          : 'playing',
    success: state.winner === 0,
    seats: [0, 1].map((seat) => (state.winner < 0 ? 0 : state.winner === seat ? 1 : -1)),
  }),

  // Everything below is optional.
  legal,
  point,
  policies: {
    expert: ({ columns, rows }) => {
      const expert = new Expert(columns, rows)
      return { act: (state, seat) => [expert.choose(state, seat)] }
    },
    greedy: () => ({ act: (state, seat, random) => [greedy(state, seat, random)] }),
  },
  words: [...new Set([...SIGNS, ...VIEWS]), ...names(7)],
  think,
  truthful,
  marks: (state) => (state.winner >= 0 ? ['four in a row'] : []),
  keys: Object.fromEntries(names(5).map((name, i) => [`Digit${i + 1}`, name])),
}
