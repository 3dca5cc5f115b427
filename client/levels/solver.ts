// A worker: lets the expert of a game play levels, which may take long.
import { seeded } from '#core/base/random'
import { resolveConfig } from '#core/env/config'
import { findEnv } from '#core/env/registry'
import { actionsOf } from '#core/env/turns'
import type { GameFile } from '#core/record/wire'
import { games, loadGames } from '../games.ts'
import type { Answer, Question } from './answer.ts'

addEventListener('message', async ({ data }: MessageEvent<Question & { files: readonly GameFile[] }>) => {
  await loadGames(data.files, location.href)
  postMessage(answer(data))
})

function answer({ number, env: id, config: given, seed }: Question): Answer {
  const env = findEnv(games.envs, id)
  const state = env.reset(resolveConfig(env, given), seed)
  const least = env.stepsToGo?.(state) ?? null
  const expert = env.policies?.expert?.(state.config)
  const random = seeded(`${seed}/expert`)
  const steps: number[][] = []
  if (!expert || least === Number.POSITIVE_INFINITY) return { number, steps: null, least }
  while (!state.terminated && !state.truncated) {
    const plans = Array.from(state.rewards, (_, seat) => expert.act(state, seat, random))
    // One seat alone plays its whole plan; several look again at every step.
    const length = plans.length === 1 ? plans[0].length : 1
    for (let i = 0; i < length && !state.terminated && !state.truncated; i++) {
      const actions = actionsOf(env, state, (seat) => plans[seat][i])
      env.step(state, actions)
      steps.push(actions)
    }
  }
  return { number, steps: env.outcome(state).success ? steps : null, least }
}
