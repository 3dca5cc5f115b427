import type { Env } from '#core/env'
import { Config } from './config.ts'
import { runShoot } from './policies.ts'
import { ACTION_SETS, IDLE, PROMPT } from './prompt.ts'
import { reset } from './reset.ts'
import { SCENARIOS } from './scenarios.ts'
import { scene } from './scene.ts'
import { seatsOf } from './setup.ts'
import { clone, type FootballState, load, save, TERMS, WORLD } from './state.ts'
import { step } from './step.ts'
import { text, WORDS } from './text.ts'
import { ENDING_NAMES } from './words.ts'

const PRESETS = Object.fromEntries(Object.entries(SCENARIOS).map(([name, scenario]) => [name, { scenario }]))

/** Football after Google Research Football: see docs/envs/football.md. */
export const football: Env<FootballState, Config> = {
  id: 'football',
  title: 'Football: eleven against eleven, or an academy scenario, in 0.1 s steps',
  version: 1,
  look: 1,
  terms: TERMS,
  config: Config,
  presets: PRESETS,
  examples: [
    { preset: 'academy_empty_goal_close' },
    { preset: 'academy_empty_goal', controlled: 2, actionSet: 'full' },
  ],
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
  frame: () => ({ width: 96, height: 64 }),
  prompt: () => PROMPT,
  outcome: (s) => ({ name: ENDING_NAMES[s.world[WORLD.ending]], success: s.world[WORLD.left] > 0 }),
  policies: { 'run-shoot': runShoot },
  words: WORDS,
  pace: 10,
  keys: {
    ArrowLeft: 'left',
    ArrowUp: 'top',
    ArrowRight: 'right',
    ArrowDown: 'bottom',
    KeyD: 'short_pass',
    KeyA: 'long_pass',
    KeyW: 'high_pass',
    KeyS: 'shot',
    KeyE: 'sprint',
    KeyR: 'release_sprint',
    Space: 'release_direction',
  },
}
