import { expect, test } from 'vitest'
import { UserError } from '#core/errors'
import { seeded } from '#core/random'
import { Config, presets } from '../../envs/sokoban/config.ts'
import { generate } from '../../envs/sokoban/generate.ts'
import { BOX, canonicalKey, TARGET } from '../../envs/sokoban/level.ts'
import { solve } from '../../envs/sokoban/solve.ts'
import { writeLevel } from '../../envs/sokoban/xsb.ts'

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
    ####--#--#
    ###@$---.#
    ####-$.-.#
    #####-$###
    #####--###
    ####---###
    ####-----#
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
