/** Sokoban: push every box onto a target. Rules and rewards of gym-sokoban, levels as XSB. */

import { bits, seeded } from '#core/base/random'
import type { Collection } from '#core/env/collection'
import type { Env, Prompt, Scripted } from '#core/env/env'
import { ACTIONS, Config, examples, presets } from './config.ts'
import { editor } from './editor.ts'
import { generate } from './generate/generate.ts'
import { deadlocked, insight, marks, stepsToGo } from './insight.ts'
import { canonicalKey, type Level } from './levels/level.ts'
import { type Reading, readCollection, readLevel, writeLevel } from './levels/xsb.ts'
import { point, route } from './look/point.ts'
import { scene, spritesOf } from './look/scene.ts'
import { answers, draw } from './look/sketch.ts'
import { elsewhere, whereabouts } from './look/spots.ts'
import { stage } from './look/stage.ts'
import { tensors } from './look/tensors.ts'
import { text, words } from './look/text.ts'
import { think, truthful } from './look/think.ts'
import { isSolved, readLurd } from './plan.ts'
import { legal, step, TERMS } from './rules.ts'
import { load, save } from './save.ts'
import { solve } from './solve/solve.ts'
import { type Board, clone, levelOf, place, type Sokoban } from './state.ts'

export const sokoban: Env<Sokoban, Config> = {
  id: 'sokoban',
  title: 'Sokoban: push every box onto a target',
  version: 2,
  look: 2,
  terms: TERMS,
  config: Config,
  presets,
  examples,

  seats: () => 1,
  actions: (config) => ACTIONS[config.actionSet],
  idle: () => 0,
  reset: (config, seed) => place(withSprites(config, seed), levelFor(config, seed)),
  step,
  clone,
  save,
  load,
  text: (state) => text(state),
  scene: (state) => scene(state),
  stage: (state, _seat, played) => stage(state, played?.[0]),
  frame(config) {
    if (config.frame !== undefined) return { width: config.frame, height: config.frame }
    const { width, height } = config.level === undefined ? config : readLevel(config.level)
    return { width: width * config.tile, height: height * config.tile }
  },
  prompt,
  outcome: (state) => ({
    name: state.terminated ? 'solved' : state.truncated ? 'out of steps' : 'playing',
    success: state.terminated,
  }),
  legal: (state) => legal(state),
  point: (state, _seat, x, y) => point(state, x, y),
  route: (state, _seat, x, y) => route(state, x, y),
  editor,
  stuck: (state) => !state.terminated && deadlocked(levelOf(state)),

  policies: { expert },
  words,
  think: (state, _seat, plan) => think(state, plan),
  sketch: { answers, draw: (state, _seat, turn, plan) => draw(state, turn, plan) },
  truthful: (state, _seat, thought, plan) => truthful(state, thought, plan),
  tensors,
  marks,
  insight,
  stepsToGo,
  whereabouts: (state) => whereabouts(state),
  elsewhere: (state) => elsewhere(state),
  score,
  levelKey: (config, seed) => canonicalKey(levelFor(config, seed)),
  levels: (document) => collectionOf(readCollection(document)),
  // In the gym action set a Push is also a move.
  parseActions: (config, text) => readLurd(text)?.map((d) => d + firstDirection(config)) ?? null,
  keys: {
    ArrowUp: 'Up',
    ArrowDown: 'Down',
    ArrowLeft: 'Left',
    ArrowRight: 'Right',
    KeyW: 'Up',
    KeyS: 'Down',
    KeyA: 'Left',
    KeyD: 'Right',
  },
}

// For programs that want the game's parts without the rest.
export { createBatch, stepBatch } from './batch.ts'
export { Config } from './config.ts'
export { generate } from './generate/generate.ts'
export { deadlocked, pushesLeft } from './insight.ts'
export { canonicalKey, type Level } from './levels/level.ts'
export { readLevel, readLevels, writeLevel, writeLevels } from './levels/xsb.ts'
export { lurd, readLurd, replay } from './plan.ts'
export type { Solution, SolveOptions } from './solve/solution.ts'
export { solve } from './solve/solve.ts'
export { levelOf } from './state.ts'

/** Levels to play; those that start solved are told. */
function collectionOf({ entries, faults }: Reading): Collection {
  const solved = entries.filter(({ level }) => isSolved(level))
  const reason = 'every box stands on a target already'
  return {
    levels: entries
      .filter(({ level }) => !isSolved(level))
      .map(({ level, ...place }) => ({ ...place, config: { level: writeLevel(level) } })),
    faults: [...faults, ...solved.map(({ level: _, ...place }) => ({ ...place, reason, bad: false }))],
  }
}

/** The level given, or the one the seed generates. */
function levelFor(config: Config, seed: string): Level {
  return config.level === undefined ? generate(config, seeded(seed)) : readLevel(config.level)
}

/** Drawn sprites by their number. */
function withSprites(config: Config, seed: string): Config {
  if (config.sprites !== 'drawn' || config.spriteSeed !== undefined) return config
  return { ...config, spriteSeed: bits(seeded(`${seed}/sprites`)) >>> 1 }
}

/** Action of Up, from which the directions go on. */
const firstDirection = (config: Config): number => (config.actionSet === 'gym' ? 1 : 0)

/** Plays an optimal solution; a game for which none is found within the limit is given up: anything legal. */
function expert(config: Config): Scripted<Sokoban> {
  const first = firstDirection(config)
  // All states of a game share its board: a search that failed once is not tried again every turn.
  const givenUp = new WeakSet<Board>()
  return {
    act(state) {
      const plan = givenUp.has(state.board) ? null : solutionOf(levelOf(state))
      if (plan !== null) return Array.from(plan, (direction) => direction + first)
      givenUp.add(state.board)
      return [Math.max(first, legal(state).indexOf(true))]
    },
  }
}

/** A solution with the fewest moves, else the fewest pushes; null when neither search finds one. */
function solutionOf(level: Level): Uint8Array | null {
  for (const optimal of ['moves', 'pushes'] as const) {
    const { status, plan } = solve(level, { optimal, nodes: EXPERT_NODES })
    if (status === 'solved') return plan.length > 0 ? plan : null
    if (status === 'unsolvable') return null
  }
  return null
}

const EXPERT_NODES = 300_000
const SCORE_NODES = 1_000_000

/** MageBench: 5 * (best prefix of the return - what an optimal solution earns) + 100. */
function score(initial: Sokoban, rewards: readonly number[]): number | null {
  const solution = solve(levelOf(initial), { optimal: 'moves', nodes: SCORE_NODES })
  if (solution.status !== 'solved') return null
  let sum = 0
  let best = 0
  for (const reward of rewards) {
    sum += reward
    best = Math.max(best, sum)
  }
  const upper = 10 + initial.board.boxes - initial.on - 0.1 * solution.plan.length
  return 5 * (best - upper) + 100
}

function prompt(config: Config): Prompt {
  const gym = config.actionSet === 'gym'
  return {
    rules:
      'You are playing Sokoban. Push every box onto a target. You push a box by walking into it; it moves one ' +
      'cell if the cell behind it is free of walls and boxes. Boxes cannot be pulled, so never push one where it ' +
      'gets stuck. ' +
      (gym
        ? 'A Push action pushes a box or walks; a Move action only walks; Noop does nothing. '
        : 'Up, Down, Left and Right move you one cell and push a box in the way. ') +
      `Every step costs 0.1; a box pushed onto a target pays 1, off a target costs 1; solving pays 10. You have ${config.maxSteps} steps.`,
    text:
      config.style === 'compact'
        ? 'One symbol per cell: # wall, - floor, . target, $ box, * box on a target, @ you, + you on a target.'
        : config.style === 'ragen'
          ? 'One symbol per cell: # wall, _ floor, O target, X box, √ box on a target, P you, S you on a target.'
          : 'One word per cell, rows from the top; then rows (r1 is the top) and columns (c1 is the left) of what matters.',
    frame:
      spritesOf(config).told +
      (config.frame === undefined ? '' : ' What is plain grey lies outside the board.'),
  }
}
