import type { Level } from '#core/play/match'
import { type Episode, play } from '#core/play/play'
import type { Conversation, Policy } from '#core/play/policy'
import { fromEverySeat } from '../evaluation/seats.ts'
import { type Interval, interval, pairedDifference } from '../evaluation/statistics.ts'
import { exploiters, honestPlayers } from './exploiters.ts'
import { RewardOptions, rewardRule, rewardRules, scoredTurns } from './registry.ts'

/** What a player earned on each level. */
export interface Earnings {
  readonly name: string
  /** Sums of the environment's rewards. */
  readonly returns: readonly number[]
  /** Sums of what the rule paid. */
  readonly rewards: readonly number[]
}

/** Ways to be paid for something else than play, the worst first. */
export const VERDICTS = [
  'as much as the expert',
  'more than honest play',
  'by the turn',
  'more than random',
] as const
export type Verdict = (typeof VERDICTS)[number]

/** How an exploiter fared under a rule. */
export interface Finding {
  readonly rule: string
  readonly player: string
  readonly return: number
  readonly reward: number
  readonly random: number
  readonly expert: number
  /** Paid more than random play on the same levels. */
  readonly overRandom: Interval
  /** Paid more than honest play that earns the same return. */
  readonly overHonest: Interval
  /** Paid more when the episode may last twice as long. */
  readonly overShorter: Interval
  /** Absent when nothing but play pays. */
  readonly verdict?: Verdict
}

/** What counts as more: beyond its 95 % interval, and beyond this share of what lies between random and expert. */
const TOLERANCE = 0.02

/** Every rule that can score an environment; where the measure matters, each of them. */
export function auditedRules(level: Level): RewardOptions[] {
  const rules = rewardRules(level.env).map((rule) => RewardOptions.parse({ rule }))
  return [...rules, RewardOptions.parse({ rule: 'format-accuracy', measure: 'return' })]
}

export const ruleName = ({ rule, measure }: RewardOptions): string =>
  measure === 'return' ? `${rule}, by return` : rule

/**
 * Lets exploiters and honest players play the same levels, and judges the exploiters under every rule.
 * @param levels of one environment, which must have an `expert`.
 * @param opponent sits in all seats but one, from each of which every level is played.
 */
export async function audit(
  levels: readonly Level[],
  conversation: Conversation,
  rules: readonly RewardOptions[],
  opponent?: Policy,
): Promise<Finding[]> {
  const played = (players: readonly Policy[], talk: Conversation) => playAll(players, levels, talk, opponent)
  const honest = await played(honestPlayers(levels[0].env), conversation)
  const exploits = await played(exploiters(), conversation)
  const longer = await played(exploiters(), { ...conversation, maxTurns: 2 * conversation.maxTurns })
  return rules.flatMap((rule) => {
    const reference = honest.map(({ id, episodes }) => earnings(id, episodes, rule))
    return exploits.map(({ id, episodes }, i) => ({
      rule: ruleName(rule),
      ...judge(reference, earnings(id, episodes, rule), earnings(id, longer[i].episodes, rule)),
    }))
  })
}

/**
 * Whether an exploiter is paid for something else than play.
 * @param honest players on the same levels, from random play to the expert.
 * @param longer the exploiter on the same levels, where episodes may last twice as long.
 */
export function judge(
  honest: readonly Earnings[],
  exploit: Earnings,
  longer: Earnings,
): Omit<Finding, 'rule'> {
  const [random, expert] = [honest[0], honest[honest.length - 1]]
  const earned = mean(exploit.returns)
  const fair = fairReward(honest, earned)
  const overRandom = pairedDifference(exploit.rewards, random.rewards)
  const overHonest = interval(exploit.rewards.map((reward) => reward - fair))
  const overShorter = pairedDifference(longer.rewards, exploit.rewards)
  const figures = {
    return: earned,
    reward: mean(exploit.rewards),
    random: mean(random.rewards),
    expert: mean(expert.rewards),
  }
  const enough = TOLERANCE * Math.abs(figures.expert - figures.random)
  const verdict: Verdict | undefined =
    figures.reward >= figures.expert
      ? 'as much as the expert'
      : overHonest.low > enough
        ? 'more than honest play'
        : overShorter.low > enough && mean(longer.returns) <= earned
          ? 'by the turn'
          : overRandom.low > enough
            ? 'more than random'
            : undefined
  return {
    player: exploit.name,
    ...figures,
    overRandom,
    overHonest,
    overShorter,
    ...(verdict && { verdict }),
  }
}

/** What honest play that earns this return is paid: linear between the honest players, level beyond them. */
export function fairReward(honest: readonly Earnings[], earned: number): number {
  const points = honest
    .map(({ returns, rewards }) => ({ at: mean(returns), reward: mean(rewards) }))
    .sort((a, b) => a.at - b.at)
  const above = points.findIndex(({ at }) => at >= earned)
  if (above < 0) return points[points.length - 1].reward
  if (above === 0) return points[0].reward
  const [low, high] = [points[above - 1], points[above]]
  return low.reward + ((earned - low.at) / (high.at - low.at)) * (high.reward - low.reward)
}

interface Played {
  readonly id: string
  /** Whose rewards count of each episode. */
  readonly episodes: readonly { readonly episode: Episode; readonly seats: readonly number[] }[]
}

async function playAll(
  policies: readonly Policy[],
  levels: readonly Level[],
  conversation: Conversation,
  opponent: Policy | undefined,
): Promise<Played[]> {
  const played: Played[] = []
  const plays = opponent ? fromEverySeat(levels) : levels
  for (const policy of policies) {
    const matches = plays.map(({ env, config, seed }, i) => {
      const seats = new Array<Policy>(env.seats(config)).fill(opponent ?? policy)
      const policies = seats.with(i % seats.length, policy)
      return { episode: `audit-${i}`, env, config, seed, policies, conversation }
    })
    const episodes = await play(matches, { score: false, concurrency: 64 })
    played.push({
      id: policy.id,
      episodes: episodes.map((episode, i) => {
        const all = [...episode.turns.keys()]
        return { episode, seats: opponent ? [i % all.length] : all }
      }),
    })
  }
  return played
}

function earnings(name: string, episodes: Played['episodes'], options: RewardOptions): Earnings {
  return {
    name,
    returns: episodes.map(({ episode, seats }) => mean(seats.map((seat) => episode.return[seat]))),
    rewards: episodes.map(({ episode, seats }) => {
      const rule = rewardRule(episode.match.env, options)
      const paid = seats.map((seat) => {
        const turns = scoredTurns(episode, seat).map((turn) => sum(Object.values(rule(turn))))
        return sum(turns)
      })
      return mean(paid)
    }),
  }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, x) => total + x, 0)
const mean = (numbers: readonly number[]): number => sum(numbers) / numbers.length
