import { z } from 'zod'
import { readRows } from '#agent/dataset/row'
import { rewardRule, rewardRules } from '#agent/rewards/registry'
import { serveRewards } from '#server/reward'
import { beside } from '#threads/thread'
import { accessFlags, accessOf, workFlags } from '../access.ts'
import type { Command } from '../command.ts'
import { chosenEnv } from '../episodes.ts'
import { untilInterrupted } from '../interrupt.ts'
import type { RewardWork } from '../reward-thread.ts'
import { parseReward } from '../values.ts'
import { isWorker, workTogether, workUntilStopped } from '../workers.ts'

const flags = z.object({
  env: z.string().optional().describe('score answers of this environment only'),
  dataset: z
    .string()
    .optional()
    .describe('rows of `dataset export`, for trainers that do not send env_path as the label'),
  reward: z.string().default('format-accuracy').describe('rule, or rule=...,alpha=... with its options'),
  ...workFlags,
  port: z.coerce.number().int().min(0).max(65535).default(5000).describe('port; 0 takes any free one'),
  ...accessFlags,
})

/** Rewards for trainers elsewhere: their model answers a row of our data set, we play the answer and score it. */
export const command: Command = {
  summary: 'score the answers of large models in training (OpenRLHF)',
  examples: [
    'kickpush reward-server --env sokoban --port 5000',
    'kickpush reward-server --dataset data/small-v0/train.jsonl --reward lmm-r1-verifier',
    'kickpush reward-server --env sokoban --reward rule=format-accuracy,alpha=0.5,scale=1',
  ],
  flags,
  async run(given, io, games) {
    const { env: id, dataset, reward, workers, threads, port, ...who } = flags.parse(given)
    const options = parseReward(reward, 'kickpush reward-server')
    const only = id === undefined ? undefined : chosenEnv(games.envs, id, 'kickpush reward-server')
    const scored = only ? [only] : games.envs
    if (!scored.some((env) => rewardRules(env).includes(options.rule))) rewardRule(scored[0], options)
    const rows = dataset === undefined ? [] : readRows(await io.read(dataset), dataset)
    const data: RewardWork = { games: games.added, rows, options, only: only?.id }
    const say = (url: string) => {
      io.print(`rewards: ${url}/get_reward`)
      io.note(`rule ${options.rule}${dataset ? `, ${rows.length} rows of ${dataset}` : ''}; Ctrl+C stops`)
    }
    if (workers > 1 && !isWorker()) return workTogether(workers, io, say)
    const serving = await serveRewards({
      work: { entry: beside(import.meta.url, '../reward-thread'), data },
      threads,
      port,
      ...(await accessOf(who, io)),
      log: io.note,
    })
    if (isWorker()) await workUntilStopped(serving.url)
    else {
      say(serving.url)
      await untilInterrupted()
    }
    await serving.close()
    return 0
  },
}
