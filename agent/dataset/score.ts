import { type Episode, play } from '#core/play/play'
import type { Policy } from '#core/play/policy'
import type { Reply } from '../dialogue/reply.ts'
import { respond } from '../dialogue/respond.ts'
import { type RewardOptions, rewardRule, scoredTurns } from '../rewards/registry.ts'
import type { OpenTask } from './task.ts'

/** What an answer is worth, and the terms it is made of. */
export interface Score {
  readonly reward: number
  readonly terms: Readonly<Record<string, number>>
}

/**
 * Plays an answer in words on its task and scores it by a rule; beside the terms it is told whether it succeeded, in
 * how many steps, and whether it was lenient: played, but not paid for its format.
 */
export async function scoreAnswer(task: OpenTask, reply: Reply, options: RewardOptions): Promise<Score> {
  const writer: Policy = {
    id: 'outside',
    act: async (requests) => requests.map((request) => respond(reply, request)),
  }
  const { env, config, seed, conversation } = task
  const match = { episode: 'task', env, config, seed, policies: [writer], conversation }
  const [episode] = await play([match], { score: false })
  const terms = termsOf(episode, options)
  const reward = Object.values(terms).reduce((sum, term) => sum + term, 0)
  const told = {
    success: episode.outcome.success ? 1 : 0,
    steps: episode.steps,
    lenient: episode.turns[0].filter(({ response }) => response.format === 'lenient').length,
  }
  return { reward, terms: { ...terms, ...told } }
}

function termsOf(episode: Episode, options: RewardOptions): Record<string, number> {
  const rule = rewardRule(episode.match.env, options)
  const terms: Record<string, number> = {}
  for (const turn of scoredTurns(episode, 0)) {
    for (const [name, term] of Object.entries(rule(turn))) terms[name] = (terms[name] ?? 0) + term
  }
  return terms
}
