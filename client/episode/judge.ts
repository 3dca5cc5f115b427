// A worker: finds out how far from success each state of an episode is, which may take long.
import { findEnv } from '#core/env/registry'
import type { GameFile } from '#core/record/wire'
import { games, loadGames } from '../games.ts'
import type { Verdict } from './mistakes.ts'

/** An episode to judge. */
export interface Case {
  readonly env: string
  /** As recorded. */
  readonly config: Readonly<Record<string, unknown>>
  readonly seed: string
  /** The actions of every seat at each step. */
  readonly steps: readonly (readonly number[])[]
  /** Games that the page has loaded beside its own. */
  readonly files: readonly GameFile[]
}

addEventListener('message', async ({ data }: MessageEvent<Case>) => {
  await loadGames(data.files, location.href)
  const env = findEnv(games.envs, data.env)
  const state = env.reset(env.config.parse(data.config), data.seed)
  for (let t = 0; t <= data.steps.length; t++) {
    if (t > 0) env.step(state, data.steps[t - 1])
    const lost = env.stuck?.(state) ? Infinity : null
    postMessage({ t, left: env.stepsToGo?.(state) ?? lost } satisfies Verdict)
    if (t > 0 && (state.terminated || state.truncated)) break
  }
})
