import { workerData } from 'node:worker_threads'
import { dialogue } from '#agent/dialogue/dialogue'
import { openAiMessage } from '#agent/dialogue/openai'
import { respond } from '#agent/dialogue/respond'
import { png } from '#agent/hosts/node/png'
import { createPolicy } from '#agent/hosts/node/policies'
import { type RewardOptions, rewardRule } from '#agent/rewards/registry'
import { findEnv } from '#core/env/registry'
import type { Split } from '#core/env/split'
import type { Conversation } from '#core/play/policy'
import { loadGames } from '#registry/games'
import type { GameModule } from '#registry/module'
import { hostSessions } from '#server/host'

/** What a thread of the environment server plays. */
export interface EnvWork {
  /** Modules of games that do not come with Kickpush. */
  readonly games: readonly GameModule[]
  readonly env: string
  readonly config: Readonly<Record<string, unknown>>
  /** Configs of the levels of files, which a reset chooses among. */
  readonly levels?: readonly object[]
  readonly conversation: Conversation
  /** Levels of this split only, where a reset does not say another. */
  readonly split: Split | 'all'
  /** The environment's own rewards unless given. */
  readonly reward?: RewardOptions
  /** Who sits in all seats but one, by name; nobody unless given. */
  readonly opponent?: string
}

const { games, env: id, config, levels, conversation, split, reward, opponent } = workerData as EnvWork
const { envs } = await loadGames(games)
const env = findEnv(envs, id)

hostSessions({
  env,
  config,
  levels,
  conversation,
  split,
  messages: (request) => dialogue(request).map((message) => openAiMessage(message, png)),
  read: respond,
  rule: reward && rewardRule(env, reward),
  opponent: opponent === undefined ? undefined : await createPolicy(opponent, { env, temperature: 1 }),
})
