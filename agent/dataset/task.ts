import { z } from 'zod'
import { UserError } from '#core/base/errors'
import { parse, resolveConfig } from '#core/env/config'
import type { Env } from '#core/env/env'
import { findEnv } from '#core/env/registry'
import { advance, begin } from '#core/play/episode'
import type { Level } from '#core/play/match'
import { Conversation, MODALITIES, type Request } from '#core/play/policy'
import { idle } from '../policies/plain.ts'

/** What a row of a data set asks: to play this level in one answer. It travels in the row as `env_path`. */
export const Task = z.strictObject({
  env: z.string().describe('an environment of the registry'),
  config: z.record(z.string(), z.unknown()).describe('its config, the level inline'),
  seed: z.string().max(200),
  actions: z.int().min(1).max(10_000).describe('most actions of the answer'),
  modality: z.enum(MODALITIES).describe('what the question shows'),
})
export type Task = z.infer<typeof Task>

/** A task ready to be played. */
export interface OpenTask extends Level {
  readonly conversation: Conversation
}

/** Reads the text of a task. @throws UserError when it is none, or cannot be played here. */
export function readTask(text: string, envs: readonly Env[]): OpenTask {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new UserError(`a task is JSON, as env_path of an exported row (got '${text.slice(0, 60)}')`)
  }
  const task = parse(Task, value, 'task')
  const env = findEnv(envs, task.env)
  const config = resolveConfig(env, task.config)
  if (env.seats(config) !== 1) throw new UserError(`a task has one seat (got ${env.seats(config)})`)
  return { env, config, seed: task.seed, conversation: oneAnswer(task.modality, task.actions) }
}

/** The conversation of a task: the first observation once, and one answer with all actions. */
export function oneAnswer(modality: Task['modality'], actions: number): Conversation {
  return Conversation.parse({ mode: 'global', modality, maxTurns: actions })
}

/** What is asked at the beginning of a task. @throws UserError when its level cannot be made. */
export function ask({ env, config, seed, conversation }: OpenTask): Request {
  try {
    const playing = begin(
      { episode: 'task', env, config, seed, policies: [idle], conversation },
      { score: false },
    )
    return advance(playing)[0]
  } catch (error) {
    throw new UserError(`task of ${env.id}: ${error instanceof Error ? error.message : error}`)
  }
}
