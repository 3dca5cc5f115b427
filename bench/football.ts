import { rasterize } from '#core/draw/rasterize'
import { resolveConfig } from '#core/env/config'
import { action } from '../envs/football/actions.ts'
import { Config } from '../envs/football/config.ts'
import { football } from '../envs/football/index.ts'
import type { Benchmark } from './benchmark.ts'

const STEPS = 20_000
const PLAYS = [
  action('builtin_ai'),
  action('right'),
  action('builtin_ai'),
  action('shot'),
  action('builtin_ai'),
]

function config(preset: string): Config {
  return Config.parse(resolveConfig(football, { preset, actionSet: 'full' }))
}

/** Steps of a scenario, episodes one after another; resets are part of it. */
function steps(name: string, preset: string): Benchmark {
  const resolved = config(preset)
  let episode = 0
  let state = football.reset(resolved, '0')
  const actions = [0]
  return {
    name,
    unit: 'steps',
    run() {
      for (let i = 0; i < STEPS; i++) {
        if (state.terminated || state.truncated) state = football.reset(resolved, String(++episode))
        actions[0] = PLAYS[(i >> 4) % PLAYS.length]
        football.step(state, actions)
      }
      return STEPS
    },
  }
}

function of(name: string, unit: string, count: number, work: (i: number) => unknown): Benchmark {
  return {
    name,
    unit,
    run() {
      for (let i = 0; i < count; i++) work(i)
      return count
    },
  }
}

/** What Football does, per CPU-second. */
export function footballBenchmarks(): Benchmark[] {
  const match = config('11_vs_11_stochastic')
  const state = football.reset(match, 'frame')
  const { width, height } = football.frame(match)
  const frame = rasterize(football.scene(state, 0), width, height)
  const saved = football.save(state)
  return [
    steps('football.11v11.step', '11_vs_11_stochastic'),
    steps('football.academy.step', 'academy_3_vs_1_with_keeper'),
    steps('football.5v5.step', '5_vs_5'),
    of('football.reset', 'resets', 2000, (i) => football.reset(match, String(i))),
    of('football.frame', 'frames', 500, () => rasterize(football.scene(state, 0), width, height, frame)),
    of('football.text', 'texts', 2000, () => football.text(state, 0)),
    of('football.clone', 'clones', 2000, () => football.clone(state)),
    of('football.save', 'states', 2000, () => football.save(state, saved)),
  ]
}
