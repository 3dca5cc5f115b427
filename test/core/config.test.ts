import { expect, test } from 'vitest'
import { z } from 'zod'
import { parse, resolveConfig } from '#core/config'
import { toy } from '../toy.ts'

const Nested = z.strictObject({
  name: z.string(),
  stages: z.array(
    z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('a'), updates: z.int().default(1) }),
      z.strictObject({ kind: z.literal('b'), rate: z.number() }),
    ]),
  ),
})

test.each([
  [{ nam: 'x', stages: [] }, "'name' is missing"],
  [{ name: 'x', stages: [], stags: [] }, "unknown key 'stags'; did you mean 'stages'?"],
  [
    { name: 'x', stages: [{ kind: 'a', updatse: 2 }] },
    "'stages.0': unknown key 'updatse'; did you mean 'updates'?",
  ],
  [{ name: 'x', stages: [{ kind: 'b', rate: 'fast' }] }, /'stages.0.rate': .*number.*got "fast"/],
  [{ name: 'x', stages: [{ kind: 'c' }] }, /'stages.0/],
])('%j is refused with what, which value and what is allowed', (value, message) => {
  expect(() => parse(Nested, value, 'nested')).toThrow(message)
})

test('a preset lies under the keys given beside it, and resolving twice changes nothing', () => {
  const [preset] = Object.keys(toy.presets)
  const config = resolveConfig(toy, { preset, maxSteps: 9 })
  expect(config).toMatchObject({ ...toy.presets[preset], preset, maxSteps: 9 })
  expect(resolveConfig(toy, config as Record<string, unknown>)).toEqual(config)
  expect(() => resolveConfig(toy, { preset: 'none' })).toThrow(/no preset "none"/)
})
