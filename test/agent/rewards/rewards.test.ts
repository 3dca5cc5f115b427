import { describe, expect, test } from 'vitest'
import { lengthBonus, lmmR1Verifier, loops } from '#agent/rewards/lmm-r1'
import { formatAccuracy, magebench, prefixGain } from '#agent/rewards/rules'
import type { ScoredTurn } from '#core/env/reward'

const turn = (given: Partial<ScoredTurn>): ScoredTurn => ({
  format: true,
  response: '',
  thought: '',
  actions: [],
  rewards: [],
  before: [],
  terms: {},
  last: false,
  terminated: false,
  truncated: false,
  success: false,
  ...given,
})

describe('format-accuracy', () => {
  const rule = formatAccuracy({ alpha: 0.5, scale: 0.1, measure: 'best-prefix', truth: 0 })

  test('one turn alone gives alpha r_format + r_accuracy', () => {
    expect(rule(turn({ last: true, rewards: [-0.1, 10.9] }))).toEqual({ format: 0.5, accuracy: 1.08 })
    expect(rule(turn({ last: true, format: false }))).toEqual({ format: 0, accuracy: 0 })
  })

  test('over turns a kept format pays once, and each broken one costs', () => {
    const total = (formats: boolean[]) =>
      formats.reduce(
        (sum, format, i) => sum + rule(turn({ format, last: i === formats.length - 1 })).format,
        0,
      )
    expect(total([true])).toBe(0.5)
    expect(total([true, true, true])).toBe(0.5)
    expect(total([true, false, true])).toBe(0)
    expect(total([false, false])).toBe(-0.5)
  })

  test('the plain return can be counted instead', () => {
    const plain = formatAccuracy({ alpha: 0, scale: 2, measure: 'return', truth: 0 })
    expect(plain(turn({ rewards: [-0.5, 0.25], before: [9] })).accuracy).toBe(-0.5)
  })
})

test('a false claim can cost; a true one, or none, does not', () => {
  const rule = formatAccuracy({ alpha: 0.5, scale: 0.1, measure: 'best-prefix', truth: 0.2 })
  expect(rule(turn({ truth: false })).truth).toBe(-0.2)
  expect(rule(turn({ truth: true })).truth).toBe(0)
  expect(rule(turn({ truth: null })).truth).toBe(0)
})

describe('the best prefix', () => {
  test('gains add up to the best prefix sum of the episode', () => {
    const turns = [[-0.1, 0.9], [-1.1], [-0.1, 10.9], [-0.1]]
    const before: number[] = []
    let total = 0
    for (const rewards of turns) {
      total += prefixGain(turn({ rewards, before: [...before] }))
      before.push(...rewards)
    }
    // Prefix sums: -.1 .8 -.3 -.4 10.5 10.4.
    expect(total).toBeCloseTo(10.5, 12)
  })

  test('losing what was won is not paid for winning it again', () => {
    expect(magebench(turn({ before: [1, -1], rewards: [1] })).accuracy).toBe(0)
    expect(magebench(turn({ rewards: [-0.1] })).accuracy).toBe(0)
  })
})

describe('lmm-r1-verifier', () => {
  test('pays the format, the best prefix, the length and the thinking', () => {
    const reward = lmmR1Verifier(
      turn({ actions: ['Up', 'Left'], rewards: [-0.1, 0.9], thought: 'the box goes up' }),
    )
    expect(reward.format).toBe(0.5)
    expect(reward.accuracy).toBeCloseTo(0.8, 12)
    expect(reward.length).toBeCloseTo(0.1, 12)
    expect(reward.thinking).toBeCloseTo(0.004, 12)
  })

  test('pays nothing for a broken format', () => {
    const reward = lmmR1Verifier(turn({ format: false, thought: 'long '.repeat(500) }))
    expect(Object.values(reward).every((term) => term === 0)).toBe(true)
  })

  test('the length bonus rises to 20 actions and falls to 0.8 at 50', () => {
    const varied = (n: number) =>
      Array.from({ length: n }, (_, i) => ['Up', 'Down', 'Left', 'Right'][((i * i) % 7) % 4])
    expect(lengthBonus(varied(20))).toBeCloseTo(1, 12)
    expect(lengthBonus(varied(50))).toBeCloseTo(0.8, 12)
  })

  test('a run of 1 to 5 actions more than 7 times in a row is a loop, and is never paid', () => {
    const repeat = (run: string[], times: number) => Array.from({ length: times }, () => run).flat()
    expect(loops(repeat(['Up'], 7))).toBe(false)
    expect(loops(repeat(['Up'], 8))).toBe(true)
    expect(loops(repeat(['Up', 'Down', 'Left'], 7))).toBe(false)
    expect(loops(['Left', ...repeat(['Up', 'Down', 'Left'], 8)])).toBe(true)
    expect(lengthBonus(repeat(['Up'], 8))).toBe(0)
    expect(lengthBonus(repeat(['Up'], 2))).toBeCloseTo(0.1, 12)
  })
})
