import { z } from 'zod'
import { hashBytes } from '#core/base/hash'
import { parseActions } from '#core/env/actions'
import type { Io } from '#core/env/command'
import { parseJson, resolveConfig } from '#core/env/config'
import type { Env } from '#core/env/env'
import { findEnv } from '#core/env/registry'
import { givenActions } from '#core/env/turns'
import { textLines } from '#stores/text'

const BatchLine = z.strictObject({
  env: z.string(),
  config: z.record(z.string(), z.unknown()).default({}),
  seed: z.union([z.string(), z.number()]).transform(String),
  actions: z.unknown(),
})

/**
 * Plays JSON lines `{env, config, seed, actions}` and prints one result line each.
 * @returns the exit code.
 */
export async function playBatch(path: string, envs: readonly Env[], io: Io): Promise<number> {
  let index = 0
  for await (const line of textLines(path)) {
    if (line.trim() === '') continue
    io.print(JSON.stringify(playLine(line, envs, index++)))
  }
  return 0
}

/** One line of a batch; mistakes become `{index, error}` and cost nothing but their line. */
function playLine(line: string, envs: readonly Env[], index: number): object {
  try {
    const { env: id, config: input, seed, actions } = parseJson(BatchLine, line, 'line')
    const env = findEnv(envs, id)
    const config = resolveConfig(env, input)
    const steps = parseActions(env, config, actions)
    const state = env.reset(config, seed)
    const initial = env.score ? env.clone(state) : state
    const seats = env.seats(config)
    const rewards: number[][] = Array.from({ length: seats }, () => [])
    for (const step of steps) {
      if (state.terminated || state.truncated) break
      env.step(state, givenActions(env, state, step))
      for (let seat = 0; seat < seats; seat++) rewards[seat].push(state.rewards[seat])
    }
    const totals = rewards.map((of) => of.reduce((sum, reward) => sum + reward, 0))
    const scores = env.score && rewards.map((of) => env.score!(initial, of))
    return {
      index,
      steps: state.t,
      rewards: seats === 1 ? rewards[0] : rewards,
      return: seats === 1 ? totals[0] : totals,
      terminated: state.terminated,
      truncated: state.truncated,
      outcome: env.outcome(state).name,
      hash: hashBytes(env.save(state)),
      ...(scores && { score: seats === 1 ? scores[0] : scores }),
    }
  } catch (error) {
    return { index, error: (error as Error).message }
  }
}
