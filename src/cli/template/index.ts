/** Coinfield: gather every coin of a field. Written by `kickpush new-env`; change everything. */
import type { Env } from '#core/env/env'
import { ACTIONS, Config, examples, presets } from './config.ts'
import { expert } from './expert.ts'
import { CELL, point, scene } from './look/scene.ts'
import { text, words } from './look/text.ts'
import { think, truthful } from './look/think.ts'
import { legal, step } from './rules.ts'
import { clone, type Field, levelOf, load, reset, save, TERMS } from './state.ts'

export const coinfield: Env<Field, Config> = {
  id: 'coinfield',
  title: 'Coinfield: gather every coin',
  version: 1,
  look: 1,
  terms: TERMS,
  config: Config,
  presets,
  examples,

  seats: () => 1,
  actions: () => ACTIONS,
  idle: () => 0,
  reset,
  step,
  clone,
  save,
  load,
  text,
  scene,
  frame: ({ size }) => ({ width: size * CELL, height: size * CELL }),
  prompt: ({ maxSteps }) => ({
    rules:
      'You walk on a square field. Gather every coin by walking onto it. Every step costs 0.1, every coin ' +
      `pays 1. You have ${maxSteps} steps.`,
    text: 'One word per cell, rows from the top: me, coin or floor.',
    frame: 'You are the blue square, coins are yellow discs.',
  }),
  outcome: (state) => ({
    name: state.terminated ? 'gathered' : state.truncated ? 'out of steps' : 'playing',
    success: state.terminated,
  }),

  // Everything below is optional.
  legal,
  point: (state, _seat, x, y) => point(state, x, y),
  policies: { expert: () => ({ act: (state) => [expert(state)] }) },
  words,
  think: (state, _seat, plan) => think(state, plan),
  truthful: (state, _seat, thought, plan) => truthful(state, thought, plan),
  marks: (state) => (state.terms[1] > 0 ? ['coin'] : []),
  levelKey: (config, seed) => JSON.stringify([config.size, levelOf(config, seed)]),
  keys: { ArrowUp: 'Up', ArrowDown: 'Down', ArrowLeft: 'Left', ArrowRight: 'Right' },
}
