import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { rasterize } from '#core/draw/rasterize'
import { football } from '../../envs/football/index.ts'
import { raw } from '../../envs/football/look/tensors.ts'
import { truthful } from '../../envs/football/look/text.ts'
import { SCENARIOS } from '../../envs/football/scenarios/scenarios.ts'
import { WORLD } from '../../envs/football/state.ts'
import { act, configOf, play, randomly, scenarioOf, start } from './matches.ts'

const two = () =>
  start(scenarioOf('GK -1 0, CB 0.6 0, CM 0.7 -0.17', 'GK -1 0, CB -0.75 0', { ball: [0.61, 0] }))

describe('the text', () => {
  test('says who has the ball, where the goal is, and who is around', () => {
    const s = two()
    play(s, [act('right')])
    expect(football.text(s, 0).split('\n')).toEqual([
      'ball mine here 0',
      'me right',
      'goal right 20',
      'keeper right 20',
      'mate top 15 open',
      'foe right 8',
      'score 0 0 time 400',
      'role CB right 30 bottom 0',
    ])
    const brief = start(two().config.scenario, { text: 'brief' })
    play(brief, [act('right')])
    expect(football.text(brief, 0).split('\n')).toHaveLength(6)
    s.world[WORLD.right] = 2
    expect(football.text(s, 0)).toContain('score 0 2')
  })

  test('has only words of the vocabulary, and few of them', () => {
    const words = new Set(football.words)
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(SCENARIOS)), fc.string({ maxLength: 4 }), (preset, seed) => {
        const s = football.reset(configOf({ preset, actionSet: 'full' }), seed)
        const next = randomly(s, seed)
        for (let i = 0; i < 30 && !s.terminated; i++) {
          const said = football.text(s, 0).split(/\s+/)
          expect(said.filter((word) => !words.has(word))).toEqual([])
          expect(said.length).toBeLessThan(70)
          football.step(s, next())
        }
      }),
      { numRuns: 30 },
    )
  })
})

test('thoughts are true of the plan they were made for, and false of others', () => {
  const s = two()
  play(s, [act('right')])
  const thought = football.think?.(s, 0, [act('shot')]) ?? ''
  expect(thought).toBe('ball mine goal right 20 so shot')
  expect(truthful(s, 0, thought, [act('shot')])).toBe(true)
  expect(truthful(s, 0, thought, [act('right')])).toBe(false)
  expect(truthful(s, 0, thought.replace('20', '30'), [act('shot')])).toBe(false)
  expect(truthful(s, 0, 'hm', [act('shot')])).toBeNull()
})

describe('tensors', () => {
  const write = (s: ReturnType<typeof two>, name: string, seat = 0) => {
    const spec = football.tensors?.[name]
    if (!spec) throw new Error(`no tensor ${name}`)
    const size = spec.shape(s.config).reduce((a, b) => a * b, 1)
    const out = spec.dtype === 'uint8' ? new Uint8Array(size + 2) : new Float32Array(size + 2)
    spec.write(s, seat, out, 1)
    expect([out[0], out[size + 1]]).toEqual([0, 0])
    return out.subarray(1, size + 1)
  }

  test('simple115v2 has the numbers at their places', () => {
    const s = two()
    play(s, [act('right')], 8)
    const seen = raw(s, 0)
    const out = write(s, 'simple115v2')
    expect(out).toHaveLength(115)
    expect(out[2]).toBeCloseTo(0.6 * (55 / 54.4), 1)
    expect([...out.slice(6, 22)].every((value) => value === -1)).toBe(true)
    expect(out[44]).toBeCloseTo(s.x[3] / 54.4, 6)
    expect(out[88]).toBeCloseTo(seen.ball[0], 6)
    expect(out[22 + 2]).toBeCloseTo(0.1 * (s.vx[1] / 54.4), 6)
    expect([...out.slice(94, 97)]).toEqual([0, 1, 0])
    expect([...out.slice(97, 108)]).toEqual([0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0])
    expect([...out.slice(108, 115)]).toEqual([1, 0, 0, 0, 0, 0, 0])
  })

  test('the minimap has one spot per player, one for the ball, one for the controlled player', () => {
    const out = write(two(), 'smm')
    const plane = (c: number) => out.filter((value, i) => i % 4 === c && value === 255).length
    expect([plane(0), plane(1), plane(2), plane(3)]).toEqual([3, 2, 1, 1])
  })

  test('raw fills its shape exactly', () => {
    expect(write(two(), 'raw')).toHaveLength(206)
    const plain = start(two().config.scenario, { actionSet: 'default' })
    expect(write(plain, 'raw')).toHaveLength(203)
    expect(Object.keys(raw(two(), 0))).toContain('left_team_tired_factor')
  })

  test("sticky actions are ten, and thirteen in the full set, in the original's order", () => {
    const s = two()
    play(s, [act('top'), act('pressure'), act('sprint')])
    expect(raw(s, 0).sticky_actions).toEqual([0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0])
    const plain = start(two().config.scenario, { actionSet: 'default' })
    play(plain, [act('top'), act('dribble')])
    expect(raw(plain, 0).sticky_actions).toEqual([0, 0, 1, 0, 0, 0, 0, 0, 0, 1])
  })

  test('a seat of the right team sees itself as the left one', () => {
    const s = start(two().config.scenario, { opponents: 1 })
    const seen = raw(s, 1)
    expect(seen.left_team).toHaveLength(2)
    expect(seen.ball[0]).toBeCloseTo(-s.ball[0] / 54.4, 9)
  })
})

test('a frame shows the ball white, the own team yellow and the other one red', () => {
  const s = two()
  const frame = rasterize(football.scene(s, 0), 1280, 800)
  const at = (x: number, y: number) => {
    const i = 3 * (Math.round(400 + 10 * y) * 1280 + Math.round(640 + 10 * x))
    return (frame.data[i] << 16) | (frame.data[i + 1] << 8) | frame.data[i + 2]
  }
  expect(at(s.ball[0], s.ball[1])).toBe(0xffffff)
  expect(at(s.x[2], s.y[2])).toBe(0xffe11f)
  expect(at(s.x[4], s.y[4])).toBe(0xd8322a)
})
