import { z } from 'zod'
import { evaluate, type Level, summarise } from '#agent/trainer/evaluate'
import type { Interval } from '#agent/trainer/statistics'
import type { Command, Io } from '#core/command'
import { parse, resolveConfig } from '#core/config'
import type { Env } from '#core/env'
import { UserError } from '#core/errors'
import { Conversation, MODALITIES } from '#core/policy'
import { findEnv } from '#core/registry'
import { envs } from '#envs'
import { seatPolicies } from '../seats.ts'
import { parseConfig } from '../values.ts'

const whole = (least: number) => z.coerce.number().int().min(least)
const flags = z.object({
  env: z.string().optional().describe('environment'),
  config: z.string().default('').describe('JSON or key=value,...'),
  agent: z.array(z.string()).default([]).describe('policy, or seat=policy, repeated'),
  levels: z.string().optional().describe("collection file of the game's levels; one episode each"),
  episodes: whole(1).default(100).describe('episode i has seed <seed>/<i>'),
  seed: z.string().default('1').describe('seed of the evaluation'),
  mode: z.enum(['global', 'online']).default('online').describe('global: one answer; online: look again'),
  modality: z.enum(MODALITIES).default('text').describe('what the agent observes'),
  actionsPerTurn: whole(1).default(1).describe('most actions of one answer'),
  maxTurns: whole(1).default(50).describe('turns after which an episode is truncated'),
  memoryActions: whole(0).default(5).describe('past action turns in the context'),
  memoryObservations: whole(1).default(1).describe('newest observations in the context'),
  macro: z.string().optional().describe('one decision as many steps, by the macro of that name'),
  temperature: z.coerce.number().min(0).default(1).describe('of learned agents; 0 is greedy'),
  backend: z.string().default('auto').describe('of learned agents'),
  json: z.boolean().default(false).describe('print one JSON object'),
})

/** Plays an agent on many seeds or levels and sums up with 95 % bootstrap intervals. */
export const command: Command = {
  summary: 'evaluate an agent on many seeds or levels',
  examples: [
    'kickpush eval --env sokoban --config preset=small-v0 --agent expert --episodes 100 --seed 7',
    'kickpush eval --env sokoban --agent mini:base --modality frame --config preset=tiny-1 --actions-per-turn 4 --json',
  ],
  flags,
  async run(given, io) {
    const { env: id, agent, levels: file, backend, json, temperature, ...options } = flags.parse(given)
    if (id === undefined || agent.length === 0) throw new UserError('kickpush eval: give --env and --agent')
    const env = findEnv(envs, id)
    const levels = file === undefined ? seeds(env, options) : await collection(env, file, options, io)
    const conversation = parse(Conversation, pick(options), 'kickpush eval')
    const policies = await seatPolicies(env, levels[0].config, agent, { backend, temperature })
    const results = await evaluate({ levels, policies, conversation, sampling: options.seed })
    for (const policy of new Set(policies)) policy.dispose?.()
    const summary = summarise(results)
    if (json) {
      io.print(JSON.stringify({ ...summary, perEpisode: results }))
      return 0
    }
    io.print(`${agent.join(' ')} on ${env.id}, ${summary.episodes} episodes (95 % intervals)`)
    for (const name of ['success', 'return', 'score', 'steps'] as const) {
      const figure = summary[name]
      if (figure) io.print(`  ${name.padEnd(12)}${show(figure)}`)
    }
    io.print(`  turns       ${summary.turns.toFixed(2)}`)
    if (summary.malformed > 0) io.print(`  malformed   ${(100 * summary.malformed).toFixed(2)} % of turns`)
    if (summary.truth !== undefined)
      io.print(`  true        ${(100 * summary.truth).toFixed(1)} % of claims in thoughts`)
    return 0
  },
}

type Options = Omit<z.infer<typeof flags>, 'env' | 'agent' | 'levels' | 'backend' | 'json' | 'temperature'>

function seeds(env: Env, { config, episodes, seed }: Options): Level[] {
  const resolved = resolveConfig(env, parseConfig(config))
  return Array.from({ length: episodes }, (_, i) => ({ env, config: resolved, seed: `${seed}/${i}` }))
}

async function collection(env: Env, file: string, { config, seed }: Options, io: Io): Promise<Level[]> {
  if (!env.levels) throw new UserError(`${env.id} has no level files: leave out --levels`)
  const levels = env.levels(await io.read(file))
  if (levels.length === 0) throw new UserError(`'${file}' holds no level`)
  const given = parseConfig(config)
  return levels.map((level, i) => ({
    env,
    config: resolveConfig(env, { ...given, ...level }),
    seed: `${seed}/${i}`,
  }))
}

function pick({
  mode,
  modality,
  actionsPerTurn,
  maxTurns,
  memoryActions,
  memoryObservations,
  macro,
}: Options) {
  return {
    mode,
    modality,
    actionsPerTurn,
    maxTurns,
    memoryActions,
    memoryObservations,
    ...(macro && { macro }),
  }
}

function show({ mean, low, high }: Interval): string {
  return `${mean.toFixed(3)}  [${low.toFixed(3)}, ${high.toFixed(3)}]`
}
