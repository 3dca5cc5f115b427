import fc from 'fast-check'
import { expect, test } from 'vitest'
import { UserError } from '#core/base/errors'
import { hashBytes } from '#core/base/hash'
import { resolveConfig } from '#core/env/config'
import { Config } from '../../envs/sokoban/config.ts'
import { sokoban } from '../../envs/sokoban/index.ts'
import { BOX, TARGET, WALL } from '../../envs/sokoban/levels/level.ts'
import { readLurd } from '../../envs/sokoban/plan.ts'
import type { Sokoban } from '../../envs/sokoban/state.ts'
import { boxesOf } from '../../envs/sokoban/state.ts'

const start = (input: Record<string, unknown>, seed = '1'): Sokoban =>
  sokoban.reset(Config.parse(resolveConfig(sokoban, input)), seed)

/** Plays names and returns the rewards. */
function play(state: Sokoban, ...names: string[]): number[] {
  const actions = sokoban.actions(state.config)
  return names.map((name) => {
    sokoban.step(state, [actions.indexOf(name)])
    return state.rewards[0]
  })
}

test('a step pays -0.1, 0.9, -1.1, 9.9 or 10.9, as in gym-sokoban', () => {
  const one = start({ level: '######|#@$.-#|######' })
  expect(play(one, 'Left', 'Right')).toEqual([-0.1, 10.9])
  expect(one.terminated).toBe(true)

  const over = start({ level: '########|#@$.-.-#|#--$---#|########' })
  // The first box goes on, over and off its target; the second cannot come.
  expect(play(over, 'Right', 'Right')).toEqual([0.9, -1.1])
  expect(Array.from(over.terms)).toEqual([-0.1, -1, 0])
})

test('a box is stopped by wall and box, and only then', () => {
  const state = start({ level: '#######|#@$$-.#|#----.#|#######' })
  expect(play(state, 'Right')).toEqual([-0.1])
  expect(sokoban.text(state, 0)).toBe('#######\n#@$$-.#\n#----.#\n#######')
  expect(sokoban.legal?.(state, 0)).toEqual([false, true, false, false])
})

test('moves of the gym action set never push, and Noop costs a step', () => {
  const state = start({ level: '######|#@$-.#|######', actionSet: 'gym' })
  expect(play(state, 'Noop', 'MoveRight')).toEqual([-0.1, -0.1])
  expect(sokoban.text(state, 0)).toBe('######\n#@$-.#\n######')
  expect(play(state, 'PushRight', 'PushRight')).toEqual([-0.1, 10.9])
  expect(state.t).toBe(4)
})

test('the last step truncates unless it solves', () => {
  const late = start({ level: '######|#@$-.#|######', maxSteps: 2 })
  play(late, 'Left', 'Left')
  expect([late.terminated, late.truncated]).toEqual([false, true])
  const last = start({ level: '######|#@$-.#|######', maxSteps: 2 })
  play(last, 'Right', 'Right')
  expect([last.terminated, last.truncated]).toEqual([true, false])
})

test('after the end nothing changes and nothing is paid', () => {
  const state = start({ level: '#####|#@$.#|#####' })
  play(state, 'Right')
  expect(play(state, 'Left')).toEqual([0])
  expect(state.t).toBe(1)
  expect(sokoban.text(state, 0)).toBe('#####\n#-@*#\n#####')
})

test('unknown actions are refused', () => {
  const state = start({ level: '#####|#@$.#|#####' })
  for (const action of [4, -1, 0.5, Number.NaN])
    expect(() => sokoban.step(state, [action])).toThrow(RangeError)
})

test('boxes are conserved, walls and targets never move, and counts stay true', () => {
  fc.assert(
    fc.property(
      fc.string({ maxLength: 6 }),
      fc.constantFrom('tiny-2', 'small-v1', 'v1'),
      fc.array(fc.integer({ min: 0, max: 8 }), { maxLength: 120 }),
      (seed, preset, actions) => {
        const state = start({ preset, actionSet: 'gym' }, seed)
        const still = state.cells.map((flags) => flags & (WALL | TARGET))
        for (const action of actions) {
          sokoban.step(state, [action])
          expect(state.cells.map((flags) => flags & (WALL | TARGET))).toEqual(still)
          const boxes = boxesOf(state)
          expect(new Set(boxes).size).toBe(state.board.boxes)
          expect(state.cells[state.player] & (WALL | BOX)).toBe(0)
          expect(state.on).toBe(Array.from(boxes).filter((cell) => still[cell] & TARGET).length)
          const [step, box, solved] = state.terms
          expect(state.rewards[0]).toBe(step + box + solved)
        }
      },
    ),
    { numRuns: 60 },
  )
})

test('a saved state loads to the same bytes and plays on the same', () => {
  const state = start({ preset: 'small-v0' }, 'save')
  for (const action of [0, 1, 2, 3, 3, 1]) sokoban.step(state, [action])
  const bytes = sokoban.save(state)
  const copy = sokoban.load(bytes)
  expect(sokoban.save(copy, new Uint8Array(9999))).toEqual(bytes)
  for (const action of [2, 2, 0, 1]) {
    sokoban.step(state, [action])
    sokoban.step(copy, [action])
    expect(hashBytes(sokoban.save(copy))).toBe(hashBytes(sokoban.save(state)))
  }
  expect(() => sokoban.load(bytes.subarray(0, 40))).toThrow('ends early')
  expect(() => sokoban.load(new Uint8Array(200))).toThrow('not a saved Sokoban state')
})

test('the score is that of MageBench', () => {
  const initial = start({ level: '#######|#@$--.#|#######' })
  // Three moves solve it: upper is 11 - 0.3.
  expect(sokoban.score?.(initial, [-0.1, -0.1, 10.9])).toBeCloseTo(100, 9)
  expect(sokoban.score?.(initial, [-0.1])).toBeCloseTo(5 * (0 - 10.7) + 100, 9)
  const lost = start({ level: '######|#@-$-#|#-.--#|######' })
  expect(sokoban.score?.(lost, [-0.1])).toBe(null)
})

test('LURD letters are actions of both action sets', () => {
  const parse = (actionSet: 'moves' | 'gym', text: string) =>
    sokoban.parseActions?.(Config.parse({ actionSet }), text)
  expect(parse('moves', 'uDlR')).toEqual([0, 1, 2, 3])
  expect(parse('gym', 'uDl\nR')).toEqual([1, 2, 3, 4])
  expect(parse('moves', 'Up')).toBe(null)
  expect(parse('moves', '')).toBe(null)
})

test('levels of a collection are configs', () => {
  expect(sokoban.levels?.('; 0\n#####\n#@$.#\n#####\n\n; 1\n######\n#@$ .#\n######\n')).toEqual({
    levels: [
      { number: 1, line: 2, name: '0', config: { level: '#####\n#@$.#\n#####' } },
      { number: 2, line: 7, name: '1', config: { level: '######\n#@$ .#\n######' } },
    ],
    faults: [],
  })
})

test('LURD may count, and is nothing else', () => {
  const moves = (text: string) =>
    readLurd(text)
      ?.map((direction) => 'UDLR'[direction])
      .join('')
  expect(moves('4R')).toBe('RRRR')
  expect(moves('2r1R')).toBe('RRR')
  expect(moves('2(rU)d 3l')).toBe('RURUDLLL')
  expect(moves('rULd\n')).toBe('RULD')
  for (const text of ['', '4', 'R4', '2(', '2)r', 'x', '()', '3,R']) expect(readLurd(text)).toBeNull()
  expect(() => readLurd('9(9(9(9(9(9R)))))'.repeat(4))).toThrow('more than 100000 moves')
  expect(() => readLurd('999999999R')).toThrow(UserError)
})
