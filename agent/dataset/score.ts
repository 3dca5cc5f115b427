import { type Episode, play } from '#core/play'
import type { Policy } from '#core/policy'
import { respond } from '../dialogue/respond.ts'
import { type RewardOptions, rewardRule, scoredTurns } from '../rewards/registry.ts'
import type { OpenTask } from './task.ts'

/** What an answer is worth, and the terms it is made of. */
export interface Score {
  readonly reward: number
  readonly terms: Readonly<Record<string, number>>
}

/** Plays an answer in words on its task and scores it by a rule; `success` and `steps` are told beside the terms. */
export async function scoreAnswer(task: OpenTask, text: string, options: RewardOptions): Promise<Score> {
  const writer: Policy = {
    id: 'outside',
    act: async (requests) => requests.map((request) => respond(text, request)),
  }
  const { env, config, seed, conversation } = task
  const match = { episode: 'task', env, config, seed, policies: [writer], conversation }
  const [episode] = await play([match], { score: false })
  const terms = termsOf(episode, options)
  const reward = Object.values(terms).reduce((sum, term) => sum + term, 0)
  return { reward, terms: { ...terms, success: episode.outcome.success ? 1 : 0, steps: episode.steps } }
}

function termsOf(episode: Episode, options: RewardOptions): Record<string, number> {
  const rule = rewardRule(episode.match.env, options)
  const terms: Record<string, number> = {}
  for (const turn of scoredTurns(episode, 0)) {
    for (const [name, term] of Object.entries(rule(turn))) terms[name] = (terms[name] ?? 0) + term
  }
  return terms
}
