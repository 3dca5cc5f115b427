import { seeded, shuffle } from '#core/base/random'
import type { CreditLine } from '#core/record/credit'
import { NotFinite } from '../model/safetensors.ts'
import type { Alignment, Imitation, Reinforcement, Stage } from '../recipe/recipe.ts'
import { assignCredit, type Credit, type CreditedEpisode } from './credit.ts'
import { dealt, heldBy, minibatches } from './deal.ts'
import type { FlatGradient } from './jobs.ts'
import type { Mistakes } from './mistakes.ts'
import type { RolloutSums } from './rollout.ts'
import { rateAt } from './schedule.ts'
import type { Team } from './team.ts'

/** What an update needs to know beside its stage. */
export interface UpdateContext {
  readonly team: Team
  readonly seed: string
  readonly shards: number
  /** Of the stage, from 0. */
  readonly update: number
  /** Groups whose first episode is recorded, and the name of the run. */
  readonly keep: number
  readonly run: string
  /** Takes what was learnt of the recorded episodes, once an update. */
  readonly onCredit?: (lines: readonly CreditLine[]) => Promise<void>
  /** What the stage may begin its groups at, where it begins at mistakes. */
  readonly mistakes?: Mistakes
}

/** Metrics by name, in the order of a row. */
export type Metrics = Record<string, number>

/**
 * One update of a stage, of whatever kind.
 * @throws NotFinite when a loss, a gradient or a weight is no number any more.
 */
export async function updateOnce(stage: Stage, context: UpdateContext): Promise<Metrics> {
  const metrics =
    'algorithm' in stage ? await policyUpdate(stage, context) : await imitationUpdate(stage, context)
  const broken = Object.keys(metrics).find((name) => !Number.isFinite(metrics[name]))
  if (broken !== undefined) throw new NotFinite(`the metric ${broken} is not finite`)
  await context.team.first('checkWeights', undefined)
  return metrics
}

/** One step of imitation or alignment. */
export async function imitationUpdate(
  stage: Imitation | Alignment,
  context: UpdateContext,
): Promise<Metrics> {
  const { team, update, shards } = context
  const parts = await team.shards('imitate', places(context))
  const rate = rateAt(stage.optimizer, update, stage.updates)
  const norm = await team.every('step', { gradient: summed(parts), rate })
  const { loss, ...counts } = totals(parts.map(({ sums }) => sums))
  return { loss: stage.kind === 'align' ? loss / shards : loss, ...counts, norm, rate }
}

/**
 * One update by policy gradient: all shards play, credit is assigned over the whole batch, and the optimizer takes
 * `minibatches` steps per epoch down clipped objectives.
 */
export async function policyUpdate(stage: Reinforcement, context: UpdateContext): Promise<Metrics> {
  const { team, update } = context
  const { keep, run, mistakes } = context
  const starts = mistakes?.draw(context.seed, update)
  const played = await team.shards(
    'rollout',
    places(context).map((place) => ({ ...place, keep, run, ...(starts && { starts }) })),
  )
  mistakes?.learn(played.flatMap(({ lessons = [] }) => lessons).sort((a, b) => a.group - b.group))
  const all = played.flatMap(({ episodes }) => episodes)
  const learnt = stage.shuffleRewards ? shuffledRewards(all, `${context.seed}/${stage.name}-${update}`) : all
  const credits = split(assignCredit(learnt, stage.algorithm), played)
  const told = await team.shards(
    'credit',
    credits.map((list, shard) => ({ shard, credits: list })),
  )
  await context.onCredit?.(told.flat())

  const rate = rateAt(stage.optimizer, update, stage.updates)
  const own = heldBy(
    played.map(({ episodes }) => episodes),
    credits,
  )
  const counts = played.map(({ episodes }) => episodes.length)
  const held = stage.deal === 'tokens' ? await dealt(team, own, counts) : own
  const sums: Metrics[] = []
  let learning = 0
  let norm = 0
  let steps = 0
  for (let epoch = 0; epoch < stage.epochs; epoch++) {
    const orders = held.map((list, shard) =>
      minibatches(list, stage, `${context.seed}/${stage.name}-${update}/order-${epoch}/${shard}`),
    )
    for (let part = 0; part < stage.minibatches; part++) {
      const chosen = orders.map((order) => order[part])
      const tokens = chosen.flat().reduce((sum, one) => sum + one.tokens, 0)
      if (tokens === 0) continue
      const gradients = await team.shards(
        'gradient',
        chosen.map((list, shard) => ({ shard, episodes: list.map(({ index }) => index), tokens })),
      )
      norm += await team.every('step', { gradient: summed(gradients), rate })
      sums.push(totals(gradients.map((gradient) => gradient.sums)))
      learning += tokens
      steps++
    }
  }
  return {
    ...rolloutMetrics(played.map(({ sums }) => sums)),
    ...(starts && { forked: starts.filter(Boolean).length / stage.groups, mistakes: mistakes!.count }),
    ...lossMetrics(totals(sums), learning),
    used: credits.flat().filter(({ used }) => used).length / Math.max(1, all.length),
    norm: norm / Math.max(1, steps),
    rate,
  }
}

function places({ seed, update, shards }: UpdateContext) {
  return Array.from({ length: shards }, (_, shard) => ({ seed, update, shard, shards }))
}

/** Gradients of shards added up in their order, into the first. */
function summed(parts: readonly FlatGradient[]): Float32Array {
  const total = parts[0].gradient
  for (const { gradient } of parts.slice(1)) {
    for (let i = 0; i < total.length; i++) total[i] += gradient[i]
  }
  return total
}

/** A control: every episode gets the whole reward of another one, at its last turn. */
function shuffledRewards(episodes: readonly CreditedEpisode[], seed: string): CreditedEpisode[] {
  const totals = episodes.map(({ rewards }) => Array.from(rewards).reduce((sum, reward) => sum + reward, 0))
  shuffle(seeded(`${seed}/shuffle`), totals)
  return episodes.map((episode, i) => {
    const rewards = new Float64Array(episode.rewards.length)
    rewards[rewards.length - 1] = totals[i]
    return { ...episode, rewards }
  })
}

function split(credits: readonly Credit[], played: readonly { episodes: readonly unknown[] }[]): Credit[][] {
  let at = 0
  return played.map(({ episodes }) => {
    at += episodes.length
    return credits.slice(at - episodes.length, at)
  })
}

function totals(parts: readonly Readonly<Record<string, number>>[]): Metrics {
  const out: Metrics = {}
  for (const part of parts) for (const [name, x] of Object.entries(part)) out[name] = (out[name] ?? 0) + x
  return out
}

function rolloutMetrics(parts: readonly RolloutSums[]): Metrics {
  const terms = totals(parts.map((part) => part.terms))
  const games = totals(parts.map((part) => part.games))
  const points = totals(parts.map((part) => part.points))
  const sums = totals(parts.map(({ terms: _, games: __, points: ___, ...numbers }) => numbers))
  const { episodes, turns, claims } = sums
  const rewards = Object.entries(terms).map(([name, sum]) => [`reward.${name}`, sum / episodes])
  return {
    episodes,
    success: sums.success / episodes,
    return: sums.return / episodes,
    reward: sums.reward / episodes,
    ...Object.fromEntries(rewards),
    turns: turns / episodes,
    steps: sums.steps / episodes,
    responses: turns,
    malformed: sums.malformed / turns,
    thought: sums.words / turns,
    ...(claims > 0 ? { truth: sums.truths / claims } : {}),
    tokens: sums.tokens,
    length: sums.tokens / turns,
    ...Object.fromEntries(
      Object.keys(games)
        .sort()
        .flatMap((name) => [
          [`against.${name}`, points[name] / games[name]],
          [`games.${name}`, games[name]],
        ]),
    ),
  }
}

function lossMetrics(sums: Metrics, tokens: number): Metrics {
  const mean = (name: string): number => (sums[name] ?? 0) / Math.max(1, tokens)
  return {
    policyLoss: mean('policy'),
    valueLoss: mean('value'),
    entropy: mean('entropy'),
    kl: mean('kl'),
    clipped: mean('clipped'),
    referenceKl: mean('reference'),
  }
}
