import { below, seeded } from '#core/base/random'
import { rasterize } from '#core/draw/rasterize'
import { resolveConfig } from '#core/env/config'
import { type Batch, createBatch, stepBatch } from '../envs/sokoban/batch.ts'
import { Config } from '../envs/sokoban/config.ts'
import { generate } from '../envs/sokoban/generate/generate.ts'
import { sokoban } from '../envs/sokoban/index.ts'
import type { Level } from '../envs/sokoban/levels/level.ts'
import { solve } from '../envs/sokoban/solve/solve.ts'
import type { Sokoban } from '../envs/sokoban/state.ts'
import type { Benchmark } from './benchmark.ts'

const config = (input: Record<string, unknown>): Config => Config.parse(resolveConfig(sokoban, input))

const LEVELS = 64
const STEPS = 100_000
const LANES = 1024

/** Random actions from a table, so that what is timed is the game. */
const actions = Uint8Array.from(
  { length: 8192 },
  (
    (random) => () =>
      below(random, 4)
  )(seeded('actions')),
)

function levels(preset: string, count: number): Level[] {
  const resolved = config({ preset })
  return Array.from({ length: count }, (_, i) => generate(resolved, seeded(`bench/${i}`)))
}

/** Steps of one environment; an episode that ends begins anew, by a clone of its initial state. */
function step(): Benchmark {
  const starts: Sokoban[] = []
  const action = [0]
  return {
    name: 'sokoban.step',
    unit: 'steps',
    setup() {
      for (let i = 0; i < LEVELS; i++)
        starts.push(sokoban.reset(config({ preset: 'small-v0' }), `bench/${i}`))
    },
    run() {
      let at = 0
      let state = sokoban.clone(starts[0])
      for (let i = 0; i < STEPS; i++) {
        action[0] = actions[i & 8191]
        sokoban.step(state, action)
        if (state.terminated || state.truncated) state = sokoban.clone(starts[++at % LEVELS])
      }
      return STEPS
    },
  }
}

/** Steps of 1,024 environments at once, with auto-reset and cell planes. */
function batch(): Benchmark {
  let lanes: Batch
  return {
    name: 'sokoban.batch',
    unit: 'steps',
    setup() {
      lanes = createBatch(levels('small-v0', LANES), LANES, 200)
    },
    run() {
      for (let i = 0; i < 100; i++)
        stepBatch(lanes, actions.subarray((i * 61) & 4095, ((i * 61) & 4095) + LANES))
      return 100 * LANES
    },
  }
}

/** Frames of 112 x 112 pixels along episodes. */
function frame(): Benchmark {
  let state: Sokoban
  return {
    name: 'sokoban.frame16',
    unit: 'frames',
    setup() {
      state = sokoban.reset(config({ preset: 'small-v0', maxSteps: 100_000 }), 'bench')
    },
    run() {
      const start = sokoban.clone(state)
      const out = rasterize(sokoban.scene(start, 0), 112, 112)
      for (let i = 0; i < 500; i++) {
        sokoban.step(start, [actions[i]])
        rasterize(sokoban.scene(start, 0), 112, 112, out)
      }
      return 500
    },
  }
}

function generation(preset: string): Benchmark {
  let made = 0
  const resolved = config({ preset })
  return {
    name: `sokoban.generate.${preset}`,
    unit: 'levels',
    run() {
      for (let i = 0; i < 50; i++) generate(resolved, seeded(`bench/${made++}`))
      return 50
    },
  }
}

/** Optimal solutions of generated levels. */
function solving(preset: string, optimal: 'moves' | 'pushes', count: number): Benchmark {
  let made: Level[] = []
  return {
    name: `sokoban.solve.${optimal}.${preset}`,
    unit: 'levels',
    setup() {
      made = levels(preset, count)
    },
    run() {
      for (const level of made) solve(level, { optimal })
      return made.length
    },
  }
}

/** Steps, frames, levels and solutions of Sokoban. */
export const sokobanBenchmarks = (): readonly Benchmark[] => [
  step(),
  batch(),
  frame(),
  generation('tiny-1'),
  generation('tiny-2'),
  generation('small-v0'),
  generation('huge-v0'),
  solving('tiny-1', 'moves', 200),
  solving('tiny-2', 'moves', 200),
  solving('boxoban', 'pushes', 40),
]
