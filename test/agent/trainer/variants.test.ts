import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { MetricsRow } from '#core/record/run'
import { scratch, toy, trainIn } from '../toy.ts'

/** One update each of every way to learn that a recipe can ask for. */
test.each([
  ['grpo over episodes', ['algorithm.name=grpo', 'algorithm.credit=episode']],
  ['REINFORCE++-baseline with KL', ['algorithm.name=reinforce-baseline', 'algorithm.kl=0.01']],
  ['ppo per token', ['algorithm.name=ppo', 'algorithm.credit=token', 'algorithm.gamma=0.99']],
  ['ppo per turn, two epochs', ['algorithm.name=ppo', 'algorithm.credit=turn', 'epochs=2']],
  ['ppo bi-level', ['algorithm.name=ppo', 'algorithm.credit=bi-level', 'algorithm.lambda=0.9']],
  ['a cost for untrue thoughts', ['reward.truth=0.2']],
  ['global mode, lmm-r1-verifier', ['conversation.mode=global', 'reward.rule=lmm-r1-verifier']],
  ['frames and text, magebench', ['conversation.modality=both', 'reward.rule=magebench']],
])(
  '%s',
  async (_, settings) => {
    using place = scratch()
    const recipe = toy(
      'stages.imitation.updates=12',
      'stages.fre.updates=2',
      'stages.shuffled.updates=1',
      ...settings.map((setting) => `stages.fre.${setting}`),
    )
    const rows: MetricsRow[] = []
    await trainIn(join(place.folder, 'run'), {
      recipe,
      workers: 0,
      onProgress: ({ row }) => rows.push(row),
    })
    const learnt = rows.filter(({ stage }) => stage === 'fre')
    for (const row of learnt) {
      for (const [name, value] of Object.entries(row)) {
        if (typeof value === 'number') expect(value, name).not.toBeNaN()
      }
      expect(row.episodes).toBe(32)
    }
    for (const { used, norm } of learnt) if (Number(used) > 0) expect(Number(norm)).toBeGreaterThan(0)
    if (settings.some((setting) => setting.includes('kl='))) {
      expect(Number(learnt[1].referenceKl)).toBeGreaterThan(0)
    }
  },
  600_000,
)
