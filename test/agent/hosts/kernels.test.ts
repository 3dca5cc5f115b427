import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { chooseBackend } from '#agent/hosts/node/backend'
import { node } from '#agent/hosts/node/index'
import { Recipe } from '#agent/recipe/recipe'
import { train } from '#agent/trainer/train'
import { MemoryStore } from '#stores/memory'
import * as tf from '#tf'
import { everyWay, sparring, toy } from '../toy.ts'

/** The operations that pages have, by the modules that they are imported from. */
function listed(file: string): Set<string> {
  const text = readFileSync(new URL(`../../../agent/hosts/browser/${file}`, import.meta.url), 'utf8')
  return new Set([...text.matchAll(/(?:kernels|gradients)\/(\w+?)(?:_grad)?\.js/g)].map(([, name]) => name))
}

/** One update of everything that a stage may be, and an evaluation of all kinds. */
function everyKind(): Recipe {
  const given = toy('stages.imitation.updates=2', 'stages.fre.updates=1', 'shards=2')
  const [imitation, fre] = given.stages
  const talk = { actionsPerTurn: 2, maxTurns: 3, memoryActions: 1 }
  const solved = { name: 'sft', kind: 'sft', updates: 1, batch: 4, conversation: talk }
  return Recipe.parse({
    ...given,
    data: [{ env: 'sokoban', config: { preset: 'tiny-1' } }],
    stages: [
      { name: 'align', kind: 'align', updates: 1, batch: 8, optimizer: imitation.optimizer },
      imitation,
      { ...solved, optimizer: imitation.optimizer },
      fre,
      { ...fre, name: 'mgt', kind: 'mgt', conversation: { ...talk, modality: 'both' } },
    ],
    evaluation: {
      agents: ['start', 'mgt', 'random'],
      modalities: ['text', 'frame'],
      episodes: 4,
      conversation: talk,
      greedy: ['mgt'],
      blind: ['mgt'],
    },
  })
}

/** Slots that look around themselves and are asked about plans. */
function large(): Recipe {
  const [align, , sft] = everyKind().stages
  const eyes = { ...sft, sketch: 1, texts: 0.5, augment: 'wide' }
  return Recipe.parse({ ...everyKind(), model: 'b', stages: [align, eyes], evaluation: undefined })
}

test('whatever a recipe asks for, pages have the kernels and gradients for it', async () => {
  await chooseBackend('wasm')
  const [kernels, gradients] = [listed('kernels.ts'), listed('gradients.ts')]
  expect(kernels.size).toBeGreaterThan(30)
  for (const { kernelName } of tf.getKernelsForBackend('wasm')) {
    const mine = tf.getKernel(kernelName, 'cpu') === undefined
    if (!kernels.has(kernelName) && !mine) tf.unregisterKernel(kernelName, 'wasm')
    if (!gradients.has(kernelName) && !mine && tf.getGradient(kernelName)) tf.unregisterGradient(kernelName)
  }
  expect(tf.getKernel('Conv2D', 'wasm')).toBeUndefined()
  for (const recipe of [
    everyKind(),
    everyWay((name) => /bi-level|reinforce/.test(name)),
    sparring(),
    large(),
  ]) {
    const store = new MemoryStore('run')
    await train({ host: node, recipe, store, run: 'run', workers: 0 })
    expect(JSON.parse(new TextDecoder().decode((await store.read('run.json'))!)).status).toBe('done')
  }
}, 600_000)
