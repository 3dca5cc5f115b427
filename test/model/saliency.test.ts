import { expect, test } from 'vitest'
import { seeded } from '#core/base/random'
import { MiniLMM } from '../../agent/model/minilmm.ts'
import { attentionTo, saliency } from '../../agent/model/saliency.ts'
import { framePrompt, gridPrompt, LOOKING, WORDS, XS } from './fixtures.ts'

const response = Int32Array.of(4, 5, 6, WORDS.indexOf('Left'), 7, 3)

test.each([
  ['words', XS, gridPrompt],
  ['patches', XS, framePrompt],
  ['words of a model that looks around', LOOKING, gridPrompt],
] as const)('hiding a slot is scoring without it: %s', async (_, shape, promptOf) => {
  const model = MiniLMM.create(shape, WORDS, 'eyes')
  const prompt = promptOf(seeded('prompt'))
  const found = await saliency(model, { prompt, response }, 3)
  // The head of two words is no observation.
  expect(found.slots).toHaveLength(prompt.words.length - 2)
  expect(found.slots.every(({ word }) => (word === undefined) === (promptOf === framePrompt))).toBe(true)
  const scored = model.score([{ prompt, response }])
  expect(found.probability).toBeCloseTo(Math.exp((await scored.logprobs.data())[3]), 5)
  expect(found.value).toBeCloseTo((await scored.values.data())[0], 5)
  if (promptOf === gridPrompt) {
    const words = prompt.words.slice()
    words[5] = WORDS.indexOf('<unk>')
    const without = model.score([{ prompt: { ...prompt, words }, response }])
    const slot = found.slots[3]
    expect([slot.row, slot.column]).toEqual([prompt.rows[5], prompt.columns[5]])
    const fell = Math.log(found.probability) - (await without.logprobs.data())[3]
    expect(slot.occlusion).toBeCloseTo(fell, 4)
    expect(slot.value).toBeCloseTo(found.value - (await without.values.data())[0], 4)
  }
  expect(found.slots.some(({ occlusion }) => Math.abs(occlusion) > 1e-6)).toBe(true)
  model.dispose()
})

test('attention is shared among the prompt and the words before', async () => {
  const model = MiniLMM.create({ ...XS, blocks: 2 }, WORDS, 'eyes')
  const prompt = gridPrompt(seeded('prompt'))
  const first = await attentionTo(model, { prompt, response }, 0)
  const later = await attentionTo(model, { prompt, response }, 5)
  const sum = (shares: Float32Array) => shares.reduce((total, share) => total + share, 0)
  expect(first.every((share) => share > 0)).toBe(true)
  // What is left goes to the words that were written: one, and six.
  expect(1 - sum(first)).toBeGreaterThan(0)
  expect(1 - sum(later)).toBeGreaterThan(1 - sum(first))
  expect(1 - sum(later)).toBeLessThan(1)
  model.dispose()
})
