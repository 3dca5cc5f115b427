import { describe, expect, test } from 'vitest'
import { ablate } from '#agent/evaluation/ablation'
import type { Result } from '#agent/evaluation/evaluate'
import { type Game, rate, talliesOf } from '#agent/evaluation/rating'
import { playTournament } from '#agent/evaluation/tournament'
import { random } from '#agent/policies/plain'
import { scripted } from '#agent/policies/scripted'
import { below, seeded } from '#core/base/random'
import { resolveConfig } from '#core/env/config'
import type { Env } from '#core/env/env'
import { Conversation } from '#core/play/policy'
import { four } from '../../games/four.ts'

const games = (
  a: string,
  b: string,
  won: number,
  lost: number,
  level = (i: number) => `${a}${b}${i}`,
): Game[] =>
  Array.from({ length: won + lost }, (_, i) => ({ a, b, points: i < won ? 1 : 0, level: level(i) }))

/** Games of players of planted strengths, on levels of their own. */
function planted(strengths: Readonly<Record<string, number>>, each: number, seed: string): Game[] {
  const generator = seeded(seed)
  const names = Object.keys(strengths)
  return names.flatMap((a, i) =>
    names.slice(i + 1).flatMap((b) =>
      Array.from({ length: each }, (_, n): Game => {
        const chance = 1 / (1 + 10 ** ((strengths[b] - strengths[a]) / 400))
        const points = below(generator, 1e6) < chance * 1e6 ? 1 : 0
        return { a, b, points, level: `${n}` }
      }),
    ),
  )
}

describe('a rating of all games at once', () => {
  test('has the interval of the fit, as worked out by hand', () => {
    // p = 3/4 of 400 games: 400 log10 3 = 190.85 apart; 1 / (400 * 3/16) = 0.01333 in natural units squared, and the
    // prior of deviation 400 (2.3026, twice over in a difference: 10.6) takes 1/8 of a percent of it.
    const [a, b] = rate(games('a', 'b', 300, 100))
    expect(a.over!.mean).toBeCloseTo(190.85, 0)
    const error = (Math.sqrt(1 / (400 * 0.1875)) * 400) / Math.LN10
    expect(a.over!.high - a.over!.mean).toBeCloseTo(1.96 * error, 0)
    expect(a.rating.mean).toBeCloseTo(-b.rating.mean, 6)
    // Around the mean of two, a player moves half as much as the difference.
    expect(a.rating.high - a.rating.mean).toBeCloseTo((1.96 * error) / 2, 0)
    expect({ ...a, rating: 0, over: 0 }).toEqual({ name: 'a', games: 400, points: 0.75, rating: 0, over: 0 })
    expect(b.over).toBeUndefined()
  })

  test('is wider where games on a level end alike', () => {
    // The same 400 games as 100 levels that end alike four times each: a quarter of the evidence, twice the width.
    const apart = rate(games('a', 'b', 300, 100))[0].over!
    const alike = rate(games('a', 'b', 300, 100, (i) => `${Math.floor(i / 4)}`))[0].over!
    expect((alike.high - alike.low) / (apart.high - apart.low)).toBeCloseTo(2, 1)
  })

  test('does not call a sweep certain', () => {
    const [a] = rate(games('a', 'b', 20, 0))
    expect(a.over!.low).toBeGreaterThan(0)
    expect(a.over!.high - a.over!.low).toBeGreaterThan(300)
  })

  test('finds planted strengths, also of who never met', () => {
    const strengths = { weak: -200, middle: 0, good: 60, strong: 300 }
    const all = planted(strengths, 3000, 'planted').filter(({ a, b }) => `${a}${b}` !== 'weakstrong')
    const rated = rate(all)
    expect(rated.map(({ name }) => name)).toEqual(['strong', 'good', 'middle', 'weak'])
    const mean = 40
    for (const { name, rating } of rated) {
      const truth = strengths[name as keyof typeof strengths] - mean
      expect(rating.low).toBeLessThan(truth)
      expect(rating.high).toBeGreaterThan(truth)
      expect(rating.high - rating.low).toBeLessThan(30)
    }
  })

  test('has intervals that hold the truth about as often as they say', () => {
    let held = 0
    for (let i = 0; i < 100; i++) {
      const rated = rate(planted({ a: 150, b: 0, c: -150 }, 60, `coverage/${i}`))
      const a = rated.find(({ name }) => name === 'a')!
      if (a.rating.low < 150 && a.rating.high > 150) held++
    }
    expect(held).toBeGreaterThanOrEqual(89)
  })

  test('counts a pair alike whoever is named first', () => {
    expect(talliesOf([...games('a', 'b', 2, 1), ...games('b', 'a', 2, 1)])).toEqual([
      { a: 'a', b: 'b', games: 6, points: 3 },
    ])
  })
})

describe('a tournament', () => {
  const env = four as Env
  const config = resolveConfig(env, {})
  const conversation = Conversation.parse({ maxTurns: 40 })
  const players = [
    { name: 'greedy', policy: scripted(env, 'greedy') },
    { name: 'random', policy: random },
  ]
  const levels = Array.from({ length: 12 }, (_, i) => ({ env, config, seed: `${i}` }))
  const none = { games: [], solos: [] }

  test('of seats against each other flips them on every level', async () => {
    let all = 0
    const played = await playTournament({
      ...{ players, levels, before: none, conversation, sampling: '1' },
      onEpisodes: (n) => {
        all = n
      },
    })
    expect(played).toMatchObject({ apart: true, failed: 0 })
    expect([all, played.games.length, new Set(played.games.map(({ level }) => level)).size]).toEqual([
      24, 24, 12,
    ])
    expect(rate(played.games)[0].name).toBe('greedy')
  })

  test('counts what was played before, with a row for who played it', async () => {
    const before = { games: games('human', 'random', 9, 3), solos: [] }
    const { games: all } = await playTournament({ players, levels, before, conversation, sampling: '1' })
    const rated = rate(all)
    expect(rated.find(({ name }) => name === 'human')).toMatchObject({ games: 12, points: 0.75 })
  })
})

describe('an ablation', () => {
  const results = (returns: readonly number[]): Result[] =>
    returns.map((earned, index) => ({
      ...{ index, seed: `${index}`, success: earned > 0, return: earned, score: null, steps: 1, turns: 1 },
      ...{ malformed: 0, thoughts: 0, words: 0, claims: 0, truths: 0, outcome: 'over' },
    }))
  const many = (of: (i: number) => number) => results(Array.from({ length: 40 }, (_, i) => of(i)))

  test('marks what is farther from the base than the base is from itself', () => {
    const base = many((i) => (i % 2 === 0 ? 1 : -1))
    const again = many((i) => (i % 2 === (i < 8 ? 1 : 0) ? 1 : -1))
    const { floor, arms } = ablate(base, again, [
      { name: 'better', results: many((i) => (i % 8 === 1 ? -1 : 1)) },
      { name: 'alike', results: many((i) => (i % 2 === (i < 38 ? 0 : 1) ? 1 : -1)) },
      { name: 'a little', results: many((i) => (i % 2 === 0 ? 1.001 : -0.999)) },
    ])
    expect(arms.map(({ name, beyond }) => [name, beyond.success, beyond.return])).toEqual([
      ['better', true, true],
      ['alike', false, false],
      // It differs on every level, but by less than noise.
      ['a little', false, false],
    ])
    expect(floor.success).toBeGreaterThan(0.05)
    expect(arms[0].comparison.success.difference.mean).toBeCloseTo(0.375)
  })

  test('of an agent that always plays alike has no noise', () => {
    const base = many(() => 1)
    expect(ablate(base, base, []).floor).toEqual({ success: 0, return: 0 })
  })
})
