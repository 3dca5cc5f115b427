import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { node } from '#agent/hosts/node/index'
import { MiniLMM } from '#agent/model/minilmm'
import { SIZES } from '#agent/model/shape'
import { registryWords } from '#agent/model/vocabulary'
import { type Reinforcement, Stage } from '#agent/recipe/recipe'
import { resolveConfig } from '#core/env/config'
import type { Env } from '#core/env/env'
import { football } from '../../../envs/football/index.ts'
import { rolled } from './rolled.ts'

const env = football as unknown as Env

describe('seats of one team without opponents', () => {
  let model: MiniLMM
  beforeAll(async () => {
    await node.team(0, () => {}).every('start', { backend: 'cpu' })
    model = MiniLMM.create(SIZES.xs, registryWords([env]), '1')
  })
  afterAll(() => model.dispose())

  /** A group of two episodes. */
  const played = (given: Record<string, unknown>) => {
    const config = resolveConfig(env, given)
    const stage = Stage.parse({
      name: 'fre',
      kind: 'fre',
      updates: 1,
      optimizer: { rate: 1e-3 },
      groups: 1,
      groupSize: 2,
      conversation: { actionsPerTurn: 4, maxTurns: 2 },
    }) as Reinforcement
    return rolled(model, stage, { env, config })
  }

  test.each([2, 3])('%i of three attackers learn, each from turns of his own', async (controlled) => {
    const { trajectories, starts } = await played({ preset: 'academy_3_vs_1_with_keeper', controlled })
    expect(starts.map(({ agents }) => agents)).toContainEqual(Array(controlled).fill('mini:fre'))
    // One group of two episodes, all seats of each.
    expect(trajectories.map(({ group }) => group)).toEqual(Array(2 * controlled).fill(0))
    const traces = trajectories.flatMap((one) => one.traces)
    expect(new Set(traces).size).toBe(traces.length)
  })
})
