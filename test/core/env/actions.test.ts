import { expect, test } from 'vitest'
import { parseActions } from '#core/env/actions'
import { resolveConfig } from '#core/env/config'
import type { Env } from '#core/env/env'
import { findEnv } from '#core/env/registry'
import { toy } from '../../toy.ts'

const env: Env = toy
const one = resolveConfig(env, {})
const two = resolveConfig(env, { preset: 'pair' })

test('one seat: names, indices and letters, as a text or an array', () => {
  const expected = [[1], [2], [0]]
  for (const value of [
    'West,East,Stay',
    'west east 0',
    '1 2 0',
    ['West', 2, '0'],
    [[1], ['East'], [0]],
    'wes',
  ]) {
    expect(parseActions(env, one, value)).toEqual(expected)
  }
  expect(parseActions(env, one, '')).toEqual([])
})

test('several seats: one array per step', () => {
  expect(
    parseActions(env, two, [
      ['West', 2],
      [0, '1'],
    ]),
  ).toEqual([
    [1, 2],
    [0, 1],
  ])
})

test.each([
  [one, 'West,Eats', 'actions[1]: no action "Eats"; did you mean \'East\'?'],
  [one, [0, 3], 'actions[1]: an action is a name or an index from 0 to 2 (got 3)'],
  [one, '9', 'from 0 to 2 (got "9")'],
  [one, { a: 1 }, 'must be a text or an array (got {"a":1})'],
  [two, 'West', 'must be an array of arrays of 2 actions'],
  [two, [[0]], 'actions[0] must have one action per seat, 2 (got [0])'],
  [one, undefined, 'got undefined'],
])('refuses %j %j', (config, value, message) => {
  expect(() => parseActions(env, config, value)).toThrow(message)
})

test('environments are found by id', () => {
  expect(findEnv([env], 'beacon')).toBe(env)
  expect(() => findEnv([env], 'bacon')).toThrow(`unknown environment "bacon"; did you mean 'beacon'?`)
})
