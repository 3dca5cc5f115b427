import { z } from 'zod'
import { rewardRule } from '#agent/rewards/registry'
import { resolveConfig } from '#core/env/config'
import { SPLITS } from '#core/env/split'
import { HEARTBEAT } from '#server/converse'
import { serveEnv } from '#server/openenv'
import { beside } from '#threads/thread'
import { accessFlags, accessOf, workFlags } from '../access.ts'
import { collectionFlags, levelConfigs } from '../collections.ts'
import type { Command } from '../command.ts'
import type { EnvWork } from '../env-thread.ts'
import { chosenEnv, conversationFlags, conversationOf, whole } from '../episodes.ts'
import { untilInterrupted } from '../interrupt.ts'
import { opponentPolicy } from '../seats.ts'
import { parseConfig, parseReward } from '../values.ts'
import { isWorker, peersOf, workTogether, workUntilStopped } from '../workers.ts'

const flags = z.object({
  env: z.string().optional().describe('environment'),
  config: z.string().default('').describe('JSON or key=value,...; a reset may add to it'),
  ...collectionFlags,
  ...conversationFlags,
  reward: z
    .string()
    .optional()
    .describe("rule, or rule=...,alpha=... with its options; the environment's own rewards unless given"),
  opponent: z
    .string()
    .optional()
    .describe(
      'who sits in all seats but one, which a reset names or its seed draws; all are played from outside unless given',
    ),
  seed: z.string().default('1').describe('episodes without a seed get <seed>/0, <seed>/1 ...'),
  split: z
    .enum([...SPLITS, 'all'])
    .default('all')
    .describe('levels that agents are trained on, chosen on, tested on; a reset may say another'),
  heartbeat: z.coerce
    .number()
    .min(0)
    .default(HEARTBEAT)
    .describe(
      'seconds in which a connection must show that it is alive, 0 for never; its episode can be resumed',
    ),
  sessions: whole(1).default(256).describe('most environments at once'),
  ...workFlags,
  record: z.string().optional().describe('a run folder for the record of every episode'),
  port: z.coerce.number().int().min(0).max(65535).default(8000).describe('port; 0 takes any free one'),
  ...accessFlags,
})

/** An environment for trainers elsewhere: they ask, their model answers in words or actions, we play. */
export const command: Command = {
  summary: 'serve an environment to trainers that speak OpenEnv',
  examples: [
    'kickpush env-server --env sokoban --config preset=tiny-1',
    'kickpush env-server --env sokoban --config preset=small-v0 --modality frame --actions-per-turn 5 --reward format-accuracy',
    'kickpush env-server --env four-in-a-row --env-module ./examples/four-in-a-row/src/index.ts --opponent greedy',
    'kickpush env-server --env football --config preset=academy_3_vs_1_with_keeper --record runs/outside',
  ],
  flags,
  async run(given, io, games) {
    const {
      env: id,
      config: text,
      reward,
      opponent,
      seed,
      split,
      heartbeat,
      sessions,
      record,
      workers,
      threads,
      port,
      ...talk
    } = flags.parse(given)
    const env = chosenEnv(games.envs, id, 'kickpush env-server')
    const config = parseConfig(text)
    const levels = talk.levels.length > 0 ? await levelConfigs(env, talk, io) : undefined
    const first = { ...config, ...levels?.[0] }
    const resolved = resolveConfig(env, first)
    // What is wrong about its name is said now, not by a thread.
    const tried = await opponentPolicy({ env, config: resolved, seed }, opponent, { temperature: 1 })
    tried?.dispose?.()
    const conversation = await conversationOf(env, talk, 'kickpush env-server', io)
    const chosen = reward === undefined ? undefined : parseReward(reward, 'kickpush env-server')
    if (chosen) rewardRule(env, chosen)
    const data: EnvWork = {
      games: games.added,
      env: env.id,
      config,
      levels,
      conversation,
      split,
      reward: chosen,
      opponent,
    }
    const say = (url: string) => {
      io.print(`${env.id}: ${url} (WebSocket at /ws)`)
      io.note('Ctrl+C stops')
    }
    if (workers > 1 && !isWorker()) return workTogether(workers, io, say)
    const peers = isWorker() ? peersOf() : undefined
    const serving = await serveEnv({
      env,
      config: first,
      conversation,
      heartbeat,
      work: { entry: beside(import.meta.url, '../env-thread'), data },
      threads,
      seed,
      sessions: Math.ceil(sessions / (peers?.of ?? 1)),
      peers,
      record,
      port,
      ...(await accessOf(talk, io)),
      log: io.note,
    })
    if (peers) await workUntilStopped(serving.url, serving.inner)
    else {
      say(serving.url)
      await untilInterrupted()
    }
    await serving.close()
    return 0
  },
}
