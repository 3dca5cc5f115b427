import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { evaluate } from '#agent/evaluation/evaluate'
import { ratings } from '#agent/evaluation/rating'
import { bySeat, fromEverySeat } from '#agent/evaluation/seats'
import { node } from '#agent/hosts/node/index'
import { MiniLMM } from '#agent/model/minilmm'
import { SIZES } from '#agent/model/shape'
import { registryWords } from '#agent/model/vocabulary'
import { random } from '#agent/policies/plain'
import { scripted } from '#agent/policies/scripted'
import type { Reinforcement } from '#agent/recipe/recipe'
import { Stage } from '#agent/recipe/recipe'
import { audit } from '#agent/rewards/audit'
import { RewardOptions } from '#agent/rewards/registry'
import { samples } from '#agent/trainer/corpus'
import { type Company, poolAt, seatingOf } from '#agent/trainer/opponents'
import { ratingOf } from '#agent/trainer/rating'
import { seeded } from '#core/base/random'
import { resolveConfig } from '#core/env/config'
import type { Env } from '#core/env/env'
import { Conversation, type Policy } from '#core/play/policy'
import { four } from '../../games/four.ts'
import { rolled } from './rolled.ts'

const env = four as Env
const config = resolveConfig(env, {})

function stageOf(given: object): Reinforcement {
  const base = { name: 'fre', kind: 'fre', updates: 30, optimizer: { rate: 1e-3 } }
  return Stage.parse({ ...base, ...given }) as Reinforcement
}

describe('the seating of a group', () => {
  const stage = stageOf({
    groups: 4,
    opponents: ['self', { agent: 'random', weight: 2 }, 'pool'],
    pool: { every: 5, size: 3 },
  })
  const drawn = (update: number, group: number, seats = 2) =>
    seatingOf(stage, { update, group, seats }, seeded(`${update}/${group}`))

  test('moves the learner through all seats', () => {
    expect([0, 1, 2, 3].map((group) => drawn(0, group)?.learner)).toEqual([0, 1, 0, 1])
    const odd = stageOf({ groups: 1, opponents: ['self'] })
    const seats = [0, 1, 2].map(
      (update) => seatingOf(odd, { update, group: 0, seats: 3 }, seeded(''))?.learner,
    )
    expect(seats).toEqual([0, 1, 2])
  })

  test('draws the others by weight, each seat its own', () => {
    const others = Array.from({ length: 400 }, (_, i) => drawn(12, i, 3)!.others)
    expect(others.every(({ length }) => length === 2)).toBe(true)
    const share = (name: RegExp) => others.flat().filter((one) => name.test(one)).length / 800
    expect(share(/^random$/)).toBeGreaterThan(0.44)
    expect(share(/^random$/)).toBeLessThan(0.56)
    expect(share(/^self$/)).toBeGreaterThan(0.2)
    expect(new Set(others.flat().filter((one) => one.startsWith('pool')))).toEqual(
      new Set(['pool:0', 'pool:5', 'pool:10']),
    )
  })

  test('knows the newest past selves, and the first from the start', () => {
    expect([0, 4, 5, 14, 15, 29].map((update) => poolAt(stage, update))).toEqual([
      [0],
      [0],
      [0, 5],
      [0, 5, 10],
      [5, 10, 15],
      [15, 20, 25],
    ])
  })

  test('is none where nobody is named: the learner sits everywhere', () => {
    expect(seatingOf(stageOf({}), { update: 0, group: 0, seats: 2 }, seeded(''))).toBeNull()
  })
})

describe('the rating', () => {
  test('has odds of 10 to 1 at 400 points, as far as the games can tell', () => {
    const many = ratings([{ a: 'a', b: 'b', games: 11_000, points: 10_000 }])
    expect(many.get('a')! - many.get('b')!).toBeCloseTo(400, 0)
    expect(ratings([{ a: 'a', b: 'b', games: 10, points: 5 }]).get('a')).toBeCloseTo(0, 6)
  })

  test('is carried from one to the next, and holds who only wins', () => {
    const chain = ratings([
      { a: 'b', b: 'a', games: 4000, points: 3000 },
      { a: 'c', b: 'b', games: 4000, points: 3000 },
    ])
    // 3 to 1, twice: 190.8 points each.
    expect(chain.get('c')! - chain.get('a')!).toBeGreaterThan(370)
    expect(chain.get('c')! - chain.get('a')!).toBeLessThan(382)
    const won = ratings([{ a: 'a', b: 'b', games: 50, points: 50 }])
    expect(won.get('a')! - won.get('b')!).toBeGreaterThan(300)
    expect(won.get('a')! - won.get('b')!).toBeLessThan(1200)
  })

  test('of a learner is over what it began as', () => {
    const stage = stageOf({ opponents: ['pool', 'self'], pool: { every: 1, size: 4 } })
    const row = (games: object) => ({ update: 0, stage: 'fre', ...games })
    const even = { 'games.pool:0': 100, 'against.pool:0': 0.5, 'games.self': 9, 'against.self': 1 }
    expect(ratingOf(stage, [row(even)])).toBe(0)
    const better = { 'games.pool:0': 4000, 'against.pool:0': 0.75 }
    expect(ratingOf(stage, [row(even), row(better)])).toBeCloseTo(190.8, -1)
  })
})

describe('a rollout against opponents', () => {
  let model: MiniLMM
  beforeAll(async () => {
    await node.team(0, () => {}).every('start', { backend: 'cpu' })
    model = MiniLMM.create(SIZES.xs, registryWords([env]), '1')
  })
  afterAll(() => model.dispose())

  const played = async (opponents: unknown[] | undefined, greedyAsked: number[] = []) => {
    const stage = stageOf({
      groups: 4,
      groupSize: 3,
      conversation: { actionsPerTurn: 1, maxTurns: 10 },
      ...(opponents && { opponents }),
    })
    const greedy = scripted(env, 'greedy')
    const watched: Policy = {
      id: 'greedy',
      act: async (requests) => {
        greedyAsked.push(...requests.map(({ seat }) => seat))
        return greedy.act(requests)
      },
    }
    return rolled(model, stage, { env, config, company: { find: () => watched } as unknown as Company })
  }

  test('learns from the turns of one seat, which moves from group to group', async () => {
    const asked: number[] = []
    const { trajectories, sums, starts } = await played(['greedy'], asked)
    expect(starts.map(({ agents }) => agents)).toEqual([
      ['mini:fre', 'greedy'],
      ['greedy', 'mini:fre'],
      ['mini:fre', 'greedy'],
      ['greedy', 'mini:fre'],
    ])
    // Fresh weights write nothing that can be played: who is waited for and says nothing three times has lost.
    expect(asked).toEqual(new Array(6).fill(0))
    expect(trajectories.map(({ group }) => group)).toEqual([0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3])
    expect(trajectories.every(({ traces }) => traces.length === 3 && !traces.includes(undefined!))).toBe(true)
    expect(sums).toMatchObject({ episodes: 12, turns: 36, malformed: 36, success: 0, return: -12 })
    expect(sums.games).toEqual({ greedy: 12 })
    expect(sums.points).toEqual({ greedy: 0 })
  })

  test('learns from all seats that were asked where nobody is named', async () => {
    const { trajectories, sums, starts } = await played(undefined)
    expect(starts[0].agents).toEqual(['mini:fre', 'mini:fre'])
    expect(trajectories).toHaveLength(12)
    expect(sums.games).toEqual({})
  })
})

describe('an evaluation against an opponent', () => {
  const levels = Array.from({ length: 40 }, (_, i) => ({ env, config, seed: `${i}` }))
  const conversation = Conversation.parse({ maxTurns: 40 })
  const results = () =>
    evaluate({
      levels: fromEverySeat(levels),
      policies: [scripted(env, 'greedy')],
      opponent: random,
      conversation,
      sampling: '1',
    })

  test('plays every level from every seat, and counts for that seat', async () => {
    const played = await results()
    expect(played).toHaveLength(80)
    expect(played.slice(0, 4).map(({ seed, seat }) => [seed, seat])).toEqual([
      ['0', 0],
      ['0', 1],
      ['1', 0],
      ['1', 1],
    ])
    for (const { success, value, return: earned, outcome, seat } of played) {
      expect(earned).toBe(value)
      expect(success).toBe(value! > 0)
      expect(outcome === `seat ${seat} wins`).toBe(success)
    }
    const summary = bySeat(played)
    expect(summary.map(({ seat, episodes }) => [seat, episodes])).toEqual([
      [0, 40],
      [1, 40],
    ])
    for (const { win, draw, loss } of summary) {
      expect(win.mean + draw.mean + loss.mean).toBeCloseTo(1)
      expect(win.mean).toBeGreaterThan(loss.mean + 0.2)
      expect(win.low).toBeLessThan(win.mean)
    }
  })

  test('an audit pays the player, and not whom it plays', async () => {
    const rules = [RewardOptions.parse({ rule: 'format-accuracy', measure: 'return', scale: 1 })]
    const alone = await audit(levels, conversation, rules)
    const against = await audit(levels, conversation, rules, random)
    // What one seat wins the other loses, so that alone the expert earns as much as anybody.
    expect(alone[0].expert).toBeCloseTo(alone[0].random, 5)
    expect(against[0].expert).toBeGreaterThan(against[0].random + 0.3)
  })
})

describe('what is imitated of a game of turns', () => {
  const mixture = {
    conversation: Conversation.parse({ maxTurns: 12 }),
    walks: 0,
    expert: 'greedy',
    turnsShown: 3,
    astray: 4,
    fromStart: 0.5,
  }
  const shown = Array.from({ length: 30 }, (_, i) =>
    samples(() => ({ env, config, seed: `${i}` }), mixture, seeded(`imitate/${i}`)),
  ).flat()

  test('are turns of both seats, at which they act, and what they play there', () => {
    const own = shown.map(({ prompt, response }) => ({
      text: prompt.observation.text ?? '',
      column: Number(/c(\d)<\/answer>/.exec(response)?.[1]) - 1,
    }))
    expect(own.length).toBeGreaterThan(60)
    const seats = new Set<number>()
    for (const { text, column } of own) {
      const count = (word: string): number => text.split(/\s+/).filter((one) => one === word).length
      // Who began has as many discs as the other when it acts; the other has one fewer.
      const behind = count('foe') - count('me')
      expect([0, 1]).toContain(behind)
      seats.add(behind)
      expect(text.split('\n')[0].split(' ')[column]).toBe('none')
      expect(text.split('\n').at(-1)).toBe('go')
    }
    expect(seats).toEqual(new Set([0, 1]))
  })

  test('may be played against others than the expert, and from boards that chance has led to', () => {
    const column = (x: number) => () => ({ act: () => [x] })
    const game: Env = { ...env, policies: { left: column(0), right: column(4) } }
    const boards = (change: object): string[] => {
      const own = { ...mixture, expert: 'left', turnsShown: 1, ...change }
      return Array.from({ length: 20 }, (_, i) =>
        samples(() => ({ env: game, config, seed: `${i}` }), own, seeded(`against/${i}`)),
      )
        .flat()
        .map(({ prompt }) => prompt.observation.text ?? '')
    }
    const discs = (text: string, who: string): number[] =>
      text.split('\n').flatMap((row) => row.split(' ').flatMap((word, x) => (word === who ? [x] : [])))
    const right = boards({ fromStart: 1, against: ['right'] })
    expect(new Set(right.flatMap((text) => discs(text, 'foe')))).toEqual(new Set([4]))
    expect(new Set(right.flatMap((text) => discs(text, 'me')))).toEqual(new Set([0]))
    const anywhere = boards({ fromStart: 1, against: ['random'] })
    expect(new Set(anywhere.flatMap((text) => discs(text, 'foe'))).size).toBeGreaterThan(3)
    const astray = boards({ fromStart: 0, against: ['right'] })
    expect(new Set(astray.flatMap((text) => discs(text, 'me'))).size).toBeGreaterThan(3)
  })
})
