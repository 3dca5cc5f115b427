import { expect, test } from 'vitest'
import type { EpisodeSummary } from '#core/record/wire'
import { keepGauge } from '../../client/results/known.ts'
import { figuresOf, inOrder, isIn, isOf, KINDS, type Kind, pairUp } from '../../client/results/levels.ts'

/** An episode that took `steps`, solved where that is positive. */
function episode(run: string, seed: number, steps: number, malformed = 0): EpisodeSummary {
  const success = steps > 0
  return {
    ...{
      id: `${run}/${seed}`,
      run,
      env: 'sokoban',
      version: 1,
      preset: 'tiny-1',
      seed: `${seed}`,
      agents: [run],
    },
    ...{ modality: 'text', turns: 4, malformed, steps: Math.abs(steps), return: [success ? 10 : -1] },
    ...{ outcome: success ? 'solved' : 'out of steps', success, live: false, seq: 9 },
  }
}

const a = [episode('a', 0, 5), episode('a', 1, -50, 2), episode('a', 2, 8), episode('a', 3, -50)]
const b = [episode('b', 1, 7), episode('b', 2, -50), episode('b', 3, -50), episode('b', 9, 3)]
const seeds = (levels: ReturnType<typeof pairUp>) => levels.map((level) => level.a.seed)

test('levels are paired by game and seed, and kinds pick those that flipped', () => {
  const levels = pairUp(a, b)
  expect(levels.map((level) => level.b?.id)).toEqual([undefined, 'b/1', 'b/2', 'b/3'])
  const of = (kind: Kind) => seeds(levels.filter((level) => isOf(kind, level)))
  expect(Object.fromEntries(Object.keys(KINDS).map((kind) => [kind, of(kind as Kind)]))).toEqual({
    failed: ['1', '2', '3'],
    solved: ['0', '1', '2'],
    bad: ['1'],
    stuck: [],
    regained: ['1'],
    lost: ['2'],
  })
})

test('what flipped comes before what failed, and that before what succeeded', () => {
  expect(seeds(inOrder(pairUp(a, b), 'failures'))).toEqual(['1', '2', '3', '0'])
  expect(seeds(inOrder(pairUp(a, null), 'failures'))).toEqual(['1', '3', '0', '2'])
  expect(seeds(inOrder(pairUp(a, null), 'shortest'))).toEqual(['0', '2', '1', '3'])
})

test('figures are means over what is over', () => {
  const live = { ...episode('a', 7, 1), outcome: undefined, success: undefined }
  expect(figuresOf([...a, live])).toEqual({
    episodes: 4,
    success: 0.5,
    return: 4.5,
    steps: 28.25,
    malformed: 2 / 16,
  })
})

test('what was found by playing records again picks and orders levels, and what is not known comes last', () => {
  for (const [run, seed, stuck, regret] of [
    ['c', 0, null, 2],
    ['c', 1, 3, Number.POSITIVE_INFINITY],
    ['c', 2, 1, Number.POSITIVE_INFINITY],
  ] as const)
    keepGauge({ id: `${run}/${seed}`, stuck, regret })
  const levels = pairUp(
    [episode('c', 0, 5), episode('c', 1, -9), episode('c', 2, -50), episode('c', 3, 4)],
    null,
  )
  expect(seeds(levels.filter((level) => isOf('stuck', level)))).toEqual(['1', '2'])
  expect(seeds(inOrder(levels, 'stuck'))).toEqual(['2', '1', '0', '3'])
  expect(seeds(inOrder(levels, 'regret'))).toEqual(['1', '2', '0', '3'])
  const within = (measure: 'regret' | 'stuck' | 'steps', from: number | null, to: number | null) =>
    seeds(levels.filter((level) => isIn({ measure, from, to }, level)))
  expect(within('regret', 1, 9)).toEqual(['0'])
  expect(within('stuck', 2, null)).toEqual(['1'])
  expect(within('steps', null, 5)).toEqual(['0', '3'])
  expect(within('regret', null, null)).toHaveLength(4)
})
