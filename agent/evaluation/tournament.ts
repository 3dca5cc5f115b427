import type { Level } from '#core/play/match'
import type { Conversation, Policy } from '#core/play/policy'
import { better } from './compare.ts'
import { type EvaluateOptions, evaluate, type Result } from './evaluate.ts'
import type { Game } from './rating.ts'
import { fromEverySeat } from './seats.ts'

/** Who takes part. */
export interface Player {
  readonly name: string
  readonly policy: Policy
}

/** What somebody did on a level before, alone or in all of its seats. */
export interface Solo extends Level {
  readonly name: string
  readonly success: boolean
  readonly return: number
}

/** What was played before and counts as well. */
export interface Before {
  /** Games of two players against each other. */
  readonly games: readonly Game[]
  readonly solos: readonly Solo[]
}

export interface TournamentOptions {
  readonly players: readonly Player[]
  readonly levels: readonly Level[]
  readonly before: Before
  readonly conversation: Conversation
  readonly sampling: string
  /** Plays a part of it, of that name; `evaluate` unless given. */
  readonly evaluate?: (part: string, options: EvaluateOptions, stage: string) => Promise<Result[]>
  /** Called once, with how many episodes will be played. */
  readonly onEpisodes?: (all: number) => void
  readonly onResult?: (result: Result) => void
}

export interface Tournament {
  readonly games: readonly Game[]
  /** Episodes that were not played to their end. */
  readonly failed: number
  /** Whether players sat against each other. */
  readonly apart: boolean
}

/**
 * Every pair of players on every level. Where what one seat wins another loses, one sits in one seat and the other in all
 * others, from every seat; elsewhere each plays alone, and a pair's game on a level is won by who did better there. What
 * was done alone before is such a play of its level, which all then play as well.
 */
export async function playTournament(options: TournamentOptions): Promise<Tournament> {
  const [{ env, config }] = options.levels
  const apart = env.zeroSum === true && env.seats(config) > 1
  const { games, failed } = apart ? await against(options) : await alone(options)
  return { games: [...options.before.games, ...games], failed, apart }
}

const playPart = ({ evaluate: given }: TournamentOptions): NonNullable<TournamentOptions['evaluate']> =>
  given ?? ((_, options) => evaluate(options))

const keyOf = ({ config, seed }: Level): string => JSON.stringify([config, seed])

async function against(options: TournamentOptions): Promise<{ games: Game[]; failed: number }> {
  const { players, conversation, sampling, onResult } = options
  const levels = fromEverySeat(options.levels)
  options.onEpisodes?.(((players.length * (players.length - 1)) / 2) * levels.length)
  const games: Game[] = []
  let failed = 0
  for (const [i, a] of players.entries()) {
    for (const [j, b] of players.entries()) {
      if (j <= i) continue
      const { policy: opponent } = b
      const played = { levels, policies: [a.policy], opponent, conversation, sampling, onResult }
      const results = await playPart(options)(`pair-${i + 1}-${j + 1}`, played, `${a.name} - ${b.name}`)
      for (const [at, { value = 0, failed: reason }] of results.entries()) {
        if (reason !== undefined) failed++
        else games.push({ a: a.name, b: b.name, points: pointsOf(value), level: keyOf(levels[at]) })
      }
    }
  }
  return { games, failed }
}

async function alone(options: TournamentOptions): Promise<{ games: Game[]; failed: number }> {
  const { players, before, conversation, sampling, onResult } = options
  const levels = new Map([...options.levels, ...before.solos].map((level) => [keyOf(level), level]))
  const plays = new Map<string, Pick<Solo, 'name' | 'success' | 'return'>[]>()
  const add = (key: string, play: Pick<Solo, 'name' | 'success' | 'return'>) => {
    const list = plays.get(key)
    if (list) list.push(play)
    else plays.set(key, [play])
  }
  for (const solo of before.solos) add(keyOf(solo), solo)
  options.onEpisodes?.(players.length * levels.size)
  let failed = 0
  const list = [...levels.values()]
  for (const [i, { name, policy }] of players.entries()) {
    const alone = { levels: list, policies: [policy], conversation, sampling, onResult }
    const results = await playPart(options)(`player-${i + 1}`, alone, name)
    for (const [i, result] of results.entries()) {
      if (result.failed !== undefined) failed++
      else add(keyOf(list[i]), { name, success: result.success, return: result.return })
    }
  }
  const games: Game[] = []
  for (const [level, list] of plays) {
    for (const [i, a] of list.entries()) {
      for (const b of list.slice(i + 1)) {
        if (a.name === b.name) continue
        const winner = better(a, b)
        games.push({ a: a.name, b: b.name, points: winner === null ? 0.5 : winner === 'a' ? 1 : 0, level })
      }
    }
  }
  return { games, failed }
}

/** Points of who an outcome is worth `value` to. */
export const pointsOf = (value: number): number => (value > 0 ? 1 : value < 0 ? 0 : 0.5)
