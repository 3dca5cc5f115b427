// A worker: plays recorded episodes again and finds out where success went out of reach, and what was wasted.
import { findEnv } from '#core/env/registry'
import type { GameFile } from '#core/record/wire'
import { games, loadGames } from '../games.ts'
import type { Gauge } from './known.ts'

/** An episode to be gauged. */
export interface Gauged {
  readonly id: string
  readonly env: string
  /** As recorded. */
  readonly config: Readonly<Record<string, unknown>>
  readonly seed: string
  /** The actions of every seat at each step. */
  readonly steps: readonly (readonly number[])[]
  /** Steps taken when each turn began. */
  readonly turns: readonly number[]
  /** Games that the page has loaded beside its own. */
  readonly files: readonly GameFile[]
}

addEventListener('message', async ({ data }: MessageEvent<Gauged>) => {
  await loadGames(data.files, location.href)
  postMessage(gauge(data))
})

function gauge({ id, env: name, config, seed, steps, turns }: Gauged): Gauge {
  const env = games.envs.find((each) => each.id === name) ?? findEnv(games.envs, name)
  const state = env.reset(env.config.parse(config), seed)
  const best = env.stepsToGo?.(state)
  const dead = (): boolean => env.stuck?.(state) ?? false
  let stuck: number | null = dead() ? 0 : null
  for (const step of steps) {
    if (state.terminated || state.truncated) break
    env.step(state, step)
    if (stuck === null && dead()) stuck = turns.filter((t) => t < state.t).length
  }
  const left = best === undefined ? null : env.outcome(state).success ? 0 : env.stepsToGo?.(state)
  const regret = typeof best === 'number' && typeof left === 'number' ? state.t + left - best : null
  return { id, ...(env.stuck && { stuck }), ...(best !== undefined && { regret }) }
}
