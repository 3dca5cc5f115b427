import { expect, test } from 'vitest'
import { node } from '#agent/hosts/node/index'
import { spread } from '#agent/trainer/deal'
import { RunFolder } from '#agent/trainer/folder'
import { type TrainOptions, train } from '#agent/trainer/train'
import { MemoryStore } from '#stores/memory'
import { few, filesOf, toy } from '../toy.ts'

const total = (items: readonly { cost: number }[]): number => items.reduce((sum, { cost }) => sum + cost, 0)

test('items are dealt so that no list costs much more than another', () => {
  const items = [1, 9, 2, 8, 3, 7, 4, 6, 5, 5].map((cost, name) => ({ cost, name }))
  const lists = spread(items, 2)
  expect(lists.map(total)).toEqual([25, 25])
  expect(lists.flat().toSorted((a, b) => a.name - b.name)).toEqual(items)
  expect(spread(items.slice(0, 1), 3).map(total)).toEqual([1, 0, 0])
  // By count, in the order they came, it would be 15 and 35.
  expect(total(items.filter((_, i) => i % 2 === 0))).toBe(15)
})

const options = (store: MemoryStore, more: Partial<TrainOptions>): TrainOptions => ({
  host: node,
  recipe: toy(...few),
  store,
  run: 'run',
  workers: 0,
  backend: 'wasm',
  ...more,
})

test('groups that are dealt by tokens teach the same, whoever computes', async () => {
  const rows = async (...overrides: string[]) => {
    const store = new MemoryStore()
    const recipe = toy(...few, 'stages.fre.updates=2', 'stages.fre.groups=6', ...overrides)
    await train(options(store, { recipe }))
    return (await new RunFolder(store).readMetrics()).filter(({ stage }) => stage === 'fre')
  }
  // All in one minibatch: the same sums in another order.
  const whole = 'stages.fre.minibatches=1'
  const [plain, dealt] = [await rows(whole), await rows(whole, 'stages.fre.deal=tokens')]
  const { norm, policyLoss, entropy, used, tokens } = dealt[0]
  expect([used, tokens]).toEqual([plain[0].used, plain[0].tokens])
  expect(Number(norm)).toBeCloseTo(Number(plain[0].norm), 4)
  expect(Number(policyLoss)).toBeCloseTo(Number(plain[0].policyLoss), 4)
  expect(Number(entropy)).toBeCloseTo(Number(plain[0].entropy), 4)

  const recipe = toy(
    ...few,
    'stages.fre.deal=tokens',
    'stages.fre.epochs=2',
    'stages.fre.algorithm={kl: 0.01}',
  )
  const [alone, two] = [new MemoryStore(), new MemoryStore()]
  await train(options(alone, { recipe }))
  await train(options(two, { recipe, workers: 2 }))
  expect(await filesOf(two)).toEqual(await filesOf(alone))
}, 600_000)
