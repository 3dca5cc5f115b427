import type { Env } from '#core/env'
import { IDLE } from './actions.ts'
import { commands } from './commands/index.ts'
import { ACTION_SETS, Config } from './config.ts'
import { expert } from './expert.ts'
import { EXAMPLES, KEYS, PRESETS, prompt } from './guide.ts'
import { insight, levelKey, marks, outcome, score } from './insight.ts'
import { adapting } from './macros.ts'
import { overlay } from './overlay.ts'
import { builtinAi, runShoot } from './policies.ts'
import { reset } from './reset.ts'
import { REWARD_RULES } from './rewards.ts'
import { scene } from './scene.ts'
import { seatsOf } from './setup.ts'
import { clone, type FootballState, load, save, TERMS } from './state.ts'
import { step } from './step.ts'
import { TENSORS } from './tensors.ts'
import { legal, text, think, truthful, WORDS } from './text.ts'

/** Football after Google Research Football: see docs/envs/football.md. */
export const football: Env<FootballState, Config> = {
  id: 'football',
  title: 'Football: eleven against eleven, or an academy scenario, in steps of 0.1 s',
  version: 2,
  look: 2,
  terms: TERMS,
  config: Config,
  presets: PRESETS,
  examples: EXAMPLES,
  seats: seatsOf,
  actions: (config) => ACTION_SETS[config.actionSet],
  idle: () => IDLE,
  reset,
  step,
  clone,
  save,
  load,
  text,
  scene,
  frame: () => ({ width: 128, height: 80 }),
  prompt,
  outcome,
  legal,
  policies: { 'run-shoot': runShoot, 'builtin-ai': builtinAi, expert },
  rewards: REWARD_RULES,
  words: WORDS,
  think,
  truthful,
  macros: { adapting },
  tensors: TENSORS,
  marks,
  insight,
  overlay,
  score,
  levelKey,
  commands,
  pace: 10,
  turns: 400,
  keys: KEYS,
}
