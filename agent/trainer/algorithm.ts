import { z } from 'zod'
import { biLevel, type Decay, type EpisodeTurns, tokenLevel, turnLevel } from '../algorithms/gae.ts'
import {
  baselineRelative,
  equalGroups,
  groupRelative,
  moments,
  standardised,
} from '../algorithms/normalise.ts'

const unit = z.number().min(0).max(1)

/** How rewards become advantages, and advantages a loss. */
export const Algorithm = z.strictObject({
  name: z
    .enum(['grpo', 'reinforce-baseline', 'ppo'])
    .default('grpo')
    .describe('grpo and reinforce-baseline compare the episodes of a level, ppo asks the value head'),
  credit: z
    .enum(['episode', 'turn', 'token', 'bi-level'])
    .default('episode')
    .describe('episode: one number for all; turn, token, bi-level: generalized advantage estimation'),
  gamma: unit.default(1).describe('discount per turn (per token with credit token)'),
  lambda: unit.default(1).describe('trace decay per turn (per token with credit token)'),
  tokenGamma: unit.default(1).describe('discount per token within a turn (bi-level)'),
  tokenLambda: unit.default(1).describe('trace decay per token within a turn (bi-level)'),
  bootstrap: z
    .boolean()
    .default(true)
    .describe('a truncated episode counts on with its last value; false where the limit is part of the task'),
  normaliseRewards: z
    .boolean()
    .default(false)
    .describe('divide rewards by the standard deviation of the batch: a scale for the value head'),
  clipLow: z.number().positive().default(0.2),
  clipHigh: z.number().positive().default(0.2),
  value: z.number().min(0).default(0.1).describe('weight of the value loss'),
  entropy: z.number().min(0).default(0.003).describe('weight of the entropy bonus'),
  kl: z.number().min(0).default(0).describe("weight of KL (k3) to the stage's first policy"),
  dropEqualGroups: z.boolean().default(true).describe('leave out levels whose episodes all earn the same'),
})
export type Algorithm = z.infer<typeof Algorithm>

/** One episode of a batch: its group (level) and its turns. */
export interface CreditedEpisode extends EpisodeTurns {
  readonly group: number
}

/** Advantage and value target per turn and token of one episode. */
export interface Credit {
  /** False: the episode is left out of the policy loss. */
  readonly used: boolean
  readonly turns: readonly { readonly advantages: Float64Array; readonly returns: Float64Array }[]
}

/**
 * Credit for every token of a batch of episodes. Group algorithms subtract the mean of the level's episodes: of the
 * whole episode's reward, or (credit turn) of the reward still to come at each turn; ppo uses the value head
 * and standardises over the batch.
 */
export function assignCredit(played: readonly CreditedEpisode[], options: Algorithm): Credit[] {
  const episodes = options.normaliseRewards ? normalised(played) : played
  const groups = episodes.map((episode) => episode.group)
  const totals = episodes.map((episode) => sum(episode.rewards))
  const equal = options.dropEqualGroups ? equalGroups(totals, groups) : new Set<number>()
  const turn: Decay = { gamma: options.gamma, lambda: options.lambda }
  const estimates = episodes.map((given) => {
    const episode = options.bootstrap ? given : { ...given, bootstrap: 0 }
    if (options.credit === 'token') return tokenLevel(episode, turn)
    if (options.credit === 'bi-level') {
      return biLevel(episode, turn, { gamma: options.tokenGamma, lambda: options.tokenLambda })
    }
    return turnLevel(episode, turn)
  })
  const advantages = relative(episodes, estimates, totals, groups, options)
  return episodes.map((episode, i) => ({
    used: options.name === 'ppo' || !equal.has(episode.group),
    turns: estimates[i].map((estimate, t) => ({ advantages: advantages[i][t], returns: estimate.returns })),
  }))
}

type Estimates = ReturnType<typeof turnLevel>

function relative(
  episodes: readonly CreditedEpisode[],
  estimates: readonly Estimates[],
  totals: readonly number[],
  groups: readonly number[],
  options: Algorithm,
): Float64Array[][] {
  const normalise = (numbers: readonly number[], of: readonly number[]): Float64Array =>
    options.name === 'ppo'
      ? standardised(numbers)
      : options.name === 'grpo'
        ? groupRelative(numbers, of)
        : baselineRelative(numbers, of)
  if (options.credit === 'episode') {
    const whole = normalise(totals, groups)
    return episodes.map((episode, i) =>
      episode.values.map((values) => new Float64Array(values.length).fill(whole[i])),
    )
  }
  // Every token is one number; its level is its group.
  const flat: number[] = []
  const of: number[] = []
  for (const [i, turns] of estimates.entries()) {
    for (const turn of turns) {
      for (const advantage of turn.advantages) {
        flat.push(advantage)
        of.push(groups[i])
      }
    }
  }
  const normal = normalise(flat, of)
  let at = 0
  return estimates.map((turns) =>
    turns.map((turn) => {
      const part = normal.slice(at, at + turn.advantages.length)
      at += turn.advantages.length
      return part
    }),
  )
}

/** Rewards over the standard deviation of the episodes' totals; as they are where all episodes earn the same. */
function normalised(episodes: readonly CreditedEpisode[]): readonly CreditedEpisode[] {
  const { std } = moments(episodes.map(({ rewards }) => sum(rewards)))
  if (std <= 1e-8) return episodes
  return episodes.map((episode) => ({
    ...episode,
    rewards: Float64Array.from(episode.rewards, (reward) => reward / std),
  }))
}

function sum(numbers: ArrayLike<number>): number {
  let total = 0
  for (let i = 0; i < numbers.length; i++) total += numbers[i]
  return total
}
