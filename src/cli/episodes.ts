import { z } from 'zod'
import type { Backend } from '#agent/backend'
import type { Interval } from '#agent/evaluation/statistics'
import { UserError } from '#core/base/errors'
import type { Io } from '#core/env/command'
import { parse, resolveConfig } from '#core/env/config'
import type { Env } from '#core/env/env'
import { findEnv } from '#core/env/registry'
import { SPLITS, type Split, seedsOf } from '#core/env/split'
import type { Level } from '#core/play/match'
import { Conversation, MODALITIES, type Policy } from '#core/play/policy'
import { flagOf } from './flags.ts'
import { parseConfig } from './values.ts'

/** What `--backend` may be; `auto` takes the fastest that works. */
export const BACKENDS = ['auto', 'tfjs-node-gpu', 'webgpu', 'wasm', 'cpu'] as const satisfies readonly (
  | Backend
  | 'auto'
)[]

/** How agents are named, for help. */
export const AGENTS =
  'random, idle, human, a scripted one (expert), script:<file>, mini:<name or folder>, chat:<model>@<url>'

/** A flag that counts. */
export const whole = (least: number) => z.coerce.number().int().min(least)

/** Flags of commands that play many episodes of one environment. */
export const levelFlags = {
  env: z.string().optional().describe('environment'),
  config: z.string().default('').describe('JSON or key=value,...'),
  episodes: whole(1)
    .max(1_000_000)
    .optional()
    .describe('as many levels, of seeds <seed>/<i> [100; all of files]'),
  seed: z.string().default('1').describe('seed of the evaluation'),
  split: z
    .enum([...SPLITS, 'all'])
    .optional()
    .describe(
      'levels that agents are trained on, chosen on, tested on; all: as they come [test; all of files]',
    ),
}

/** Flags of commands that sum up what agents do. */
export const agentFlags = {
  temperature: z.coerce
    .number()
    .min(0)
    .optional()
    .describe("of learned agents, 0 is greedy [1]; of chat agents [the server's]"),
  backend: z.enum(BACKENDS).default('auto').describe('of learned agents'),
  json: z.boolean().default(false).describe('print one JSON object'),
}

/** Flags of commands that let agents talk with an environment; without them a learned agent talks as it was taught. */
export const conversationFlags = {
  mode: z.enum(['global', 'online']).optional().describe('global: one answer; online: look again [online]'),
  modality: z.enum(MODALITIES).optional().describe('what the agent observes: text, frame, both [text]'),
  actionsPerTurn: whole(1).optional().describe('most actions of one answer [1]'),
  maxTurns: whole(1)
    .optional()
    .describe(
      `turns after which an episode is truncated [the game's own, else ${Conversation.shape.maxTurns.parse(undefined)}]`,
    ),
  memoryActions: whole(0).optional().describe('past action turns in the context [5]'),
  memoryObservations: whole(1).optional().describe('newest observations in the context [1]'),
  macro: z.string().optional().describe('one decision as many steps, by the macro of that name'),
  mask: z.boolean().optional().describe('of learned agents: no answer begins with an illegal action'),
  listLegal: z.boolean().optional().describe("of chat agents: prompts list each turn's legal actions"),
  thought: z
    .boolean()
    .optional()
    .describe('of chat agents: false asks for the answer alone, without a thought before it [true]'),
  prompt: z
    .string()
    .optional()
    .describe(
      'of chat agents: file with a system prompt in the place of ours; {rules}, {reading}, {actions}, {count}, {format} are filled in',
    ),
}
const Talk = z.object(conversationFlags)

/** The environment of `--env`. @throws UserError naming the ones there are. */
export function chosenEnv(envs: readonly Env[], id: string | undefined, command: string): Env {
  if (id !== undefined) return findEnv(envs, id)
  throw new UserError(`${command}: --env is missing (allowed: ${envs.map((env) => env.id).join(', ')})`)
}

/** How the first learned one of `policies` was taught to talk. */
export function taughtTo(policies: readonly Policy[]): Conversation | undefined {
  return policies.find(({ conversation }) => conversation)?.conversation
}

/**
 * The conversation with `env` that flags describe over what they leave open.
 * @throws UserError naming what is out of bounds, and a file that cannot be read.
 */
export async function conversationOf(
  env: Env,
  options: z.infer<typeof Talk>,
  command: string,
  io: Io,
  open: Partial<Conversation> = {},
): Promise<Conversation> {
  const { prompt: file, ...talk } = Talk.parse(options)
  const prompt = file === undefined ? {} : { prompt: (await io.read(file)).trim() }
  return parse(Conversation, { maxTurns: env.turns, ...open, ...talk, ...prompt }, command, flagOf)
}

/**
 * The levels of an evaluation, one per episode, and what to say of them. A config that leaves one level plays that one.
 * @throws UserError when the split has too few levels.
 */
export function seededLevels(
  env: Env,
  { config, episodes, seed, split }: { config: string; episodes: number; seed: string; split: Split | 'all' },
): { levels: Level[]; of: string } {
  const resolved = resolveConfig(env, parseConfig(config))
  const single = env.levelKey && env.levelKey(resolved, `${seed}/0`) === env.levelKey(resolved, `${seed}/1`)
  const seeds =
    single || split === 'all'
      ? Array.from({ length: episodes }, (_, i) => `${seed}/${i}`)
      : seedsOf(env, resolved, split, seed, episodes)
  return {
    levels: seeds.map((seed) => ({ env, config: resolved, seed })),
    of: single
      ? 'the one level of that config'
      : split === 'all'
        ? 'levels of all splits'
        : `${split} levels`,
  }
}

/** A mean with its interval, for people. */
export function shown({ mean, low, high }: Interval): string {
  return `${mean.toFixed(3)}  [${low.toFixed(3)}, ${high.toFixed(3)}]`
}
