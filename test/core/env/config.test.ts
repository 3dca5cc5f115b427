import { expect, test } from 'vitest'
import { z } from 'zod'
import { didYouMean } from '#core/base/errors'
import { parse, parseJson, resolveConfig } from '#core/env/config'
import { toy } from '../../toy.ts'

const Nested = z.strictObject({
  name: z.string(),
  stages: z.array(
    z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('a'), updates: z.int().default(1) }),
      z.strictObject({ kind: z.literal('b'), rate: z.number() }),
    ]),
  ),
})

const One = z.strictObject({
  whole: z.int().min(1).optional(),
  less: z.number().lt(1).optional(),
  way: z.enum(['online', 'global']).optional(),
  words: z.array(z.string()).max(1).optional(),
  either: z.union([z.string(), z.number()]).optional(),
  name: z.string().regex(/^a/, 'begins with a').optional(),
})

test.each([
  [{ nam: 'x', stages: [] }, "'name' is missing"],
  [{ name: 'x', stages: [], stags: [] }, "unknown key 'stags'; did you mean 'stages'?"],
  [
    { name: 'x', stages: [{ kind: 'a', updatse: 2 }] },
    "'stages.0': unknown key 'updatse'; did you mean 'updates'?",
  ],
  [{ name: 'x', stages: [{ kind: 'b', rate: 'fast' }] }, '\'stages.0.rate\' must be a number (got "fast")'],
  [{ name: 'x', stages: [{ kind: 'c' }] }, /'stages.0/],
  [null, 'nested: must be an object (got null)'],
])('%j is refused with what, which value and what is allowed', (value, message) => {
  expect(() => parse(Nested, value, 'nested')).toThrow(message)
})

test.each([
  [{ whole: 1.5 }, "'whole' must be a whole number (got 1.5)"],
  [{ whole: 0 }, "'whole' must be at least 1 (got 0)"],
  [{ less: 1 }, "'less' must be less than 1 (got 1)"],
  [{ way: 'onlin' }, "'way': no \"onlin\"; did you mean 'online'? (allowed: online, global)"],
  [{ words: ['a', 'b'] }, "'words' must have at most 1 items"],
  [{ either: true }, "'either' must be a text or a number (got true)"],
  [{ name: 'b' }, '\'name\': begins with a (got "b")'],
])('%j is refused in plain words', (value, message) => {
  expect(() => parse(One, value, 'one')).toThrow(message)
})

test('JSON that is none is refused, too', () => {
  expect(() => parseJson(One, '{', 'one')).toThrow(/^one is not JSON/)
  expect(parseJson(One, '{"whole":2}', 'one')).toEqual({ whole: 2 })
})

test('a name that was only begun is guessed', () => {
  expect(didYouMean('soko', ['football', 'sokoban'])).toBe(
    "; did you mean 'sokoban'? (allowed: football, sokoban)",
  )
})

test('a preset lies under the keys given beside it, and resolving twice changes nothing', () => {
  const [preset] = Object.keys(toy.presets)
  const config = resolveConfig(toy, { preset, maxSteps: 9 })
  expect(config).toMatchObject({ ...toy.presets[preset], preset, maxSteps: 9 })
  expect(resolveConfig(toy, config as Record<string, unknown>)).toEqual(config)
  expect(() => resolveConfig(toy, { preset: 'none' })).toThrow(/no preset "none"/)
})
