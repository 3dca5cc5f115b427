import type { Env } from '#core/env/env'
import { IDLE } from './actions.ts'
import { ACTION_SETS, Config } from './config.ts'
import { editor } from './editor.ts'
import { EXAMPLES, KEYS, PRESETS, prompt } from './look/guide.ts'
import { overlay } from './look/overlay.ts'
import { scene } from './look/scene.ts'
import { focus, scoreboard, stage } from './look/stage.ts'
import { TENSORS } from './look/tensors.ts'
import { legal, text, think, truthful, WORDS } from './look/text.ts'
import { traces, whereabouts } from './look/whereabouts.ts'
import { expert } from './players/expert.ts'
import { adapting } from './players/macros.ts'
import { planner } from './players/planner.ts'
import { builtinAi, runShoot } from './players/policies.ts'
import { reset } from './reset.ts'
import { insight, levelKey, marks, outcome, score } from './rules/insight.ts'
import { REWARD_RULES } from './rules/rewards.ts'
import { seatsOf } from './setup.ts'
import { clone, type FootballState, load, save, TERMS } from './state.ts'
import { step } from './step.ts'

/** Football after Google Research Football: see docs/envs/football.md. */
export const football: Env<FootballState, Config> = {
  id: 'football',
  title: 'Football: eleven against eleven, or an academy scenario, in steps of 0.1 s',
  version: 4,
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
  policies: { 'run-shoot': runShoot, 'builtin-ai': builtinAi, expert, planner },
  rewards: REWARD_RULES,
  words: WORDS,
  think,
  truthful,
  macros: { adapting },
  tensors: TENSORS,
  marks,
  insight,
  stage,
  overlay,
  focus,
  whereabouts,
  traces,
  scoreboard,
  editor,
  score,
  levelKey,
  pace: 10,
  turns: 400,
  keys: KEYS,
}
