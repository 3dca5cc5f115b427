import { z } from 'zod'
import { biLevel, type EpisodeTurns, tokenLevel, turnLevel } from '../algorithms/gae.ts'
import {
  baselineRelative,
  equalGroups,
  groupRelative,
  leaveOneOut,
  moments,
  standardised,
} from '../algorithms/normalise.ts'

const unit = z.number().min(0).max(1)

export const ALGORITHMS = ['grpo', 'rloo', 'reinforce-baseline', 'gigpo', 'ppo'] as const
type Name = (typeof ALGORITHMS)[number]
const CREDITS = ['episode', 'turn', 'token', 'bi-level'] as const

/**
 * The credits that mean something for an algorithm; the first is its own. Comparing episodes of a level needs numbers that
 * stand beside each other: whole episodes, or the same turn of each. Single tokens do not, and a value head has nothing to
 * say where all turns share one number.
 */
export const CREDITS_OF: Readonly<Record<Name, readonly (typeof CREDITS)[number][]>> = {
  grpo: ['episode', 'turn'],
  rloo: ['episode', 'turn'],
  'reinforce-baseline': ['episode', 'turn'],
  gigpo: ['episode'],
  ppo: ['turn', 'token', 'bi-level'],
}

/** How rewards become advantages, and advantages a loss. */
export const Algorithm = z
  .strictObject({
    name: z
      .enum(ALGORITHMS)
      .default('grpo')
      .describe(
        'grpo, rloo, reinforce-baseline compare the episodes of a level; gigpo also the turns that were shown the same; ppo asks the value head',
      ),
    credit: z
      .enum(CREDITS)
      .optional()
      .describe(
        "episode: one number for all turns; turn: what is still to come at each turn; token, bi-level: generalized advantage estimation within turns, too. ppo's is turn, the others' episode unless given",
      ),
    gamma: unit.default(1).describe('discount per turn (per token with credit token)'),
    lambda: unit.default(1).describe('trace decay per turn (per token with credit token); ppo'),
    tokenGamma: unit.default(1).describe('discount per token within a turn (bi-level)'),
    tokenLambda: unit.default(1).describe('trace decay per token within a turn (bi-level)'),
    stepWeight: z.number().min(0).default(1).describe('weight of the turns that were shown the same; gigpo'),
    bootstrap: z
      .boolean()
      .default(false)
      .describe(
        'ppo: a truncated episode counts on with its last value; false where the limit is part of the task',
      ),
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
  .superRefine((given, context) => {
    const { name, credit = CREDITS_OF[name][0] } = given
    const allowed = CREDITS_OF[name]
    const refuse = (key: keyof typeof given, message: string): void =>
      context.addIssue({ code: 'custom', path: [key], message })
    if (!allowed.includes(credit)) {
      const why =
        name === 'ppo' ? 'one number for all turns has no use for the value head' : 'nothing to compare'
      return refuse('credit', `${name} takes ${allowed.join(', ')}: ${why}`)
    }
    const idle = IDLE.find(
      ({ key, used }) => given[key] !== Algorithm.shape[key].parse(undefined) && !used(name, credit),
    )
    if (idle) refuse(idle.key, `no use in ${name} with credit ${credit}: ${idle.where}`)
  })
export type Algorithm = z.infer<typeof Algorithm>

/** Knobs that some algorithms do not have. */
const IDLE = [
  {
    key: 'gamma',
    used: (name: Name, credit: string) => name === 'gigpo' || credit !== 'episode',
    where: 'an episode is one number; leave it out, or take credit turn',
  },
  { key: 'lambda', used: (name: Name) => name === 'ppo', where: 'only ppo estimates with the value head' },
  { key: 'bootstrap', used: (name: Name) => name === 'ppo', where: 'only ppo asks the value head' },
  {
    key: 'tokenGamma',
    used: (_: Name, credit: string) => credit === 'bi-level',
    where: 'it is for credit bi-level',
  },
  {
    key: 'tokenLambda',
    used: (_: Name, credit: string) => credit === 'bi-level',
    where: 'it is for credit bi-level',
  },
  { key: 'stepWeight', used: (name: Name) => name === 'gigpo', where: 'it is for gigpo' },
] as const

/** One episode of a batch: its group (level) and its turns. */
export interface CreditedEpisode extends EpisodeTurns {
  readonly group: number
  /** What was shown at each turn, as a hash: turns of a group that were shown the same have the same. For gigpo. */
  readonly shown?: readonly string[]
}

/** Advantage and value target per turn and token of one episode. */
export interface Credit {
  /** False: the episode is left out of the policy loss. */
  readonly used: boolean
  readonly turns: readonly { readonly advantages: Float64Array; readonly returns: Float64Array }[]
}

/**
 * Credit for every token of a batch of episodes. ppo subtracts the value head's estimate and standardises over the batch.
 * The others compare episodes of a level, and the value head only learns beside them:
 * - episode: the episode's whole reward with that of the others;
 * - turn: what is still to come at a turn with the same turn of the others;
 * - gigpo: episode, plus what is still to come at a turn with all turns of the level that were shown the same.
 */
export function assignCredit(played: readonly CreditedEpisode[], options: Algorithm): Credit[] {
  const episodes = options.normaliseRewards ? normalised(played) : played
  return options.name === 'ppo' ? askedValues(episodes, options) : compared(episodes, options)
}

function askedValues(episodes: readonly CreditedEpisode[], options: Algorithm): Credit[] {
  const { credit = CREDITS_OF.ppo[0], gamma, lambda } = options
  const turn = { gamma, lambda }
  const estimates = episodes.map((given) => {
    const episode = options.bootstrap ? given : { ...given, bootstrap: 0 }
    if (credit === 'token') return tokenLevel(episode, turn)
    if (credit === 'turn') return turnLevel(episode, turn)
    return biLevel(episode, turn, { gamma: options.tokenGamma, lambda: options.tokenLambda })
  })
  const normal = standardised(
    estimates.flatMap((turns) => turns.flatMap(({ advantages }) => Array.from(advantages))),
  )
  let at = 0
  return estimates.map((turns) => ({
    used: true,
    turns: turns.map(({ advantages, returns }) => {
      at += advantages.length
      return { advantages: normal.slice(at - advantages.length, at), returns }
    }),
  }))
}

function compared(episodes: readonly CreditedEpisode[], options: Algorithm): Credit[] {
  const { name, credit = CREDITS_OF[name][0], gamma, stepWeight } = options
  // With lambda 1 what is still to come, whatever the value head says.
  const targets = episodes.map((episode) => turnLevel({ ...episode, bootstrap: 0 }, { gamma, lambda: 1 }))
  const groups = episodes.map(({ group }) => group)
  const totals = episodes.map(({ rewards }) => sum(rewards))
  const togo = episodes.map(({ rewards }) => stillToCome(rewards, gamma))
  const relative =
    name === 'rloo' ? leaveOneOut : name === 'reinforce-baseline' ? baselineRelative : groupRelative
  const whole = relative(totals, groups)
  const advantages: number[][] =
    credit === 'turn'
      ? amongTurns(togo, (episode, turn) => `${groups[episode]}/${turn}`, relative)
      : togo.map((turns, i) => turns.map(() => whole[i]))
  if (name === 'gigpo') {
    const steps = amongTurns(
      togo,
      (episode, turn) => `${groups[episode]}/${shownAt(episodes[episode], turn)}`,
      relative,
    )
    advantages.forEach((turns, i) => {
      for (let turn = 0; turn < turns.length; turn++) turns[turn] += stepWeight * steps[i][turn]
    })
  }
  const equal = options.dropEqualGroups
    ? indifferent(groups, totals, credit, advantages, name)
    : new Set<number>()
  return episodes.map(({ group, values }, i) => ({
    used: !equal.has(group),
    turns: values.map(({ length }, turn) => ({
      advantages: new Float64Array(length).fill(advantages[i][turn]),
      returns: targets[i][turn].returns,
    })),
  }))
}

/** Numbers per turn made relative to the turns of the same key. */
function amongTurns(
  numbers: readonly (readonly number[])[],
  keyOf: (episode: number, turn: number) => string,
  relative: (numbers: readonly number[], groups: readonly number[]) => Float64Array,
): number[][] {
  const keys = new Map<string, number>()
  const ids = numbers.flatMap((turns, episode) =>
    turns.map((_, turn) => {
      const key = keyOf(episode, turn)
      const id = keys.get(key) ?? keys.size
      keys.set(key, id)
      return id
    }),
  )
  const flat = relative(numbers.flat(), ids)
  let at = 0
  return numbers.map(({ length }) => {
    at += length
    return Array.from(flat.slice(at - length, at))
  })
}

/** The groups that teach nothing: all episodes earn the same and, where turns are told apart, at the same time. */
function indifferent(
  groups: readonly number[],
  totals: readonly number[],
  credit: string,
  advantages: readonly (readonly number[])[],
  name: Name,
): Set<number> {
  const equal = credit === 'turn' ? new Set(groups) : equalGroups(totals, groups)
  if (credit === 'turn' || name === 'gigpo') {
    advantages.forEach((turns, i) => {
      if (turns.some((advantage) => advantage !== 0)) equal.delete(groups[i])
    })
  }
  return equal
}

/** @throws Error for an episode that does not say. */
function shownAt({ shown }: CreditedEpisode, turn: number): string {
  if (!shown) throw new Error('gigpo needs to know what was shown at each turn')
  return shown[turn]
}

/** The discounted reward from each turn on. */
function stillToCome(rewards: ArrayLike<number>, gamma: number): number[] {
  const togo = Array.from(rewards)
  for (let i = togo.length - 2; i >= 0; i--) togo[i] += gamma * togo[i + 1]
  return togo
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
