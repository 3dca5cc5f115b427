import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { biLevel, gae, tokenLevel, turnLevel } from '#agent/algorithms/gae'
import {
  baselineRelative,
  equalGroups,
  groupRelative,
  leaveOneOut,
  standardised,
} from '#agent/algorithms/normalise'
import { clippedSurrogate, klEstimate } from '#agent/algorithms/objective'

const close = (actual: ArrayLike<number>, expected: number[]): void => {
  expect(actual.length).toBe(expected.length)
  expected.forEach((x, i) => {
    expect(actual[i]).toBeCloseTo(x, 10)
  })
}

describe('generalized advantage estimation', () => {
  test('three steps worked out by hand', () => {
    // deltas from the end: 2 - 1 = 1; 0 + .5*1 - 2 = -1.5; 1 + .5*2 - .5 = 1.5; trace factor .5 * .8 = .4
    const { advantages, returns } = gae([1, 0, 2], [0.5, 2, 1], { gamma: 0.5, lambda: 0.8 })
    close(advantages, [1.5 + 0.4 * -1.1, -1.5 + 0.4 * 1, 1])
    close(returns, [1.56, 0.9, 2])
  })

  test('a truncated episode bootstraps from the value after its last step, a terminated one does not', () => {
    const decay = { gamma: 0.9, lambda: 1 }
    close(gae([0], [1], decay).advantages, [-1])
    close(gae([0], [1], decay, 3).advantages, [0.9 * 3 - 1])
  })

  test('with gamma = lambda = 1 the advantage is reward-to-go minus value', () => {
    const numbers = fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 1, maxLength: 20 })
    fc.assert(
      fc.property(numbers, fc.double({ min: -5, max: 5, noNaN: true }), (rewards, bootstrap) => {
        const values = rewards.map((reward, i) => reward * 0.3 + i)
        const { advantages, returns } = gae(rewards, values, { gamma: 1, lambda: 1 }, bootstrap)
        let togo = bootstrap
        for (let i = rewards.length - 1; i >= 0; i--) {
          togo += rewards[i]
          expect(advantages[i]).toBeCloseTo(togo - values[i], 8)
          expect(returns[i]).toBeCloseTo(togo, 8)
        }
      }),
    )
  })
})

describe('credit across turns', () => {
  const turns = { rewards: [1, 2], values: [[0.5, 0.25], [1]], bootstrap: 0 }

  test('token level: one sequence, each reward after the last token of its turn', () => {
    // Rewards 0, 1, 2; values .5, .25, 1; gamma 1, lambda .5.
    // deltas: .25 - .5 = -.25; 1 + 1 - .25 = 1.75; 2 - 1 = 1. A3 = 1; A2 = 1.75 + .5 = 2.25; A1 = -.25 + 1.125.
    const [first, second] = tokenLevel(turns, { gamma: 1, lambda: 0.5 })
    close(first.advantages, [0.875, 2.25])
    close(second.advantages, [1])
    close(first.returns, [1.375, 2.5])
  })

  test('turn level: the tokens of a turn share the advantage of the turn', () => {
    // Values .5, 1; gamma .5, lambda 1: A2 = 2 - 1 = 1; A1 = 1 + .5*1 - .5 + .5*1 = 1.5.
    const [first, second] = turnLevel(turns, { gamma: 0.5, lambda: 1 })
    close(first.advantages, [1.5, 1.5])
    close(first.returns, [2, 2])
    close(second.advantages, [1])
    close(second.returns, [2])
  })

  test('bi-level: the return of the turn flows back over its tokens', () => {
    // As above, the return of turn 1 is 2. Its tokens, gamma 1, lambda .5: A2 = 2 - .25 = 1.75;
    // A1 = .25 - .5 + .5*1.75 = .625.
    const [first, second] = biLevel(turns, { gamma: 0.5, lambda: 1 }, { gamma: 1, lambda: 0.5 })
    close(first.advantages, [0.625, 1.75])
    close(second.advantages, [1])
  })

  test('all levels agree when every turn is one token', () => {
    const single = { rewards: [0, 1, -1], values: [[0.2], [0.4], [0.1]], bootstrap: 0.7 }
    const decay = { gamma: 0.9, lambda: 0.8 }
    const one = gae(single.rewards, [0.2, 0.4, 0.1], decay, 0.7).advantages
    for (const estimates of [
      tokenLevel(single, decay),
      turnLevel(single, decay),
      biLevel(single, decay, { gamma: 1, lambda: 1 }),
    ]) {
      close(
        estimates.map((estimate) => estimate.advantages[0]),
        [...one],
      )
    }
  })
})

describe('normalisation', () => {
  test('group-relative: minus the mean of the group, over its deviation', () => {
    // Group 0: 1, 3 -> mean 2, std 1. Group 1: 5, 5 -> equal.
    close(groupRelative([1, 5, 3, 5], [0, 1, 0, 1]), [-1, 0, 1, 0])
    close(groupRelative([2, 6], [0, 0], false), [-2, 2])
  })

  test('REINFORCE++-baseline: minus the mean of the group, over the deviation of the batch', () => {
    // Centred: -1, 1, -3, 3 -> std sqrt(5).
    const r = Math.sqrt(5)
    close(baselineRelative([1, 3, 0, 6], [0, 0, 1, 1]), [-1 / r, 1 / r, -3 / r, 3 / r])
  })

  test('RLOO: minus the mean of the others', () => {
    // 4 - (1 + 1) / 2 = 3; 1 - (4 + 1) / 2 = -1.5; alone: 0.
    close(leaveOneOut([4, 1, 9, 1], [0, 0, 1, 0]), [3, -1.5, 0, -1.5])
  })

  test('equal numbers give zeros, never NaN', () => {
    close(standardised([2, 2, 2]), [0, 0, 0])
    close(standardised([]), [])
    expect(equalGroups([1, 1, 2, 3], [7, 7, 8, 8])).toEqual(new Set([7]))
  })
})

describe('the clipped objective', () => {
  test.each([
    // A good action is not pushed beyond 1 + clip, a bad one not below 1 - clip; mistakes are never clipped.
    { ratio: 1.5, advantage: 2, expected: 2.4 },
    { ratio: 0.5, advantage: 2, expected: 1 },
    { ratio: 1.5, advantage: -2, expected: -3 },
    { ratio: 0.5, advantage: -2, expected: -1.6 },
  ])('ratio $ratio with advantage $advantage gives $expected', ({ ratio, advantage, expected }) => {
    expect(clippedSurrogate(ratio, advantage, 0.2, 0.2)).toBeCloseTo(expected, 12)
  })

  test('the estimate of KL is never negative and agrees with the exact value on average', () => {
    const p = [0.5, 0.3, 0.2]
    const q = [0.2, 0.2, 0.6]
    const exact = p.reduce((sum, x, i) => sum + x * Math.log(x / q[i]), 0)
    const estimates = p.map((x, i) => klEstimate(Math.log(x), Math.log(q[i])))
    expect(Math.min(...estimates)).toBeGreaterThan(0)
    expect(p.reduce((sum, x, i) => sum + x * estimates[i], 0)).toBeCloseTo(exact, 12)
    expect(klEstimate(-1, -1)).toBe(0)
  })
})
