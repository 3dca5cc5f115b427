import { type Algorithm, type AlgorithmName, CREDITS_OF } from '../algorithms/algorithm.ts'
import { biLevel, type EpisodeTurns, tokenLevel, turnLevel } from '../algorithms/gae.ts'
import {
  baselineRelative,
  equalGroups,
  groupRelative,
  leaveOneOut,
  moments,
  standardised,
} from '../algorithms/normalise.ts'

/** One episode of a batch: its group (level) and its turns. */
export interface CreditedEpisode extends EpisodeTurns {
  readonly group: number
  /** Tokens to read and to learn from, prompts that its group shares counted once; where groups are dealt by it. */
  readonly cost?: number
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
  name: AlgorithmName,
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
