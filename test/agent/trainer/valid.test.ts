import { expect, test } from 'vitest'
import { node } from '#agent/hosts/node/index'
import { decodeSafetensors } from '#agent/model/safetensors'
import { lessonAfter } from '#agent/trainer/curriculum'
import { RunFolder } from '#agent/trainer/folder'
import type { TrainProgress } from '#agent/trainer/stage'
import { type TrainOptions, train } from '#agent/trainer/train'
import { readText } from '#core/base/store'
import type { MetricsRow } from '#core/record/run'
import { MemoryStore } from '#stores/memory'
import { few, filesOf, toy } from '../toy.ts'

/** Levels that a few pushes solve; sampled, so that looks differ. */
const VALID =
  'stages.fre.valid={every: 2, episodes: 8, temperature: 1, data: [{env: sokoban, config: {preset: tiny-1, maxLength: 3, maxSteps: 6}}]}'
const LOOKING = [...few, 'stages.fre.optimizer.decay=0', 'stages.fre.updates=9', 'checkpointEvery=3']

const options = (store: MemoryStore, recipe: TrainOptions['recipe'], more: Partial<TrainOptions> = {}) => ({
  host: node,
  recipe,
  store,
  run: 'run',
  workers: 0,
  backend: 'wasm',
  ...more,
})

/** Rows of the stage `fre`. */
const rowsOf = async (store: MemoryStore): Promise<MetricsRow[]> =>
  (await new RunFolder(store).readMetrics()).filter(({ stage }) => stage === 'fre')

/** Trains, and stops without a word after each of some updates to go on from the checkpoint before. */
async function interrupted(recipe: TrainOptions['recipe'], stops: readonly number[]): Promise<MemoryStore> {
  const store = new MemoryStore()
  for (const [i, at] of stops.entries()) {
    const onProgress = ({ row }: TrainProgress) => {
      if (row.update + 1 === at) throw new Error('stopped')
    }
    const goes = train(options(store, recipe, { resume: i > 0, workers: i % 3, onProgress }))
    await expect(goes).rejects.toThrow('stopped')
  }
  await train(options(store, recipe, { resume: true }))
  return store
}

test('a stage that looks at valid levels ends with the weights of its best look, wherever it stops in between', async () => {
  const recipe = toy(...LOOKING, VALID)
  const store = new MemoryStore()
  await train(options(store, recipe))
  const rows = await rowsOf(store)
  expect(rows.flatMap(({ valid }, i) => (valid === undefined ? [] : [i + 1]))).toEqual([2, 4, 6, 8, 9])
  const shares = rows.map(({ valid }) => (valid === undefined ? -1 : Number(valid)))
  const best = shares.indexOf(Math.max(...shares))
  expect(best).toBeLessThan(rows.length - 1)

  // The model of a stage that had only so many updates.
  const short = new MemoryStore()
  await train(options(short, toy(...LOOKING, `stages.fre.updates=${best + 1}`)))
  const model = (of: MemoryStore, update: number) => of.read(`checkpoints/${update}/model.safetensors`)
  expect(await model(store, 3 + rows.length)).toEqual(await model(short, 3 + best + 1))
  // Nothing else is kept of it, and the next stage goes on from there.
  expect(await store.list('checkpoints')).toEqual(['0', '12', '13', '3'])

  const stopped = await interrupted(recipe, [5, 6, 8, 9, 12])
  expect(await filesOf(stopped)).toEqual(await filesOf(store))
}, 600_000)

test('a stage ends when its looks have found nothing better for a while', async () => {
  const recipe = toy(
    ...LOOKING,
    VALID,
    'stages.fre.valid.patience=2',
    'stages.fre.valid.every=1',
    'stages.fre.updates=60',
  )
  const store = new MemoryStore()
  const lefts: number[] = []
  const notes: string[] = []
  const onProgress = ({ left }: TrainProgress) => lefts.push(left)
  await train(options(store, recipe, { onProgress, onNote: (line) => notes.push(line) }))
  const shares = (await rowsOf(store)).map(({ valid }) => Number(valid))
  expect(shares.length).toBeLessThan(60)
  expect(shares.length - 1 - shares.indexOf(Math.max(...shares))).toBe(2)
  expect(lefts.slice(-2)).toEqual([1, 0])
  expect(notes).toContainEqual(
    expect.stringMatching(/^stage fre ends after \d+ of 60 updates, best [\d.]+ % of valid levels 2 before$/),
  )
  const stopped = await interrupted(recipe, [4, 5])
  expect(await filesOf(stopped)).toEqual(await filesOf(store))
}, 600_000)

test('the last weights are kept where a recipe says so, and looking alone changes none', async () => {
  const [plain, looked] = [new MemoryStore(), new MemoryStore()]
  await train(options(plain, toy(...LOOKING)))
  await train(options(looked, toy(...LOOKING, VALID, 'stages.fre.valid.keep=last')))
  const weights = async (store: MemoryStore) =>
    decodeSafetensors((await store.read('checkpoints/12/model.safetensors')) ?? new Uint8Array(), 'model')
      .weights
  expect(await weights(looked)).toEqual(await weights(plain))
})

test('lessons go on when training episodes succeed, from the rows of the stage alone', () => {
  const curriculum = { lessons: [{}, {}, {}], success: 0.5, over: 2 }
  const after = (...shares: number[]) =>
    lessonAfter(
      curriculum,
      shares.map((success, update) => ({ update, stage: 'fre', success })),
    )
  expect(after()).toBe(0)
  expect(after(1)).toBe(0)
  expect(after(0.4, 0.5)).toBe(0)
  expect(after(0.4, 0.5, 0.5)).toBe(1)
  // Successes of the lesson before do not count.
  expect(after(1, 1, 1)).toBe(1)
  expect(after(1, 1, 1, 0)).toBe(2)
  expect(after(1, 1, 1, 0, 0, 0)).toBe(2)
})

test('a curriculum draws the levels of each lesson, wherever it stops in between', async () => {
  const level = (maxLength: number) => `{preset: tiny-1, maxLength: ${maxLength}, maxSteps: 6}`
  const recipe = toy(
    ...few,
    'stages.fre.updates=6',
    'stages.fre.data=[{env: sokoban, config: {}}]',
    `stages.fre.curriculum={lessons: [${level(2)}, ${level(4)}], success: 0, over: 2}`,
  )
  const store = new MemoryStore()
  await train(options(store, recipe))
  expect((await rowsOf(store)).map(({ lesson }) => lesson)).toEqual([1, 1, 2, 2, 2, 2])
  const lengths = async (update: number): Promise<unknown[]> => {
    const text = await readText(store, `episodes/${String(3 + update).padStart(7, '0')}.jsonl`)
    return (text ?? '').split('\n').flatMap((line) => {
      const event = line ? JSON.parse(line) : {}
      return event.type === 'start' ? [event.config.maxLength] : []
    })
  }
  expect(new Set(await lengths(1))).toEqual(new Set([2]))
  expect(new Set(await lengths(2))).toEqual(new Set([4]))
  const stopped = await interrupted(recipe, [5, 6, 8])
  expect(await filesOf(stopped)).toEqual(await filesOf(store))
}, 600_000)
