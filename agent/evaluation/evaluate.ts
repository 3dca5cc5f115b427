import { z } from 'zod'
import { UserError } from '#core/base/errors'
import type { Env } from '#core/env/env'
import { observe } from '#core/env/observe'
import { succeeds, valueFor } from '#core/env/turns'
import type { Level } from '#core/play/match'
import { type Episode, type Match, play } from '#core/play/play'
import type { Conversation, Observation, Policy } from '#core/play/policy'
import type { RecordEvent } from '#core/record/record'
import { wordsIn } from '../dialogue/answer.ts'
import { countReplies, ReplyCounts, type ReplySummary, sumReplies } from './replies.ts'
import { type Interval, interval } from './statistics.ts'

export interface EvaluateOptions {
  readonly levels: readonly Level[]
  /** One policy for all seats, or one per seat. */
  readonly policies: readonly Policy[]
  /**
   * Who sits in all seats but one, where `policies` has one: play i is from the seat i mod seats (seats.ts), and its result
   * is that seat's.
   */
  readonly opponent?: Policy
  readonly conversation: Conversation
  /** Seed of sampling: episode i samples from `<sampling>/<i>/<seat>`. */
  readonly sampling: string
  /** Index of the first level, where they are a part of more. */
  readonly from?: number
  /** Index of each level, where they are some of many. */
  readonly indices?: readonly number[]
  /** Prefix of episode names. */
  readonly name?: string
  readonly run?: string
  /** What its records say it is a part of [eval]. */
  readonly stage?: string
  readonly onEvent?: (event: RecordEvent) => void
  /** Called with the result of every episode that is over. */
  readonly onResult?: (result: Result) => void
  readonly signal?: AbortSignal
  /** Episodes in flight. */
  readonly concurrency?: number
}

/** What came of one episode of an evaluation. */
export const Result = z.strictObject({
  index: z.int(),
  seed: z.string(),
  success: z.boolean(),
  return: z.number(),
  score: z.number().nullable(),
  steps: z.int(),
  turns: z.number(),
  /** Turns whose answer could not be parsed. */
  malformed: z.number(),
  /**
   * The turn (from 1) after which no success could be reached any more: null for never, 0 where the level had none.
   * Absent where the game cannot tell.
   */
  stuck: z.int().min(0).nullable().optional(),
  /** Answers in words, and the words of their thoughts. */
  thoughts: z.int().min(0).default(0),
  words: z.int().min(0).default(0),
  /** Thoughts that claim something, and how many of those are true. */
  claims: z.int(),
  truths: z.int(),
  outcome: z.string(),
  /** Of plays against an opponent: the agent's seat, and what the outcome was worth to it. */
  seat: z.int().min(0).optional(),
  value: z.number().optional(),
  ...ReplyCounts.shape,
})
export type Result = z.infer<typeof Result>

/** Plays each level once. Returns, scores and counts are those of seat 0 for one seat, means over seats for several. */
export async function evaluate(options: EvaluateOptions): Promise<Result[]> {
  const { from = 0, indices = options.levels.map((_, i) => from + i) } = options
  const nameOf = (index: number) => `${options.name ?? 'eval'}-${index}`
  const results = new Map<string, Result>()
  const known = new Map(indices.map((index) => [nameOf(index), index]))
  const matches = options.levels.map((level, i): Match => {
    const seats = level.env.seats(level.config)
    const { policies, opponent } = options
    const seated = policies.length === 1 ? new Array<Policy>(seats).fill(opponent ?? policies[0]) : policies
    return {
      episode: nameOf(indices[i]),
      env: level.env,
      config: level.config,
      seed: level.seed,
      policies: opponent ? seated.with(indices[i] % seats, policies[0]) : seated,
      conversation: options.conversation,
      sampling: `${options.sampling}/${indices[i]}`,
      run: options.run,
      stage: options.run && (options.stage ?? 'eval'),
    }
  })
  await play(matches, {
    onEvent: options.onEvent,
    onEnd: (episode) => {
      const name = episode.match.episode
      const index = known.get(name)!
      const result = options.opponent
        ? resultFrom(episode, index, index % episode.turns.length)
        : resultOf(episode, index)
      results.set(name, result)
      options.onResult?.(result)
    },
    signal: options.signal,
    concurrency: options.concurrency ?? 256,
  })
  return indices.map((index) => results.get(nameOf(index))!)
}

/** What came of an episode for one seat. */
function resultFrom(episode: Episode, index: number, seat: number): Result {
  const { turns, return: earned, score, outcome } = episode
  const own = {
    ...episode,
    turns: [turns[seat]],
    return: [earned[seat]],
    score: score && [score[seat]],
    outcome: { name: outcome.name, success: succeeds(outcome, seat) },
  }
  return { ...resultOf(own, index), seat, value: valueFor(outcome, seat) }
}

function resultOf(episode: Episode, index: number): Result {
  const { env, seed } = episode.match
  const seats = episode.turns.length
  const mean = (numbers: readonly number[]): number => numbers.reduce((sum, x) => sum + x, 0) / seats
  const scores = episode.score?.filter((score) => score !== null) ?? []
  let claims = 0
  let truths = 0
  let malformed = 0
  let thoughts = 0
  let words = 0
  for (const { request, response } of episode.turns.flat()) {
    if (!response.valid) malformed++
    if (response.thought === undefined) continue
    thoughts++
    words += wordsIn(response.thought)
    if (!response.valid) continue
    const truth = env.truthful?.(request.state, request.seat, response.thought, response.actions) ?? null
    if (truth !== null) claims++
    if (truth) truths++
  }
  return {
    index,
    seed,
    success: episode.outcome.success,
    return: mean(episode.return),
    score: scores.length === seats ? mean(scores) : null,
    steps: episode.steps,
    turns: mean(episode.turns.map((turns) => turns.length)),
    malformed: malformed / seats,
    ...(env.stuck ? { stuck: stuckAfter(env, episode) } : {}),
    thoughts,
    words,
    claims,
    truths,
    outcome: episode.outcome.name,
    ...countReplies(episode),
  }
}

/** The first turn of any seat after which its state was stuck; null when none was. */
function stuckAfter(env: Env, { turns, final }: Episode): number | null {
  if (!env.stuck?.(final)) return null
  return Math.min(
    ...turns.map((own) => {
      const first = own.findIndex(({ request }) => env.stuck?.(request.state))
      return first < 0 ? own.length : first
    }),
  )
}

/** Means over the episodes of an evaluation, with 95 % bootstrap intervals. */
export interface Summary extends ReplySummary {
  readonly episodes: number
  readonly success: Interval
  readonly return: Interval
  /** Absent where the environment has no benchmark score. */
  readonly score?: Interval
  /** Episodes that it leaves out, because what could have been earned there is unknown; absent for none. */
  readonly unscored?: number
  readonly steps: Interval
  readonly turns: number
  /** Share of turns whose answer could not be parsed. */
  readonly malformed: number
  /** Share of the episodes in which success went out of reach; absent where the game cannot tell. */
  readonly stuck?: Interval
  /** Mean turn (from 1) after which it was out of reach, over those episodes; absent without any. */
  readonly stuckTurn?: number
  /** Words of thought per answer; absent where nobody answers in words. */
  readonly thought?: number
  /** Share of the claims of thoughts that are true; absent without claims. */
  readonly truth?: number
}

/** @throws UserError when every episode failed. */
export function summarise(all: readonly Result[]): Summary {
  const results = all.filter(({ failed }) => failed === undefined)
  if (results.length === 0 && all.length > 0) throw new UserError(`every episode failed: ${all[0].failed}`)
  const sum = (of: (result: Result) => number): number => results.reduce((total, r) => total + of(r), 0)
  const scores = results.flatMap(({ score }) => (score === null ? [] : [score]))
  const claims = sum((r) => r.claims)
  const thoughts = sum((r) => r.thoughts)
  const told = results.filter(({ stuck }) => stuck !== undefined)
  const lost = told.flatMap(({ stuck }) => (typeof stuck === 'number' ? [stuck] : []))
  return {
    episodes: results.length,
    success: interval(results.map((r) => (r.success ? 1 : 0))),
    return: interval(results.map((r) => r.return)),
    ...(scores.length > 0 ? { score: interval(scores) } : {}),
    ...(scores.length > 0 && scores.length < results.length
      ? { unscored: results.length - scores.length }
      : {}),
    steps: interval(results.map((r) => r.steps)),
    turns: sum((r) => r.turns) / results.length,
    malformed:
      sum((r) => r.malformed) /
      Math.max(
        1,
        sum((r) => r.turns),
      ),
    ...(told.length > 0 ? { stuck: interval(told.map(({ stuck }) => (stuck === null ? 0 : 1))) } : {}),
    ...(lost.length > 0 ? { stuckTurn: lost.reduce((total, turn) => total + turn, 0) / lost.length } : {}),
    ...(thoughts > 0 ? { thought: sum((r) => r.words) / thoughts } : {}),
    ...(claims > 0 ? { truth: sum((r) => r.truths) / claims } : {}),
    ...sumReplies(all, results),
  }
}

/**
 * The control of every report: the same agent, shown the first observation of another level at every turn. What it
 * still earns, it does not owe to looking.
 */
export function blindfolded(policy: Policy, others: readonly Level[], conversation: Conversation): Policy {
  const known = new Map<string, Observation>()
  let next = 0
  const foreign = (episode: string): Observation => {
    let seen = known.get(episode)
    if (!seen) {
      const { env, config, seed } = others[next++ % others.length]
      seen = observe(env, env.reset(config, seed), 0, conversation.modality)
      known.set(episode, seen)
    }
    return seen
  }
  return {
    id: `${policy.id}?blind`,
    act: (requests) =>
      policy.act(requests.map((request) => ({ ...request, observation: foreign(request.episode) }))),
  }
}
