import { basename } from 'node:path'
import { z } from 'zod'
import { hashBytes } from '#core/base/hash'
import { parseActions } from '#core/env/actions'
import type { Io } from '#core/env/command'
import { parseJson, resolveConfig } from '#core/env/config'
import type { Env } from '#core/env/env'
import { findEnv } from '#core/env/registry'
import { givenActions } from '#core/env/turns'
import { play } from '#core/play/play'
import { Conversation, type Policy } from '#core/play/policy'
import { textLines } from '#stores/text'
import { EvaluationFolder } from './evaluation.ts'
import { UNASKED_BYTES, unaskedFolder } from './unasked.ts'

const BatchLine = z.strictObject({
  env: z.string(),
  config: z.record(z.string(), z.unknown()).default({}),
  seed: z.union([z.string(), z.number()]).transform(String),
  actions: z.unknown(),
})

/** Lines of a batch that are recorded where nobody asked for it: a record costs several times the play. */
const UNASKED = 100

/**
 * Plays JSON lines `{env, config, seed, actions}` and prints one result line each; their records go to the folder `asked`,
 * or the first of them to one under runs (unasked.ts).
 * @returns the exit code.
 * @throws UserError when `asked` holds a run.
 */
export async function playBatch(
  path: string,
  envs: readonly Env[],
  io: Io,
  asked: string | undefined,
): Promise<number> {
  const out = asked ?? (await unaskedFolder('play'))
  const versions = Object.fromEntries(
    envs.map(({ id, version, look }) => [id, [version, look] as [number, number]]),
  )
  const opened =
    out === undefined
      ? undefined
      : EvaluationFolder.open(
          out,
          'play',
          { batch: path, seed: '' },
          versions,
          false,
          asked === undefined ? UNASKED_BYTES : undefined,
        )
  const folder = asked === undefined ? await opened?.catch(() => undefined) : await opened
  let index = 0
  try {
    for await (const line of textLines(path)) {
      if (line.trim() === '') continue
      if (folder && (asked !== undefined || index < UNASKED))
        await recordLine(line, envs, index, folder, basename(out!))
      io.print(JSON.stringify(playLine(line, envs, index++)))
    }
  } finally {
    const lost = await folder?.close('done').catch((error: Error) => error)
    if (lost instanceof Error && asked !== undefined) io.note(`not kept: ${lost.message}`)
    else if (folder && asked === undefined) io.note(`kept: ${out}`)
  }
  return 0
}

/** Plays a line once more, as an episode with a record; a bad line has none. */
async function recordLine(
  line: string,
  envs: readonly Env[],
  index: number,
  folder: EvaluationFolder,
  run: string,
): Promise<void> {
  try {
    const { env: id, config: input, seed, actions } = parseJson(BatchLine, line, 'line')
    const env = findEnv(envs, id)
    const config = resolveConfig(env, input)
    const steps = parseActions(env, config, actions)
    if (steps.length === 0) return
    const policies = Array.from({ length: env.seats(config) }, (_, seat) => replaying(steps, seat))
    const conversation = Conversation.parse({ maxTurns: Math.min(10_000, steps.length) })
    const match = {
      episode: `batch-${index}`,
      env,
      config,
      seed,
      policies,
      conversation,
      run,
      stage: 'batch',
    }
    await play([match], { onEvent: (event) => folder.event('batch', index, event) })
  } catch {
    // Its result line says what is wrong.
  }
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

/** A policy that plays given actions of one seat, one a step. */
export function replaying(steps: readonly (readonly number[])[], seat: number): Policy {
  return {
    id: 'given',
    act: async (requests) =>
      requests.map(({ env, state }) => ({
        valid: true,
        actions: [givenActions(env, state, steps[state.t])[seat]],
      })),
  }
}
