import { describe, expect, test } from 'vitest'
import { type Cell, isHeldOut, rate, rows, sample } from '../../bench/calibration/cell.ts'
import { calibration } from '../../bench/calibration/index.ts'
import { byMechanism, overall, standardised, verdict, within } from '../../bench/calibration/judge.ts'
import { rankings } from '../../bench/calibration/minis.ts'
import { STANDARD } from '../../bench/calibration/play.ts'
import { FITTED } from '../../envs/football/parameters.ts'

function cell(kind: Cell['kind'], grf: Cell['grf'], ours: Cell['ours'], name = 'a', heldOut = false): Cell {
  return { mechanism: 'match', name, kind, grf, ours, heldOut }
}

describe('a figure is near', () => {
  test.each([
    // 0 of 16: Wilson's 95 % interval ends at 0.194.
    ['a rate in the interval', cell('rate', rate(0, 16), rate(19, 100)), true],
    ['a rate outside of it', cell('rate', rate(0, 16), rate(20, 100)), false],
    ['a rate within 15 points', cell('rate', rate(50, 100), rate(65, 100)), true],
    // Mean 10, standard deviation 4 of 4: Student's 3.18 standard errors of 2 are 6.4.
    ['a mean in the interval', cell('mean', { mean: 10, sd: 4, n: 4 }, sample([16.3])), true],
    ['a mean outside of it', cell('mean', { mean: 10, sd: 4, n: 4 }, sample([16.5])), false],
    ['a mean within 15 %', cell('mean', { mean: 10, sd: null, n: null }, sample([11.5])), true],
    ['a mean that is not', cell('mean', { mean: 10, sd: null, n: null }, sample([11.6])), false],
  ])('%s', (_, one, near) => {
    expect(within(one)).toBe(near)
  })
})

test('differences are told in standard errors of both samples', () => {
  const one = cell('mean', { mean: 10, sd: 6, n: 9 }, { mean: 13, sd: 6, n: 9 })
  expect(standardised(one)).toBeCloseTo(3 / Math.sqrt(4 + 4), 9)
  expect(standardised(cell('mean', { mean: 10, sd: 6, n: 9 }, { mean: 10, sd: 1, n: 9 }))).toBe(0)
})

test('one wild figure does not decide, and mechanisms weigh alike', () => {
  const wild = cell('mean', { mean: 1, sd: 0.1, n: 100 }, sample([1e6]))
  expect(verdict([wild]).rms).toBe(4)
  const fine = { ...cell('rate', rate(1, 2), rate(1, 2)), mechanism: 'keeping' as const }
  expect(overall([wild, fine, fine, fine])).toBe(2)
  expect(byMechanism([wild, fine]).map(({ mechanism }) => mechanism)).toEqual(['keeping', 'match'])
})

test('about a third of all groups is held out, always the same', () => {
  const groups = Array.from({ length: 600 }, (_, i) => `group ${i}`)
  const held = groups.filter(isHeldOut)
  expect(held.length).toBeGreaterThan(160)
  expect(held.length).toBeLessThan(240)
  expect(groups.filter(isHeldOut)).toEqual(held)
})

test('tables are rows of words under names', () => {
  expect(rows('\na b\n1 -\n2 x\n')).toEqual([
    { a: '1', b: '-' },
    { a: '2', b: 'x' },
  ])
})

test('bots are ranked wrongly only where one is clearly better there and not here', () => {
  const goals = (bot: string, grf: number, ours: number) =>
    cell('rate', { mean: grf, sd: null, n: 50 }, { mean: ours, sd: null, n: 50 }, `R1_P_2, ${bot}: goal`)
  const agree = (...cells: Cell[]) => rankings(cells)[0].agree
  expect(agree(goals('idle', 0, 0), goals('run_shoot', 0.9, 0.3))).toBe(true)
  expect(agree(goals('idle', 0, 0.2), goals('run_shoot', 0.9, 0.1))).toBe(false)
  expect(agree(goals('idle', 0.04, 0.9), goals('run_shoot', 0.06, 0))).toBe(true)
})

test('what is measured follows from the parameters, and from nothing else', () => {
  const lab = { ...STANDARD, episodes: 1 }
  const means = (parameters: typeof FITTED) =>
    calibration({ ...lab, parameters }, ['defending']).map((one) => one.ours.mean)
  const once = means(FITTED)
  expect(means(FITTED)).toEqual(once)
  expect(means({ ...FITTED, front: FITTED.front + 4 })).not.toEqual(once)
  expect(calibration(lab, ['tiredness']).every(within)).toBe(true)
})
