/**
 * What a change of the pixels costs an agent, with and without changed pixels in its alignment: from the base of the study
 * lmm-r1, the patches are aligned again on 3,200 frames, once as they are and once augmented, and both play test levels from
 * frames that are shifted, brightened, noisy, grey. Minutes.
 */
import { join } from 'node:path'
import { evaluate } from '#agent/evaluation/evaluate'
import { chooseBackend } from '#agent/hosts/node/backend'
import { node } from '#agent/hosts/node/index'
import { findModel, loadModel } from '#agent/hosts/node/models'
import { openPack } from '#agent/hosts/node/packs'
import { JITTER, type Jitter, jitterFrame } from '#agent/model/augment'
import { mini } from '#agent/policies/mini'
import { parseRecipe } from '#agent/recipe/recipe'
import { heldOutLevels, openLevels } from '#agent/trainer/levels'
import { train } from '#agent/trainer/train'
import { type Random, seeded } from '#core/base/random'
import type { Frame } from '#core/draw/scene'
import type { Level } from '#core/play/match'
import { Conversation, type Policy } from '#core/play/policy'
import { envs } from '#envs'
import { FileStore } from '#stores/files'
import { claim, show } from './show.ts'

const RECIPE = `
name: sight
model: mini:lmm-r1-base
data: [{ env: sokoban, config: { preset: tiny-1 } }]
checkpointEvery: 200
stages:
  - { name: plain, kind: align, from: start, updates: 200, optimizer: &optimizer { rate: 1.0e-3, beta2: 0.98 } }
  - { name: augmented, kind: align, from: start, updates: 200, augment: true, optimizer: *optimizer }
`
const NONE: Jitter = { brightness: 0, tint: 0, noise: 0, shift: 0 }
type Change = (frame: Frame, random: Random) => Frame
const jittered =
  (jitter: Jitter): Change =>
  (frame, random) =>
    jitterFrame(frame, random, jitter)
/** Not among the changes of training. */
const grey: Change = ({ width, height, data }) => ({
  width,
  height,
  data: data.map((_, i) => {
    const pixel = i - (i % 3)
    return Math.round(0.299 * data[pixel] + 0.587 * data[pixel + 1] + 0.114 * data[pixel + 2])
  }),
})
const CHANGES: Readonly<Record<string, Change>> = {
  'as they are': (frame) => frame,
  'shifted by 1 pixel to the right': ({ width, height, data }) => ({
    width,
    height,
    data: data.map((_, i) => data[i % (3 * width) < 3 ? i : i - 3]),
  }),
  'shifted by up to 1 pixel': jittered({ ...NONE, shift: 1 }),
  'brighter or darker by up to 32': jittered({ ...NONE, brightness: 32 }),
  'noisy by up to 32': jittered({ ...NONE, noise: 32 }),
  'all of the training at once': jittered(JITTER),
}
const conversation = Conversation.parse({
  modality: 'frame',
  actionsPerTurn: 6,
  maxTurns: 6,
  memoryActions: 1,
})

/** Shows a policy changed frames: each turn of each episode in its own way. */
const changed = (policy: Policy, change: Change): Policy => ({
  id: policy.id,
  act: (requests) =>
    policy.act(
      requests.map((request) => {
        const { frame } = request.observation
        if (!frame) return request
        const random = seeded(`${request.episode}/${request.turn}`)
        return { ...request, observation: { frame: change(frame, random) } }
      }),
    ),
})

async function solved(file: string, change: Change, levels: readonly Level[]): Promise<number> {
  const policy = mini(loadModel(file).model, {
    id: 'x',
    temperature: 0,
    probabilities: false,
    ownsModel: true,
  })
  const results = await evaluate({ levels, policies: [changed(policy, change)], conversation, sampling: 's' })
  policy.dispose?.()
  return (100 * results.filter(({ success }) => success).length) / levels.length
}

await show(async (folder) => {
  const recipe = parseRecipe(RECIPE, [], 'sight')
  const out = join(folder, 'run')
  await train({ host: node, recipe, store: new FileStore(out), run: 'run', workers: 0, keepEpisodes: 0 })
  await chooseBackend('auto')
  const levels = heldOutLevels(openLevels(envs, recipe.data, openPack), 'test', 'sight', 300)
  const file = (update: number) => join(out, 'checkpoints', String(update), 'model.safetensors')
  const agents = { base: findModel('lmm-r1-base'), plain: file(200), augmented: file(400) }
  const rowOf = async (name: string, change: Change) => {
    const row: Record<string, number> = {}
    for (const [agent, path] of Object.entries(agents)) row[agent] = await solved(path, change, levels)
    const figures = Object.entries(row).map(([agent, share]) => `${agent} ${share.toFixed(1)} %`)
    console.log(`     frames ${name}: ${figures.join(', ')}`)
    return row
  }
  const rows: Record<string, number>[] = []
  for (const [name, change] of Object.entries(CHANGES)) rows.push(await rowOf(name, change))
  await rowOf('in grey, which training shows none', grey)
  const worst = (agent: string) => Math.max(...rows.slice(1).map((row) => rows[0][agent] - row[agent]))
  claim(
    'augmentation costs at most 3 points where nothing is changed',
    rows[0].plain - rows[0].augmented <= 3,
  )
  claim(
    'with it no change that it was trained with costs more than 3 points',
    worst('augmented') <= 3,
    `${worst('augmented').toFixed(1)}; the base, aligned on 640 frames as they are, ${worst('base').toFixed(1)}`,
  )
})
