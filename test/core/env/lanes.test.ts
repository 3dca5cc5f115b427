import { expect, test } from 'vitest'
import { below, seeded } from '#core/base/random'
import { resolveConfig } from '#core/env/config'
import type { Env } from '#core/env/env'
import { Lanes, RESET_MODES, startsOf } from '#core/env/lanes'
import { hashState } from '#core/record/differences'
import { toy } from '../../toy.ts'

const env: Env = toy
const config = resolveConfig(env, { preset: 'pair', slip: 0.2, maxSteps: 9 })
const seats = 2

test.each(RESET_MODES)('lanes play what their episodes play alone, mode %s', (mode) => {
  const count = 5
  const lanes = new Lanes(env, config, { count, mode, seed: 'b' })
  const alone = Array.from({ length: count }, (_, i) => env.reset(config, `b/${i}`))
  const episodes = new Array<number>(count).fill(0)
  const begin = (i: number): void => {
    alone[i] = env.reset(config, `b/${i}/${++episodes[i]}`)
  }
  const random = seeded(1)
  for (let step = 0; step < 200; step++) {
    const actions = Array.from({ length: count * seats }, () => below(random, 3))
    lanes.step(actions)
    const ended: number[] = []
    for (let i = 0; i < count; i++) {
      const over = alone[i].terminated || alone[i].truncated
      if (over && mode === 'next-step') begin(i)
      else env.step(alone[i], actions.slice(seats * i, seats * (i + 1)))
      const { rewards, terminated, truncated } = alone[i]
      expect([...lanes.rewards.slice(seats * i, seats * (i + 1))]).toEqual([...rewards])
      expect([lanes.terminated[i], lanes.truncated[i]]).toEqual([Number(terminated), Number(truncated)])
      if (mode === 'same-step' && (terminated || truncated)) {
        ended.push(i)
        const final = lanes.ended.find(({ lane }) => lane === i)
        expect(final && hashState(env, final.state)).toBe(hashState(env, alone[i]))
        begin(i)
      }
      expect(lanes.fresh[i]).toBe(alone[i].t === 0 ? 1 : 0)
      expect(hashState(env, lanes.states[i])).toBe(hashState(env, alone[i]))
      expect(hashState(env, env.reset(lanes.states[i].config, lanes.seedOf(i)))).toBe(
        hashState(env, env.reset(config, episodes[i] ? `b/${i}/${episodes[i]}` : `b/${i}`)),
      )
    }
    expect(lanes.ended.map(({ lane }) => lane)).toEqual(ended)
  }
  expect(Math.min(...episodes) > 10).toBe(mode !== 'disabled')
})

test('a reset takes a seed for a lane, or its next episode, and leaves the others alone', () => {
  const lanes = new Lanes(env, config, { count: 3, mode: 'disabled', seed: 'b' })
  const hash = (i: number): string => hashState(env, lanes.states[i])
  const of = (seed: string): string => hashState(env, env.reset(config, seed))
  for (let step = 0; step < 3; step++) lanes.step([2, 2, 2, 2, 2, 2])
  const before = hash(1)
  lanes.reset(['x', null, null], [0, 2])
  expect([hash(0), hash(1), hash(2)]).toEqual([of('x'), before, of('b/2/1')])
  lanes.reset()
  expect([hash(0), hash(1), hash(2)]).toEqual([of('x/1'), of('b/1/1'), of('b/2/2')])
})

test('a part of more lanes plays what the whole does', () => {
  const whole = new Lanes(env, config, { count: 4, seed: 'b' })
  const part = new Lanes(env, config, { count: 2, seed: 'b', from: 2 })
  for (let step = 0; step < 30; step++) {
    const actions = Array.from({ length: 8 }, (_, i) => (step * 7 + i) % 3)
    whole.step(actions)
    part.step(actions, 4)
    expect(part.states.map((state) => hashState(env, state))).toEqual(
      whole.states.slice(2).map((state) => hashState(env, state)),
    )
  }
})

test('episodes begin in the starts there are, chosen by their seeds', () => {
  const starts = startsOf(env, [config], 3, 'pool')
  const lanes = new Lanes(env, config, { count: 8, seed: 'b', starts })
  const known = starts.map(({ state }) => hashState(env, state))
  const met = new Set<string>()
  for (let i = 0; i < 10; i++) {
    for (const state of lanes.states) met.add(hashState(env, state))
    lanes.reset()
  }
  expect([...met].sort()).toEqual([...new Set(known)].sort())
})

test('a saved state goes on in another lane', () => {
  const lanes = new Lanes(env, config, { count: 2, mode: 'disabled', seed: 'b' })
  lanes.step([2, 2, 1, 1])
  lanes.load(1, env.save(lanes.states[0]))
  for (let step = 0; step < 4; step++) lanes.step([1, 2, 1, 2])
  expect(hashState(env, lanes.states[1])).toBe(hashState(env, lanes.states[0]))
  expect(lanes.terminated[1]).toBe(lanes.terminated[0])
})

test('an action that is none is named, and nothing was stepped', () => {
  const lanes = new Lanes(env, config, { count: 2, seed: 'b' })
  const before = lanes.states.map((state) => hashState(env, state))
  expect(() => lanes.step([0, 0, 0, 9])).toThrow('lane 1, seat 1: action 9 is not one of 0 to')
  expect(() => lanes.step([0, 0.5, 0, 0])).toThrow('lane 0, seat 1: action 0.5')
  expect(lanes.states.map((state) => hashState(env, state))).toEqual(before)
})
