import fc from 'fast-check'
import { expect, test } from 'vitest'
import { UserError } from '#core/base/errors'
import { seeded } from '#core/base/random'
import { Config, presets } from '../../envs/sokoban/config.ts'
import { generate } from '../../envs/sokoban/generate/generate.ts'
import { BOX, canonicalKey, LARGEST, TARGET } from '../../envs/sokoban/levels/level.ts'
import { writeLevel } from '../../envs/sokoban/levels/xsb.ts'
import { solve } from '../../envs/sokoban/solve/solve.ts'

test.each(Object.entries(presets))(
  '%s: the size, the boxes off target, a solution, from the seed alone',
  (_, preset) => {
    const config = Config.parse(preset)
    for (let i = 0; i < 8; i++) {
      const level = generate(config, seeded(`test/${i}`))
      expect([level.width, level.height]).toEqual([config.width, config.height])
      expect(level.cells.filter((flags) => flags & BOX).length).toBe(config.boxes)
      expect(level.cells.filter((flags) => flags & TARGET).length).toBe(config.boxes)
      expect(level.cells.filter((flags) => (flags & BOX) !== 0 && (flags & TARGET) !== 0).length).toBe(0)
      expect(solve(level, { optimal: 'pushes' }).status).toBe('solved')
      expect(generate(config, seeded(`test/${i}`))).toEqual(level)
    }
  },
)

test.each([
  { boxes: 1, layout: 'scattered', minLength: 9, maxLength: 12 },
  { boxes: 2, minLength: 5, maxLength: 7, length: 'pushes' },
])('the optimal length is in the wanted range: %o', (knobs) => {
  const config = Config.parse(knobs)
  for (let i = 0; i < 10; i++) {
    const solution = solve(generate(config, seeded(`range/${i}`)), { optimal: config.length })
    const length = config.length === 'moves' ? solution.plan.length : solution.pushes
    expect(length).toBeGreaterThanOrEqual(config.minLength)
    expect(length).toBeLessThanOrEqual(config.maxLength)
  }
})

test('seeds give different levels', () => {
  const config = Config.parse(presets.v0)
  const keys = new Set(
    Array.from({ length: 50 }, (_, i) => canonicalKey(generate(config, seeded(String(i))))),
  )
  expect(keys.size).toBe(50)
})

test('levels of these seeds never change', () => {
  const level = (knobs: object) => writeLevel(generate(Config.parse(knobs), seeded('golden')), '-')
  expect({ carved: level(presets.v0), scattered: level(presets['tiny-2']) }).toMatchInlineSnapshot(`
    {
      "carved": "##########
    ####--#-@#
    ###---$-.#
    ####--.-.#
    #####--###
    #####--###
    ####---###
    ####-$-$-#
    #####----#
    ##########",
      "scattered": "#######
    ##.---#
    #-$@--#
    #-----#
    #---$.#
    #-----#
    #######",
    }
  `)
})

test('what cannot be is refused in one line', () => {
  expect(() => generate(Config.parse({ width: 5, height: 5, boxes: 8 }), seeded('x'))).toThrow(UserError)
  expect(() =>
    generate(Config.parse({ width: 5, height: 5, boxes: 1, minLength: 900 }), seeded('x')),
  ).toThrow('optimal length of 900')
  expect(() => generate(Config.parse({ minLength: 30, maxLength: 24 }), seeded('x'))).toThrow(
    "'minLength' 30 is more than 'maxLength' 24",
  )
})

test('work is bounded whatever the config', () => {
  const work = 3_000_000
  const configs = fc.record({
    width: fc.integer({ min: 3, max: LARGEST }),
    height: fc.integer({ min: 3, max: LARGEST }),
    boxes: fc.oneof(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 1000 })),
    layout: fc.constantFrom('carved' as const, 'scattered' as const),
    walls: fc.integer({ min: 0, max: 200 }),
    length: fc.constantFrom('moves' as const, 'pushes' as const),
    minLength: fc.constantFrom(0, 5, 300, 1000),
    maxLength: fc.constantFrom(0, 20, 1000),
  })
  fc.assert(
    fc.property(configs, fc.string(), (knobs, seed) => {
      const effort = { left: work }
      try {
        generate(Config.parse(knobs), seeded(seed), effort)
      } catch (error) {
        expect(error).toBeInstanceOf(UserError)
      }
      // A last step of many boxes is not interrupted.
      expect(effort.left).toBeGreaterThan(-work / 2 - 4000 * knobs.boxes)
    }),
    { numRuns: 60 },
  )
})

test.each([
  [{ width: 20, height: 20, boxes: 8, layout: 'scattered', minLength: 300 }, 'take a wider range of lengths'],
  [{ width: 12, height: 12, boxes: 98 }, 'take fewer boxes or more cells'],
])('a refusal says what to relax: %o', (knobs, advice) => {
  expect(() => generate(Config.parse(knobs), seeded('1'), { left: 3_000_000 })).toThrow(advice)
})
