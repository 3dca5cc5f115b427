import { describe, expect, test } from 'vitest'
import { foresee } from '#agent/policies/foresight'
import { audit, type Earnings, fairReward, judge } from '#agent/rewards/audit'
import { RewardOptions } from '#agent/rewards/registry'
import { seeded } from '#core/base/random'
import type { Env } from '#core/env/env'
import type { RewardRule } from '#core/env/reward'
import { Conversation } from '#core/play/policy'
import { toy } from '../../toy.ts'

const earned = (name: string, returns: number[], rewards: number[]): Earnings => ({ name, returns, rewards })
const random = earned('random', [-2, -2, -2, -2], [0, 0, 0, 0])
const middling = earned('middling', [0, 0, 0, 0], [2, 2, 2, 2])
const expert = earned('expert', [4, 4, 4, 4], [4, 4, 4, 4])
const honest = [random, middling, expert]
const paid = (exploit: Earnings, longer = exploit) => judge(honest, exploit, longer).verdict

describe('honest play', () => {
  test('is paid in a line between the honest players, and level beyond them', () => {
    expect([-9, -2, -1, 0, 2, 4, 9].map((at) => fairReward(honest, at))).toEqual([0, 0, 1, 2, 3, 4, 4])
  })

  test('is no exploit', () => {
    expect(paid(earned('as bad as random', [-2, -2, -3, -2], [0, 0, 0, 0]))).toBeUndefined()
    expect(paid(earned('half way', [-1, -1, -1, -1], [1, 1, 1, 1]))).toBe('more than random')
    expect(judge(honest, middling, middling).overHonest).toEqual({ mean: 0, low: 0, high: 0 })
  })
})

describe('an exploiter pays', () => {
  test('when it earns what the expert earns, or more than its return is worth', () => {
    expect(paid(earned('best', [-2, -2, -2, -2], [4, 4, 4, 4]))).toBe('as much as the expert')
    expect(paid(earned('good', [-2, -2, -2, -2], [1, 1, 1, 1]))).toBe('more than honest play')
    expect(paid(earned('lucky once', [-2, -2, -2, -2], [1, 0, 0, 0]))).toBeUndefined()
  })

  test('when a longer episode pays more for no better play', () => {
    const stall = earned('stall', [-2, -2, -2, -2], [-3, -3, -3, -3])
    expect(paid(stall, earned('stall', [-3, -3, -3, -3], [-1, -1, -1, -1]))).toBe('by the turn')
    expect(paid(stall, earned('stall', [0, 0, 0, 0], [-1, -1, -1, -1]))).toBeUndefined()
  })
})

describe('an audit', () => {
  const paying = (rules: Record<string, RewardRule>) => {
    const env = { ...toy, rewards: rules } as unknown as Env
    const config = toy.config.parse({ cells: 9 })
    const levels = Array.from({ length: 12 }, (_, i) => ({ env, config, seed: `audit/${i}` }))
    const conversation = Conversation.parse({ actionsPerTurn: 3, maxTurns: 6 })
    return audit(
      levels,
      conversation,
      Object.keys(rules).map((rule) => RewardOptions.parse({ rule })),
    )
  }
  const verdicts = async (rule: RewardRule) => {
    const findings = await paying({ rule })
    return Object.fromEntries(findings.map(({ player, verdict }) => [player, verdict]))
  }

  test('finds what a careless rule pays for', async () => {
    const perWord = await verdicts(({ thought }) => ({ words: thought.split(' ').length }))
    expect(perWord['thought padding']).toBe('as much as the expert')
    const perAction = await verdicts(({ actions, success }) => ({
      actions: actions.length,
      win: success ? 40 : 0,
    }))
    expect(perAction['longest answer']).toBeDefined()
    expect(perAction['no answer']).toBeUndefined()
    const perTurn = await verdicts(({ format, success }) => ({ turn: format ? 1 : 0, win: success ? 90 : 0 }))
    expect(perTurn['format only']).toBeDefined()
    expect(perTurn['no answer']).toBeUndefined()
  })

  test('finds nothing in a rule that pays for success alone', async () => {
    const findings = await paying({ rule: ({ success }) => ({ success: success ? 1 : 0 }) })
    const useless = ['no answer', 'format only', 'stalling', 'thought padding']
    const named = findings.filter(({ player }) => useless.includes(player))
    expect(named).toHaveLength(4)
    expect(named.map(({ verdict }) => verdict)).toEqual([undefined, undefined, undefined, undefined])
    expect(findings[0]).toMatchObject({ expert: 1 })
    expect(findings[0].random).toBeLessThan(0.8)
  })
})

test('a plan is seen to its end, with the slips that will come', () => {
  const env = toy as unknown as Env
  const config = toy.config.parse({ cells: 12, slip: 0.5, level: { beacon: 11, starts: [0] } })
  const state = env.reset(config, 'ahead')
  const plan = foresee(env, toy.policies!.expert(config), state, 0, 100, seeded('x'))
  expect(state.t).toBe(0)
  expect(plan.length).toBeGreaterThan(11)
  for (const action of plan) env.step(state, [action])
  expect(state.terminated).toBe(true)
  expect(foresee(env, toy.policies!.expert(config), env.reset(config, 'ahead'), 0, 4, seeded('x'))).toEqual(
    plan.slice(0, 4),
  )
})
