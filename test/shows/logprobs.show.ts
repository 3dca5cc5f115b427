/**
 * Log-probabilities of answers as they were written (word by word, with a cache) and as an update scores them (all words at
 * once): the score is the same to the last bit whatever the batch; the two differ by rounding only, which is the
 * KL that an update begins with.
 */

import * as tf from '@tensorflow/tfjs'
import { chooseBackend } from '#agent/hosts/node/backend'
import { findModel, loadModel } from '#agent/hosts/node/models'
import { openPack } from '#agent/hosts/node/packs'
import { readRecipe } from '#agent/hosts/node/recipe'
import type { Reinforcement } from '#agent/recipe/recipe'
import { assignCredit } from '#agent/trainer/credit'
import { openLevels } from '#agent/trainer/levels'
import type { Experience } from '#agent/trainer/loss'
import { experiences, rollout } from '#agent/trainer/rollout'
import { envs } from '#envs'
import { claim, show } from './show.ts'

await show(async () => {
  const { name } = await chooseBackend('wasm')
  const recipe = await readRecipe('recipes/quick.yaml')
  const { model } = loadModel(findModel('sokoban-base'))
  const scored = async (batch: readonly Experience[], size: number): Promise<number[]> => {
    const all: number[] = []
    for (let from = 0; from < batch.length; from += size) {
      const logprobs = tf.tidy(() => model.score(batch.slice(from, from + size)).logprobs)
      all.push(...(await logprobs.data<'float32'>()))
      logprobs.dispose()
    }
    return all
  }
  for (const index of [0, 1]) {
    const stage = { ...(recipe.stages[index] as Reinforcement), groups: 8 }
    const { trajectories } = await rollout(model, {
      stage,
      levels: openLevels(envs, recipe.data, openPack),
      seed: '1',
      update: 0,
      shard: 0,
      shards: 1,
      keep: 0,
      run: '',
      onEvent: () => {},
      breathe: async () => {},
    })
    const batch = experiences(trajectories, assignCredit(trajectories, stage.algorithm)).flat()
    const written = batch.flatMap(({ logprobs }) => Array.from(logprobs))
    const together = await scored(batch, 64)
    const apart = together.map((logprob, i) => logprob - written[i])
    const share = apart.filter((x) => x === 0).length / apart.length
    const most = Math.max(...apart.map(Math.abs))
    const kl = apart.reduce((sum, x) => sum + Math.exp(x) - 1 - x, 0) / apart.length
    const where = `${stage.conversation.modality} (${name}, ${apart.length} words)`
    for (const size of [7, 1]) {
      const other = await scored(batch, size)
      claim(
        `${where}: scored by ${size} as by 64, to the last bit`,
        other.every((x, i) => x === together[i]),
      )
    }
    claim(
      `${where}: written and scored differ by rounding`,
      most < 1e-4 && kl < 1e-10,
      `equal ${(100 * share).toFixed(0)} %, at most ${most.toExponential(1)}, KL ${kl.toExponential(1)} per word`,
    )
  }
})
