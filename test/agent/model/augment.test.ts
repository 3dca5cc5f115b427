import { expect, test } from 'vitest'
import { chooseBackend } from '#agent/hosts/node/backend'
import { openPack } from '#agent/hosts/node/packs'
import { MiniLMM } from '#agent/model/minilmm'
import { SIZES } from '#agent/model/shape'
import { registryWords } from '#agent/model/vocabulary'
import { parseRecipe } from '#agent/recipe/recipe'
import { align, imitate } from '#agent/trainer/imitation'
import { openLevels } from '#agent/trainer/levels'
import { envs } from '#envs'

test('an augmented alignment sees the same states in other pixels, the same ones every time', async () => {
  await chooseBackend('cpu')
  const recipe = parseRecipe(
    `{ name: x, data: [{ env: sokoban, config: { preset: tiny-1 } }], stages: [
      { name: align, kind: align, updates: 1, batch: 2, optimizer: { rate: 1.0e-3 } },
      { name: other, kind: align, updates: 1, batch: 2, augment: true, optimizer: { rate: 1.0e-3 } } ] }`,
    [],
    'x',
  )
  const model = MiniLMM.create(SIZES.xs, registryWords(envs), '1')
  const job = { levels: openLevels(envs, recipe.data, openPack), seed: '1', update: 0, shard: 0, shards: 1 }
  const [plain, other] = recipe.stages
  if (plain.kind !== 'align' || other.kind !== 'align') throw new Error('both stages align')
  const weights = {
    'vision.x': model.weights[Object.keys(model.weights).find((n) => n.startsWith('vision.')) ?? ''],
  }
  // Named alike, so that they draw the same states.
  const lossOf = async (augment: boolean | 'wide') =>
    (await align(model, weights, { ...plain, augment }, job)).sums.loss
  const [once, augmented, again] = [await lossOf(false), await lossOf(true), await lossOf(true)]
  expect(augmented).not.toBe(once)
  expect(again).toBe(augmented)
  const wide = await lossOf('wide')
  expect([once, augmented]).not.toContain(wide)
  expect(await lossOf('wide')).toBe(wide)
  expect(other.augment).toBe(true)
  model.dispose()
})

test('imitation shows a share of its episodes as frames, and all of them where the share is 1', async () => {
  await chooseBackend('cpu')
  const stageOf = (more: string) => {
    const [stage] = parseRecipe(
      `{ name: x, data: [{ env: sokoban, config: { preset: tiny-1 } }], stages: [
        { name: words, kind: base, updates: 1, batch: 6, noise: 0, optimizer: { rate: 1.0e-3 }, ${more} } ] }`,
      [],
      'x',
    ).stages
    if (stage.kind !== 'base') throw new Error('the stage imitates')
    return stage
  }
  const model = MiniLMM.create(SIZES.xs, registryWords(envs), '1')
  const levels = openLevels(envs, [{ env: 'sokoban', config: { preset: 'tiny-1' }, weight: 1 }], openPack)
  const job = { levels, seed: '1', update: 0, shard: 0, shards: 1 }
  const [name] = Object.keys(model.weights)
  const lossOf = async (more: string) =>
    (await imitate(model, { [name]: model.weights[name] }, stageOf(more), job)).sums.loss
  const text = await lossOf('conversation: { modality: text }')
  const frames = await lossOf('conversation: { modality: frame }')
  expect(await lossOf('frames: 0, conversation: { modality: text }')).toBe(text)
  expect(await lossOf('frames: 1, conversation: { modality: text }')).toBe(frames)
  const both = await lossOf('conversation: { modality: both }')
  expect(await lossOf('both: 1, conversation: { modality: text }')).toBe(both)
  expect(await lossOf('frames: 1, both: 1, conversation: { modality: text }')).toBe(frames)
  expect(await lossOf('texts: 1, conversation: { modality: frame }')).toBe(text)
  const half = await lossOf('frames: 0.5, conversation: { modality: text }')
  expect([text, frames]).not.toContain(half)
  expect(await lossOf('augment: true, conversation: { modality: text }')).toBe(text)
  expect(await lossOf('augment: true, conversation: { modality: frame }')).not.toBe(frames)
  model.dispose()
})
