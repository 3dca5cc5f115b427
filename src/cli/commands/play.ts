import { z } from 'zod'
import { UserError } from '#core/base/errors'
import { parseActions } from '#core/env/actions'
import { parseJson, resolveConfig } from '#core/env/config'
import type { Env } from '#core/env/env'
import { NO_ACTION } from '#core/env/turns'
import { type Episode, play } from '#core/play/play'
import { writeLine } from '#core/record/jsonl'
import type { RecordEvent, StepEvent } from '#core/record/record'
import { playBatch, replaying } from '../batch.ts'
import { chatFlags, chatOptions } from '../chat.ts'
import { collectionFlags, levelAt } from '../collections.ts'
import type { Command, Io } from '../command.ts'
import {
  AGENTS,
  BACKENDS,
  chosenEnv,
  conversationFlags,
  conversationOf,
  taughtTo,
  whole,
} from '../episodes.ts'
import { writeAside } from '../io.ts'
import { type PlacedLevel, readableLevels } from '../readable.ts'
import { mustSeatTwo, opponentFlag, seatPolicies } from '../seats.ts'
import { parseConfig } from '../values.ts'

/** Turns of agents that were not taught otherwise: enough for most episodes at one action a turn. */
const MOST_TURNS = 400

const flags = z.object({
  env: z.string().optional().describe('environment'),
  config: z.string().default('').describe('JSON or key=value,...'),
  ...collectionFlags,
  index: whole(1).default(1).describe('which level of the files'),
  seed: z.string().default('1').describe('seed of the episode'),
  agent: z.array(z.string()).default([]).describe(`${AGENTS}; for one seat: 0=<agent>`),
  opponent: opponentFlag.describe(
    'who sits in the seats that no --agent names; --agent alone sits in seat 0',
  ),
  actions: z
    .string()
    .optional()
    .describe(
      'names, indices or the letters of the game; where several seats act at once, JSON with one array per step',
    ),
  ...conversationFlags,
  maxTurns: conversationFlags.maxTurns.describe(`turns after which the episode is truncated [${MOST_TURNS}]`),
  record: z.string().optional().describe('write the record to this file'),
  batch: z
    .string()
    .optional()
    .describe('file of JSON lines {env, config, seed, actions}, or - for standard input'),
  out: z
    .string()
    .optional()
    .describe(
      'with --batch: a run folder for the records. Where there is a folder runs, the first 100 go to runs/play-<n> (KICKPUSH_KEEP=0: none)',
    ),
  backend: z.enum(BACKENDS).default('auto').describe('of a learned agent'),
  temperature: z.coerce
    .number()
    .min(0)
    .optional()
    .describe("of a learned agent, 0 is greedy [0]; of a chat agent [the server's]"),
  ...chatFlags,
  json: z.boolean().default(false).describe('print one JSON object per step'),
})

/** Plays one episode by an agent or given actions, or thousands in one process. */
export const command: Command = {
  summary: 'play episodes by an agent or given actions',
  examples: [
    'kickpush play --env sokoban --config preset=small-v0 --seed 7 --agent expert',
    'kickpush play --env sokoban --seed 7 --actions Up,Left,Left --json',
    'kickpush play --env sokoban --levels microban.txt --index 3 --agent expert',
    'kickpush play --batch episodes.jsonl --json',
  ],
  flags,
  async run(given, io, { envs }) {
    const options = flags.parse(given)
    if (options.batch !== undefined) return playBatch(options.batch, envs, io, options.out)
    if (options.out !== undefined)
      throw new UserError('kickpush play: --out is of --batch; one episode is written by --record')
    const env = chosenEnv(envs, options.env, 'kickpush play')
    const level: PlacedLevel =
      options.levels.length > 0
        ? await levelAt(env, options.index, options, io)
        : { env, config: resolveConfig(env, parseConfig(options.config)), seed: options.seed }
    const { config } = level
    const steps = options.actions === undefined ? undefined : actionsIn(env, config, options.actions)
    if ((steps === undefined) === (options.agent.length === 0)) {
      throw new UserError('kickpush play: give either --agent or --actions')
    }
    const policies = steps
      ? Array.from({ length: env.seats(config) }, (_, seat) => replaying(steps, seat))
      : await seatPolicies(
          env,
          config,
          seatedAgents(env, config, options.agent, options.opponent),
          { backend: options.backend, temperature: options.temperature, chat: chatOptions(options, io) },
          io,
        )
    const talk = steps ? { ...options, maxTurns: steps.length } : options
    const conversation = await conversationOf(
      env,
      talk,
      'kickpush play',
      io,
      taughtTo(policies) ?? { maxTurns: MOST_TURNS },
    )
    readableLevels([level], policies, conversation, null, io)
    const events: RecordEvent[] = []
    const match = { episode: 'play', env, config, seed: level.seed, policies, conversation }
    const [episode] = await play([match], { onEvent: (event) => events.push(event) })
    for (const policy of new Set(policies)) policy.dispose?.()
    if (options.record) await writeAside(options.record, events.map(writeLine).join(''))
    const played = events.filter((event) => event.type === 'step')
    if (options.json) for (const step of played) io.print(JSON.stringify(result(step)))
    else show(env, config, played, episode, io)
    if (episode.failed !== undefined) throw new UserError(episode.failed)
    return 0
  },
}

/** `--agent` flags with the opponent in all seats that are left. @throws UserError for a game of one seat. */
function seatedAgents(
  env: Env,
  config: object,
  agents: readonly string[],
  opponent: string | undefined,
): readonly string[] {
  if (opponent === undefined) return agents
  mustSeatTwo({ env, config }, opponent)
  return [opponent, ...agents.map((agent) => (/^\d+=/.test(agent) ? agent : `0=${agent}`))]
}

function result({ t, actions, rewards, terms, terminated, truncated, hash }: StepEvent): object {
  return { t, actions, rewards, terms, terminated, truncated, hash }
}

function show(env: Env, config: object, steps: readonly StepEvent[], episode: Episode, io: Io): void {
  const names = env.actions(config)
  const figures = (values: readonly number[]) => values.map((value) => value.toFixed(2)).join(' ')
  for (const { t, actions, rewards } of steps) {
    const said = actions.map((action) => (action === NO_ACTION ? '-' : names[action])).join(' ')
    io.print(`${String(t).padStart(4)}  ${said.padEnd(12)} ${figures(rewards)}`)
  }
  io.print(env.text(episode.final, 0))
  io.print(`${episode.outcome.name} after ${episode.steps} steps, return ${figures(episode.return)}`)
}

/** @throws UserError when they are none, or not actions of the environment. */
function actionsIn(env: Env, config: object, text: string): number[][] {
  const list = text.trim().startsWith('[')
  const steps = parseActions(env, config, list ? parseJson(z.array(z.unknown()), text, '--actions') : text)
  if (steps.length === 0) throw new UserError('kickpush play: --actions has no action')
  return steps
}
