import { hashFrame, hashText } from '#core/base/hash'
import { seeded } from '#core/base/random'
import { succeeds, valueFor } from '#core/env/turns'
import { type Episode, type Match, play } from '#core/play/play'
import type { Policy } from '#core/play/policy'
import type { RecordEvent } from '#core/record/record'
import { wordsIn } from '../dialogue/answer.ts'
import type { MiniLMM } from '../model/minilmm.ts'
import type { Trace } from '../model/types.ts'
import { mini } from '../policies/mini.ts'
import { SELF } from '../recipe/opponents.ts'
import type { Reinforcement } from '../recipe/recipe.ts'
import { rewardRule, scoredTurns } from '../rewards/registry.ts'
import type { Credit, CreditedEpisode } from './credit.ts'
import { finalValues, seatsCut } from './cut.ts'
import { lessonOf } from './fork.ts'
import { type Levels, levelAt, trainLevel } from './levels.ts'
import type { Experience } from './loss.ts'
import type { Lesson, Start } from './mistakes.ts'
import { type Company, type Seating, seatingOf } from './opponents.ts'

/** What one shard of an update plays: the groups `shard`, `shard + shards`, ... */
export interface RolloutJob {
  readonly stage: Reinforcement
  readonly levels: Levels
  /** Who plays against the learner, where the stage has opponents. */
  readonly company?: Company
  /** Names what is drawn: levels and sampling. */
  readonly seed: string
  readonly update: number
  readonly shard: number
  readonly shards: number
  /** Groups whose first episode is recorded. */
  readonly keep: number
  readonly run: string
  /** Where each group of the update begins that does not begin at the start of a level of its own. */
  readonly starts?: readonly (Start | undefined)[]
  readonly onEvent: (event: RecordEvent) => void
  /** Awaited before every round of answers. */
  readonly breathe: () => Promise<void>
}

/** One seat of a played episode, with its reward per turn. */
export interface Trajectory extends CreditedEpisode {
  readonly traces: readonly Trace[]
  /** Where the episode is recorded: what a line about it says beside its credit. */
  readonly recorded?: Recorded
}

/** A trajectory of a recorded episode. */
export interface Recorded {
  readonly episode: string
  readonly seat: number
  /** Names of the game's actions. */
  readonly actions: readonly string[]
  /** Reward terms of each turn. */
  readonly terms: readonly Readonly<Record<string, number>>[]
}

/** What came of a shard's episodes, as sums. */
export interface RolloutSums {
  episodes: number
  success: number
  return: number
  reward: number
  turns: number
  steps: number
  malformed: number
  /** Words of thoughts. */
  words: number
  /** Thoughts that claim something, and how many of those are true. */
  claims: number
  truths: number
  tokens: number
  /** Reward terms by name. */
  readonly terms: Record<string, number>
  /** Games against each opponent, and points: 1 for a win, half a one for a draw. */
  readonly games: Record<string, number>
  readonly points: Record<string, number>
}

/** Plays a shard's groups of episodes, each group on one training level. */
export async function rollout(
  model: MiniLMM,
  job: RolloutJob,
): Promise<{ trajectories: Trajectory[]; sums: RolloutSums; lessons?: Lesson[] }> {
  const { stage } = job
  const kept = new Set(recordedEpisodes(stage, job.update, job.keep))
  const agent = mini(model, {
    id: `mini:${stage.name}`,
    temperature: stage.temperature,
    // Records tell them, and nothing else.
    probabilities: (episode) => kept.has(episode),
  })
  const policy = breathing(agent, job.breathe)
  const matches: Match[] = []
  const groupOf: number[] = []
  const chosen: number[] = []
  const seatingsOf: (Seating | null)[] = []
  for (let group = job.shard; group < stage.groups; group += job.shards) {
    const { seating, matches: own } = groupMatches(job, group, policy)
    chosen.push(group)
    for (const match of own) {
      matches.push(match)
      groupOf.push(group)
      seatingsOf.push(seating)
    }
  }
  /** Seats whose turns are learnt from; one that was never asked has none. */
  const learning = (episode: Episode, i: number): number[] => {
    const seats = seatingsOf[i] ? [seatingsOf[i].learner] : [...episode.turns.keys()]
    return seats.filter((seat) => episode.turns[seat].length > 0)
  }
  const episodes = await play(matches, {
    onEvent: job.onEvent,
    watched: ({ episode }) => kept.has(episode),
  })
  // An answer with all actions is the whole episode: nothing would follow.
  const goesOn = stage.algorithm.bootstrap && stage.conversation.mode !== 'global'
  const cut = goesOn ? episodes.flatMap((episode, i) => seatsCut(episode, learning(episode, i))) : []
  const ends = await finalValues(model, cut)
  const sums = emptySums()
  const trajectories: Trajectory[] = []
  const read = new Set<object>()
  episodes.forEach((episode, i) => {
    sums.episodes++
    const seating = seatingsOf[i]
    sums.success += (seating ? succeeds(episode.outcome, seating.learner) : episode.outcome.success) ? 1 : 0
    sums.steps += episode.steps
    if (seating) countGame(sums, seating, valueFor(episode.outcome, seating.learner))
    const seats = learning(episode, i)
    for (const seat of seats) {
      sums.return += returnOf(episode, seat) / seats.length
      const { rewards, terms } = paid(episode, seat, stage, sums)
      const traces = episode.turns[seat].map((turn) => turn.response.trace as Trace)
      trajectories.push({
        group: groupOf[i],
        rewards,
        values: traces.map((trace) => trace.generation.values),
        bootstrap: ends.get(episode.turns[seat]) ?? 0,
        ...(stage.algorithm.name === 'gigpo' ? { shown: episode.turns[seat].map(shownIn) } : {}),
        traces,
        ...(stage.deal && { cost: costOf(traces, read) }),
        ...(kept.has(episode.match.episode) && { recorded: recordedPart(episode.match, seat, terms) }),
      })
    }
  })
  if (!stage.mistakes) return { trajectories, sums }
  const lessons = chosen.map((group) =>
    lessonOf(
      group,
      episodes.filter((_, i) => groupOf[i] === group),
    ),
  )
  return { trajectories, sums, lessons }
}

/** What a seat earned since it was first asked. */
function returnOf(episode: Episode, seat: number): number {
  if (!episode.match.opening) return episode.return[seat]
  return episode.turns[seat].flatMap(({ rewards }) => rewards).reduce((sum, reward) => sum + reward, 0)
}

/** Tokens of an episode's answers, and of its prompts but for those that others have `read`. */
function costOf(traces: readonly Trace[], read: Set<object>): number {
  let cost = 0
  for (const { prompt, generation } of traces) {
    cost += generation.tokens.length + (read.has(prompt) ? 0 : prompt.words.length)
    read.add(prompt)
  }
  return cost
}

function recordedPart({ episode, env, config }: Match, seat: number, terms: Recorded['terms']): Recorded {
  return { episode, seat, actions: env.actions(config), terms }
}

/** A policy that lets others have the thread before it answers. */
export function breathing(policy: Policy, breathe: () => Promise<void>): Policy {
  return {
    id: policy.id,
    act: async (requests) => {
      await breathe()
      return policy.act(requests)
    },
  }
}

/** Names of an update's episodes that are recorded: the first of each of the first `keep` groups. */
export function recordedEpisodes(stage: Reinforcement, update: number, keep: number): string[] {
  return Array.from(
    { length: Math.min(keep, stage.groups) },
    (_, group) => `${nameOf(stage, update, group)}-0`,
  )
}

const nameOf = (stage: Reinforcement, update: number, group: number): string =>
  `${stage.name}-${update}-${group}`

/** The hash of what a seat was shown at a turn. */
function shownIn({ request: { observation } }: Episode['turns'][number][number]): string {
  const { text = '', frame } = observation
  return hashText(`${text}/${frame ? hashFrame(frame) : ''}`)
}

/** Against whom it was played, and for how many points. */
function countGame({ games, points }: RolloutSums, { others }: Seating, value: number): void {
  const name = [...new Set(others)].join('+')
  games[name] = (games[name] ?? 0) + 1
  points[name] = (points[name] ?? 0) + (value > 0 ? 1 : value === 0 ? 0.5 : 0)
}

/** The episodes of one group: one level and one seating under as many samplings. */
function groupMatches(
  job: RolloutJob,
  group: number,
  policy: Policy,
): { seating: Seating | null; matches: Match[] } {
  const { stage, update, seed } = job
  const name = nameOf(stage, update, group)
  const start = job.starts?.[group]
  const level = start ? levelAt(job.levels, start) : trainLevel(job.levels, `${seed}/${name}`)
  const seats = level.env.seats(level.config)
  const seating = seatingOf(stage, { update, group, seats }, seeded(`${seed}/${name}/opponents`))
  const others = seating?.others.map((who) => (who === SELF ? policy : job.company!.find(who)))
  const policies = others?.toSpliced(seating!.learner, 0, policy) ?? new Array<Policy>(seats).fill(policy)
  const matches = Array.from({ length: stage.groupSize }, (_, member) => ({
    episode: `${name}-${member}`,
    ...level,
    policies,
    conversation: stage.conversation,
    ...(start && { opening: start.opening }),
    sampling: `${seed}/${name}/${member}`,
    run: job.run,
    stage: stage.name,
    update,
  }))
  return { seating, matches }
}

/** What the stage's rule pays for each turn of a seat, in all and by term. */
function paid(episode: Episode, seat: number, stage: Reinforcement, sums: RolloutSums) {
  const rule = rewardRule(episode.match.env, stage.reward)
  const scored = scoredTurns(episode, seat)
  const terms = scored.map((turn) => rule(turn))
  const rewards = scored.map((turn, i) => {
    let total = 0
    for (const [name, term] of Object.entries(terms[i])) {
      total += term
      sums.terms[name] = (sums.terms[name] ?? 0) + term
    }
    sums.turns++
    sums.reward += total
    sums.malformed += turn.format ? 0 : 1
    sums.words += wordsIn(turn.thought)
    sums.claims += typeof turn.truth === 'boolean' ? 1 : 0
    sums.truths += turn.truth ? 1 : 0
    sums.tokens += (episode.turns[seat][i].response.trace as Trace).generation.tokens.length
    return total
  })
  return { rewards, terms }
}

/** Trajectories and their credit as experiences to learn from; episodes that teach nothing are left out. */
export function experiences(trajectories: readonly Trajectory[], credits: readonly Credit[]): Experience[][] {
  return trajectories.map(({ traces }, i) =>
    credits[i].used
      ? traces.map(({ prompt, generation, banned }, t) => ({
          prompt,
          ...(banned && { banned }),
          response: generation.tokens,
          logprobs: generation.logprobs,
          values: generation.values,
          advantages: Float32Array.from(credits[i].turns[t].advantages),
          returns: Float32Array.from(credits[i].turns[t].returns),
        }))
      : [],
  )
}

function emptySums(): RolloutSums {
  return {
    episodes: 0,
    success: 0,
    return: 0,
    reward: 0,
    turns: 0,
    steps: 0,
    malformed: 0,
    words: 0,
    claims: 0,
    truths: 0,
    tokens: 0,
    terms: {},
    games: {},
    points: {},
  }
}
