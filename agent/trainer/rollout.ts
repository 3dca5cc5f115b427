import { hashFrame, hashText } from '#core/base/hash'
import { type Random, seeded } from '#core/base/random'
import type { Env } from '#core/env/env'
import { observe } from '#core/env/observe'
import { type Episode, type Match, play } from '#core/play/play'
import type { Policy, Request } from '#core/play/policy'
import type { RecordEvent } from '#core/record/record'
import { wordsIn } from '../dialogue/answer.ts'
import { encode } from '../model/encode.ts'
import type { MiniLMM } from '../model/minilmm.ts'
import type { Trace } from '../model/types.ts'
import { mini } from '../policies/mini.ts'
import type { Reinforcement } from '../recipe/recipe.ts'
import { rewardRule, scoredTurns } from '../rewards/registry.ts'
import type { Credit, CreditedEpisode } from './credit.ts'
import { type Levels, trainLevel } from './levels.ts'
import type { Experience } from './loss.ts'

/** What one shard of an update plays: the groups `shard`, `shard + shards`, ... */
export interface RolloutJob {
  readonly stage: Reinforcement
  readonly levels: Levels
  /** Names what is drawn: levels and sampling. */
  readonly seed: string
  readonly update: number
  readonly shard: number
  readonly shards: number
  /** Groups whose first episode is recorded. */
  readonly keep: number
  readonly run: string
  readonly onEvent: (event: RecordEvent) => void
  /** Awaited before every round of answers. */
  readonly breathe: () => Promise<void>
}

/** One seat of a played episode, with its reward per turn. */
export interface Trajectory extends CreditedEpisode {
  readonly traces: readonly Trace[]
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
}

/** Plays a shard's groups of episodes, each group on one training level. */
export async function rollout(
  model: MiniLMM,
  job: RolloutJob,
): Promise<{ trajectories: Trajectory[]; sums: RolloutSums }> {
  const { stage } = job
  const agent = mini(model, {
    id: `mini:${stage.name}`,
    temperature: stage.temperature,
    probabilities: true,
  })
  const policy = breathing(agent, job.breathe)
  const matches: Match[] = []
  const groupOf: number[] = []
  for (let group = job.shard; group < stage.groups; group += job.shards) {
    for (const match of groupMatches(job, group, policy)) {
      matches.push(match)
      groupOf.push(group)
    }
  }
  const kept = new Set(recordedEpisodes(stage, job.update, job.keep))
  const episodes = await play(matches, {
    onEvent: (event) => {
      if (kept.has(event.episode)) job.onEvent(event)
    },
  })
  // An answer with all actions is the whole episode: nothing would follow.
  const goesOn = stage.algorithm.bootstrap && stage.conversation.mode !== 'global'
  const ends = goesOn ? await finalValues(model, episodes) : new Map<Episode, number[]>()
  const sums = emptySums()
  const trajectories: Trajectory[] = []
  episodes.forEach((episode, i) => {
    sums.episodes++
    sums.success += episode.outcome.success ? 1 : 0
    sums.steps += episode.steps
    for (let seat = 0; seat < episode.turns.length; seat++) {
      const rewards = rewardsOf(episode, seat, stage, sums)
      const traces = episode.turns[seat].map((turn) => turn.response.trace as Trace)
      trajectories.push({
        group: groupOf[i],
        rewards,
        values: traces.map((trace) => trace.generation.values),
        bootstrap: ends.get(episode)?.[seat] ?? 0,
        ...(stage.algorithm.name === 'gigpo' ? { shown: episode.turns[seat].map(shownIn) } : {}),
        traces,
      })
    }
  })
  return { trajectories, sums }
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

/** The episodes of one group: one level under as many samplings. */
function groupMatches(job: RolloutJob, group: number, policy: Policy): Match[] {
  const { stage, update, seed } = job
  const name = nameOf(stage, update, group)
  const level = trainLevel(job.levels, `${seed}/${name}`)
  return Array.from({ length: stage.groupSize }, (_, member) => ({
    episode: `${name}-${member}`,
    ...level,
    policies: new Array<Policy>(level.env.seats(level.config)).fill(policy),
    conversation: stage.conversation,
    sampling: `${seed}/${name}/${member}`,
    run: job.run,
    stage: stage.name,
    update,
  }))
}

function rewardsOf(episode: Episode, seat: number, stage: Reinforcement, sums: RolloutSums): number[] {
  const rule = rewardRule(episode.match.env, stage.reward)
  sums.return += episode.return[seat] / episode.turns.length
  return scoredTurns(episode, seat).map((turn, i) => {
    let total = 0
    for (const [name, term] of Object.entries(rule(turn))) {
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
}

/** The value head's estimate of what a truncated episode would still have earned, per seat. */
async function finalValues(model: MiniLMM, episodes: readonly Episode[]): Promise<Map<Episode, number[]>> {
  const cut = episodes.filter((episode) => episode.truncated)
  const prompts = cut.flatMap((episode) =>
    episode.turns.map((turns, seat) =>
      encode(model.words, model.shape, afterwards(episode, seat, turns.at(-1)!.request)),
    ),
  )
  const randoms: Random[] = prompts.map(() => seeded(0))
  const generations = await model.generate(prompts, { maxTokens: 1, temperature: 0, randoms })
  const values = new Map<Episode, number[]>()
  let at = 0
  for (const episode of cut) {
    values.set(
      episode,
      episode.turns.map(() => generations[at++].values[0]),
    )
  }
  return values
}

/** What the seat would have been asked next. */
function afterwards(
  episode: Episode,
  seat: number,
  last: Request,
): Pick<Request, 'env' | 'conversation' | 'observation' | 'history'> {
  const { env, conversation } = last
  const turn = episode.turns[seat].at(-1)!
  const names = env.actions(episode.match.config)
  const played = {
    observation: last.observation,
    response: turn.response.text ?? '',
    actions: turn.response.valid
      ? turn.response.actions.slice(0, last.limit).map((action) => names[action])
      : [],
    feedback: '',
  }
  const observation = observe(env as Env, episode.final, seat, conversation.modality)
  return { env, conversation, observation, history: [...last.history, played] }
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
  }
}
