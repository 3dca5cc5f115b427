import { append } from '#core/base/lists'
import { own } from '#core/base/own'
import { seeded } from '#core/base/random'
import type { Env } from '#core/env/env'
import type { RewardRule, ScoredTurn } from '#core/env/reward'
import { succeeds } from '#core/env/turns'
import type { Match } from '#core/play/match'
import { play } from '#core/play/play'
import type { Policy } from '#core/play/policy'
import type { StepEvent } from '#core/record/record'
import { random } from '../policies/plain.ts'
import { scripted } from '../policies/scripted.ts'
import { rewardRule, scoredTurns } from '../rewards/registry.ts'
import { type Levels, trainLevel } from '../trainer/levels.ts'
import { seatingOf } from '../trainer/opponents.ts'
import type { Finding } from './finding.ts'
import type { Reinforcement } from './recipe.ts'

/** Groups and episodes of each that are played to see what rewards tell apart. */
const GROUPS = 12
const MEMBERS = 8
/** Share of groups that teach nothing, from which something is to be changed. */
const MOST_EQUAL = 0.6
/** Share of episodes with a cost below which a rule as good as ignores it. */
const COUNTED = 0.05
/** What the rewards of an episode may span, in worths of the format. */
const SPAN = { least: 0.1, most: 20 } as const

/** One seat of a played episode. */
interface Played {
  readonly group: number
  readonly env: Env
  readonly turns: readonly ScoredTurn[]
  /** Reward terms of each step of its turns, by name. */
  readonly terms: readonly Readonly<Record<string, number>>[]
  readonly return: number
  /** What the rule pays. */
  readonly reward: number
  readonly success: boolean
}

/** Who sits there for the while: models stand for each other, and a game's agents for themselves. */
function opponent(env: Env, name: string, policy: Policy): Policy {
  if (own(env.policies, name)) return scripted(env, name)
  return name === 'random' ? random : policy
}

/** A few groups of a stage, as an update plays them. */
export async function playGroups(stage: Reinforcement, levels: Levels, policy: Policy): Promise<Played[]> {
  const matches: Match[] = []
  const groupOf: number[] = []
  const learners: (number | undefined)[] = []
  for (let group = 0; group < Math.min(GROUPS, stage.groups); group++) {
    const name = `doctor/${stage.name}/${group}`
    const level = trainLevel(levels, name)
    const seats = level.env.seats(level.config)
    const seating = seatingOf(stage, { update: 0, group, seats }, seeded(name))
    const others = seating?.others.map((who) => opponent(level.env, who, policy))
    const policies = others?.toSpliced(seating!.learner, 0, policy) ?? new Array<Policy>(seats).fill(policy)
    for (let member = 0; member < Math.min(MEMBERS, stage.groupSize); member++) {
      matches.push({
        episode: `${group}-${member}`,
        ...level,
        policies,
        conversation: stage.conversation,
        sampling: `${name}/${member}`,
      })
      groupOf.push(group)
      learners.push(seating?.learner)
    }
  }
  const steps = new Map<string, StepEvent[]>()
  const episodes = await play(matches, {
    score: false,
    onEvent: (event) => {
      if (event.type === 'step') steps.set(event.episode, [...(steps.get(event.episode) ?? []), event])
    },
  })
  return episodes.flatMap((episode, i) =>
    (learners[i] === undefined ? [...episode.turns.keys()] : [learners[i]]).map((seat): Played => {
      const turns = scoredTurns(episode, seat)
      const count = turns.reduce((sum, { rewards }) => sum + rewards.length, 0)
      const all = (steps.get(episode.match.episode) ?? []).map(({ terms }) => terms[seat] ?? {})
      return {
        group: groupOf[i],
        env: episode.match.env as Env,
        turns,
        terms: all.slice(all.length - count),
        return: episode.return[seat],
        reward: worth(rewardRule(episode.match.env, stage.reward), turns),
        success: succeeds(episode.outcome, seat),
      }
    }),
  )
}

/** What the rules of the game and the reward rule pay, costs that the rule ignores, and how accuracy and format compare. */
export function rewardFindings(
  key: string,
  stage: Reinforcement,
  all: readonly Played[],
  /** Whoever played is not who will learn. */
  unlike: boolean,
): Finding[] {
  const envs = [...new Set(all.map(({ env }) => env))]
  return envs.flatMap((env) =>
    findingsOf(
      key,
      stage,
      env,
      all.filter((one) => one.env === env),
      unlike,
    ),
  )
}

function findingsOf(
  key: string,
  stage: Reinforcement,
  env: Env,
  played: readonly Played[],
  unlike: boolean,
): Finding[] {
  const { reward } = stage
  const name = reward.rule === 'format-accuracy' ? `${reward.rule} (${reward.measure})` : reward.rule
  const range = (values: readonly number[]) => `${shown(least(values))} to ${shown(most(values))}`
  const returns = played.map((one) => one.return)
  const paid = played.map((one) => one.reward)
  const value = `an episode of the game brings ${range(returns)}, and ${name} pays ${range(paid)}`
  const findings: Finding[] = [{ key, what: `rewards of ${env.id}`, value }]

  for (const term of new Set(played.flatMap(({ terms }) => terms.flatMap((step) => Object.keys(step))))) {
    const cost = played.filter(({ terms }) => terms.some((step) => (step[term] ?? 0) < 0))
    // Where nothing is gained, a rule that counts gains counts no cost on the way to them either.
    const gained = cost.filter(({ turns }) => turns.some(({ rewards }) => rewards.some((one) => one > 0)))
    const costly = gained.length > 0 || unlike ? gained : cost
    const counted = costly.filter((one) => {
      const without = worth(rewardRule(env, reward), withoutCost(one, term))
      return Math.abs(without - one.reward) > 1e-9
    })
    if (costly.length === 0 || counted.length >= COUNTED * costly.length) continue
    const costs = costly.flatMap(({ terms }) => terms.map((step) => Math.min(0, step[term] ?? 0)))
    const total = costs.reduce((sum, cost) => sum + cost, 0) / costly.length
    findings.push({
      key,
      what: `the cost '${term}' of ${env.id}`,
      value: `${shown(total)} in each of ${costly.length} of ${played.length} episodes; ${name} pays ${counted.length === 0 ? 'the same' : `the same in ${costly.length - counted.length} of them`} without it`,
      advice:
        reward.rule === 'format-accuracy'
          ? 'set reward.measure to return, which counts every cost'
          : "take format-accuracy with measure: return, or a rule of the game's own",
    })
  }

  if (reward.rule === 'format-accuracy' && reward.alpha > 0) {
    const gains = played.map(({ turns }) => worth(rewardRule(env, { ...reward, alpha: 0, truth: 0 }), turns))
    const span = most(gains) - least(gains)
    const fitting = shown((reward.scale * reward.alpha) / span)
    if (span > 0 && span < SPAN.least * reward.alpha) {
      const what = 'what the game pays beside the format'
      const value = `${shown(span)} between the worst and the best episode, the format ${shown(reward.alpha)}`
      findings.push({ key, what, value, advice: `raise reward.scale (${reward.scale}) to about ${fitting}` })
    } else if (span > SPAN.most * reward.alpha) {
      const what = 'what the format pays beside the game'
      const value = `${shown(reward.alpha)}, the game ${shown(span)} between the worst and the best episode`
      findings.push({ key, what, value, advice: `lower reward.scale (${reward.scale}) to about ${fitting}` })
    }
  }
  return findings
}

/** How many groups teach nothing because all their episodes score the same. */
export function groupFindings(
  key: string,
  stage: Reinforcement,
  played: readonly Played[],
  agent: string,
  /** Whoever played is not who will learn. */
  unlike: boolean,
): Finding {
  const groups = new Map<number, number[]>()
  for (const { group, reward } of played) groups.set(group, [...(groups.get(group) ?? []), reward])
  const equal = [...groups.values()].filter((all) => most(all) - least(all) < 1e-9).length
  const success = played.filter((one) => one.success).length / played.length
  const who = unlike ? `${agent}, in the place of what the stages before it teach` : agent
  const what = 'groups whose episodes all score the same'
  const value = `${equal} of ${groups.size} (played by ${who}, ${shown(100 * success)} % success)`
  if (stage.algorithm.name === 'ppo' || unlike || equal <= MOST_EQUAL * groups.size)
    return { key, what, value }
  const advice =
    stage.groupSize === 1
      ? 'there is nothing to compare an episode with: raise groupSize, or take ppo'
      : success > 0.5
        ? 'they teach nothing: harder levels, or fewer updates'
        : 'they teach nothing: easier levels, imitation before it, a reward for steps on the way, or a larger groupSize'
  return { key, what, value, advice }
}

/** The turns as if one reward term never cost anything. */
function withoutCost({ turns, terms }: Played, term: string): ScoredTurn[] {
  let at = 0
  const before: number[] = []
  return turns.map((turn) => {
    const rewards = turn.rewards.map((reward) => reward - Math.min(0, terms[at++]?.[term] ?? 0))
    const changed = { ...turn, rewards, before: before.slice() }
    append(before, rewards)
    return changed
  })
}

function worth(rule: RewardRule, turns: readonly ScoredTurn[]): number {
  let sum = 0
  for (const turn of turns) for (const term of Object.values(rule(turn))) sum += term
  return sum
}

const least = (values: readonly number[]): number => values.reduce((a, b) => Math.min(a, b))
const most = (values: readonly number[]): number => values.reduce((a, b) => Math.max(a, b))
const shown = (value: number): string => String(Number(value.toPrecision(2)))
