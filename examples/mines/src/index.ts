/** Mines: open every cell that hides none. One seat; where the mines are is hidden, and must be worked out. */
import type { Env } from 'kickpush/env'
import { Config, namesOf, presets } from './config.ts'
import { CELL, point, scene, text, wordOf } from './look.ts'
import { determinize, expert } from './players.ts'
import { legal, step } from './rules.ts'
import { clone, levelOf, load, type Mines, reset, save, TERMS } from './state.ts'

export const mines: Env<Mines, Config> = {
  id: 'mines',
  title: 'Mines: open what hides none',
  version: 1,
  look: 1,
  terms: TERMS,
  config: Config,
  presets,
  examples: [{ preset: 'small' }, {}, { size: 3, level: { mines: [0, 4], start: 8 } }],

  seats: () => 1,
  actions: ({ size }) => namesOf(size),
  reset,
  step,
  clone,
  save,
  load,
  text,
  scene,
  frame: ({ size }) => ({ width: size * CELL, height: size * CELL }),
  prompt: ({ size, mines }) => ({
    rules:
      `Mines hide in a field of ${size} x ${size} cells (${mines} of them, if nobody laid others). Open every cell that ` +
      'hides none. An open cell shows how many of the cells around it hide a mine. Opening a mine ends the game. ' +
      'A1 is the first cell of the first row, B1 the second.',
    text: 'One word per cell, rows from the top: dark, or n0 to n8 for the mines around.',
    frame: 'Dark cells are grey; an open cell has as many dots as there are mines around.',
  }),
  outcome: (state) => ({
    name:
      state.left === 0 ? 'cleared' : state.terminated ? 'blown up' : state.truncated ? 'given up' : 'playing',
    success: state.left === 0,
  }),

  // Everything below is optional.
  legal,
  determinize,
  point,
  policies: { expert: () => ({ act: (state) => [expert(state)] }) },
  words: ['dark', 'mine', ...Array.from({ length: 9 }, (_, i) => `n${i}`), ...namesOf(6)],
  marks: (state) => (state.terms[1] < 0 ? ['mine'] : []),
  tensors: {
    cells: {
      dtype: 'uint8',
      high: 10,
      shape: ({ size }) => [size, size],
      write: (state, _seat, out, offset) => {
        for (let cell = 0; cell < state.open.length; cell++) {
          const word = wordOf(state, cell)
          out[offset + cell] = word === 'dark' ? 9 : word === 'mine' ? 10 : Number(word[1])
        }
      },
    },
  },
  levelKey: (config, seed) => JSON.stringify([config.size, levelOf(config, seed)]),
}
