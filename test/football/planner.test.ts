import { describe, expect, test } from 'vitest'
import { hashBytes } from '#core/base/hash'
import { seeded } from '#core/base/random'
import { resolveConfig } from '#core/env/config'
import { Config } from '../../envs/football/config.ts'
import { football } from '../../envs/football/index.ts'

const configOf = (config: Record<string, unknown>) => Config.parse(resolveConfig(football, config))

/** The actions of an episode by a scripted agent, at most `most`, and whether it scored. */
function played(policy: string, config: Config, seed: string, most = 400) {
  const agent = football.policies?.[policy](config)
  if (!agent) throw new Error(`no policy ${policy}`)
  const s = football.reset(config, seed)
  const random = seeded(seed)
  const actions: number[] = []
  while (!s.terminated && !s.truncated && actions.length < most) {
    const before = hashBytes(football.save(s))
    const plan = agent.act(s, 0, random)
    expect(hashBytes(football.save(s))).toBe(before)
    for (const action of plan) {
      football.step(s, [action])
      actions.push(action)
    }
  }
  return { actions, scored: football.outcome(s).success }
}

describe('the planner', () => {
  test('scores where the built-in AI hardly ever does', () => {
    const config = configOf({ preset: 'academy_3_vs_1_with_keeper', actionSet: 'full' })
    const seeds = Array.from({ length: 8 }, (_, i) => String(i))
    const [usual, planned] = ['builtin-ai', 'planner'].map(
      (policy) => seeds.filter((seed) => played(policy, config, seed).scored).length,
    )
    expect(planned).toBeGreaterThanOrEqual(usual + 3)
  })

  test('plays the same by the same chance, and only what the action set has', () => {
    const config = configOf({ preset: '5_vs_5' })
    const [one, other] = [0, 1].map(() => played('planner', config, '7', 120).actions)
    expect(one).toEqual(other)
    expect(Math.max(...one)).toBeLessThan(football.actions(config).length)
    expect(played('planner', config, '8', 120).actions).not.toEqual(one)
  })
})
