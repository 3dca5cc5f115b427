import { expect, test } from 'vitest'
import { resolveConfig } from '#core/env/config'
import { findEnv } from '#core/env/registry'
import { envs } from '#envs'
import { COSTLY, judge, LOST } from '../../client/episode/mistakes.ts'

const LEVEL = '#######\n#     #\n#@$  .#\n#     #\n#######'

/** Distances after each step of a play of LEVEL: 0 up, 1 down, 2 left, 3 right. */
function distances(actions: readonly number[]): (number | null)[] {
  const env = findEnv(envs, 'sokoban')
  const state = env.reset(resolveConfig(env, { level: LEVEL, maxSteps: 50 }), '1')
  const left = [env.stepsToGo?.(state) ?? null]
  for (const action of actions) {
    env.step(state, [action])
    left.push(env.stepsToGo?.(state) ?? null)
  }
  return left
}

test('the best player makes no mistake: each step is one less to go', () => {
  const left = distances([3, 3, 3])
  expect(left).toEqual([3, 2, 1, 0])
  expect(judge(left)).toEqual({ marks: [], regret: [0, 0, 0, 0] })
})

test('a step aside and back costs two, and is no mistake', () => {
  const left = distances([0, 1, 3, 3, 3])
  expect(judge(left)).toEqual({ marks: [], regret: [0, 2, 2, 2, 2, 2] })
})

test('the push after which nothing can be solved is the one that is marked, and once', () => {
  // Round the box, then push it to the lower wall, along which no target lies.
  const left = distances([0, 3, 1, 0])
  expect(left.slice(0, 3).every((steps) => Number.isFinite(steps))).toBe(true)
  expect(left[3]).toBe(Number.POSITIVE_INFINITY)
  const { marks, regret } = judge(left)
  expect(marks).toEqual([{ t: 3, name: LOST }])
  expect(regret[3]).toBeNaN()
})

test('a step that makes the way much longer is marked; what is not known is not', () => {
  expect(judge([10, 9, 12, 11]).marks).toEqual([{ t: 2, name: COSTLY }])
  expect(judge([10, null, 12, undefined, 3]).marks).toEqual([])
  expect(judge([10, null, 12]).regret).toEqual([0, Number.NaN, 4])
})

test('a game that only knows that all is lost has that step marked', () => {
  const { marks, regret } = judge([null, null, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY])
  expect(marks).toEqual([{ t: 2, name: LOST }])
  expect(regret.every(Number.isNaN)).toBe(true)
})
