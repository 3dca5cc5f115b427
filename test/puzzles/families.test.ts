import { describe, expect, test } from 'vitest'
import { seeded } from '#core/base/random'
import { resolveConfig } from '#core/env/config'
import { hashState } from '#core/record/differences'
import { FAMILIES, type FamilyName } from '../../envs/puzzles/config.ts'
import { puzzles } from '../../envs/puzzles/index.ts'

type Config = Parameters<typeof puzzles.reset>[0]

const configOf = (input: object): Config => resolveConfig(puzzles, { ...input }) as Config
const pose = (family: FamilyName, ...lines: string[]) =>
  puzzles.reset(configOf({ puzzle: { family, lines } }), '1')
const names = puzzles.actions(configOf({}))
const indices = (...words: string[]) => words.map((word) => names.indexOf(word))
type State = ReturnType<typeof puzzles.reset>
const expert = (state: State) => puzzles.policies!.expert(state.config).act(state, 0, seeded('1'))
const answer = (state: State) => expert(state).map((action) => names[action])
const thought = (state: State) => puzzles.think!(state, 0, expert(state))
const may = (state: State) => names.filter((_, action) => puzzles.legal!(state, 0)[action])

/** Puzzles worked out by hand: family, lines, answer, thought. */
const KNOWN: readonly (readonly [FamilyName, string, string, string])[] = [
  ['order', 'a r2 c5|b r4 c5|from a to b', 'Down', 'r2 r4 Down'],
  ['order', 'a r2 c5|b r4 c1|from b to a', 'Up Right', 'r4 r2 Up ; c1 c5 Right'],
  ['order', 'a r1 c1|b r2 c2|c r3 c3|d r4 c4|from d to b', 'Up Left', 'r4 r2 Up ; c4 c2 Left'],
  ['path', '#####|#@-.#|#####', 'Right Right', 'Right r2 c4'],
  ['path', '#####|#@#.#|#---#|#####', 'Down Right Right Up', 'Down r3 c2 ; Right r3 c4 ; Up r2 c4'],
  ['count', '$-.|-$$|.--|count $', '3', 'r1 1 ; r2 3 ; r3 3'],
  ['count', '.......|....---|count .', '1 1', 'r1 7 ; r2 1 1'],
  ['sum', '7 plus 5', '1 2', '7 plus 5 is 1 2'],
  ['sum', '7 plus 5 minus 9 plus 0', '3', '7 plus 5 is 1 2 ; 1 2 minus 9 is 3 ; 3 plus 0 is 3'],
  ['distance', '@ r1 c1|a r1 c4|b r3 c1|near', 'b', 'a 3 ; b 2'],
  ['distance', '@ r4 c4|a r1 c1|b r7 c7|c r4 c9|near', 'c', 'a 6 ; b 6 ; c 5'],
  ['truth', 'a r2 c3|b r2 c5|a Left b', 'yes', 'a Left b yes'],
  ['truth', 'a r2 c3|b r2 c5|a Up b', 'no', 'a Up b no'],
  ['truth', 'a r1 c1|b r2 c2|a Left b|and no a Up b', 'no', 'a Left b yes ; a Up b yes'],
  [
    'truth',
    'a r1 c1|b r2 c2|a Right b|and a Up b|or a Left b',
    'yes',
    'a Right b no ; a Up b yes ; a Left b yes',
  ],
  ['next', '3|5|7|next', '9', 'plus 2'],
  ['next', '1 3|1 0|7|next', '4', 'minus 3'],
  ['next', '1|3|2|4|next', '3', 'plus 2 ; minus 1'],
  ['next', 'Right|Down|Left|next', 'Up', 'Up Right'],
  ['next', 'Up|Left|Down|next', 'Right', 'Up Left'],
  ['push', '#####|#---#|#@a-#|#####|push a', 'Right', 'push Right r3 c3'],
  ['push', '#####|#--b#|#-a@#|#####|push Left', 'a', 'push Left r3 c3'],
  ['push', '#####|#--b#|#-a@#|#####|push Up', 'no', 'no push'],
  ['push', '######|#@ab-#|######|push a', 'no', 'no push'],
]

describe('puzzles worked out by hand', () => {
  test.each(
    KNOWN.map(([family, lines, ...rest]) => [`${family}: ${lines}`, family, lines, ...rest] as const),
  )('%s', (_, family, lines, wanted, working) => {
    const state = pose(family, ...lines.split('|'))
    expect([answer(state).join(' '), thought(state)]).toEqual([wanted, working])
    expect(puzzles.text(state, 0)).toBe(lines.replaceAll('|', '\n'))
    for (const action of indices(...wanted.split(' '))) puzzles.step(state, [action])
    expect(puzzles.outcome(state)).toEqual({ name: 'solved', success: true })
    expect(state.rewards[0]).toBeCloseTo(9.9, 12)
  })
})

test.each([
  ['order', 'a r2 c2|b r2 c2|from a to b', 'two places'],
  ['order', 'a r2 c2|from a to b', 'two places'],
  ['path', '###|@#.|###', 'a way between them'],
  ['path', '@-|.', 'a board of # - with one @'],
  ['count', '$-|$|count $', 'a board of - $ .'],
  ['sum', '1 plus', "one line like '7 plus 5 minus 2'"],
  ['sum', '1 minus 2', 'never below 0'],
  ['distance', '@ r1 c1|a r1 c2|b r2 c1|near', 'one thing is nearest'],
  ['truth', 'a r1 c1|b r2 c2|and a Left b', 'then statements'],
  ['truth', 'a r1 c1|a Left b', 'then statements'],
  ['next', '1|2|4|next', 'one or two steps in turn'],
  ['next', 'Up|Down|Up|next', 'directions that turn'],
  ['push', '####|#@a#|####|push e', 'a board of # - with one @'],
  ['sum', '1 plus 1 plus 1 plus 1 plus 1 plus 1', 'up to 9 words'],
] as const)('%s: %s is refused', (family, lines, wanted) => {
  expect(() => pose(family, ...lines.split('|'))).toThrow(wanted)
})

test.each([...FAMILIES.flatMap((family) => [1, 2, 3].map((grade) => `${family}-${grade}`)), 'mixed'])(
  '%s: what is drawn is solved by its expert, told as it is, and legal throughout',
  (preset) => {
    const config = configOf({ preset })
    const keys = new Set<string>()
    for (let i = 0; i < 60; i++) {
      const state = puzzles.reset(config, `${preset}/${i}`)
      keys.add(puzzles.levelKey!(config, `${preset}/${i}`))
      const plan = expert(state)
      expect(puzzles.truthful!(state, 0, thought(state), plan)).toBe(true)
      expect(puzzles.stepsToGo!(state)).toBe(plan.length)
      for (const action of plan) {
        expect(puzzles.legal!(state, 0)[action]).toBe(true)
        puzzles.step(state, [action])
      }
      expect(puzzles.outcome(state).success).toBe(true)
    }
    expect(keys.size).toBeGreaterThan(30)
  },
)

describe('an answer', () => {
  test('is given word by word, shown, and goes on where it was saved', () => {
    const state = pose('sum', '7 plus 5')
    expect(may(state)).toEqual(names.slice(0, 10))
    puzzles.step(state, indices('1'))
    expect(puzzles.text(state, 0)).toBe('7 plus 5\nanswer 1')
    const loaded = puzzles.load(puzzles.save(state).slice())
    expect(answer(loaded)).toEqual(['2'])
    for (const one of [state, loaded]) puzzles.step(one, indices('2'))
    expect(hashState(puzzles, loaded)).toBe(hashState(puzzles, state))
    expect(state.terminated).toBe(true)
  })

  test('ends at a word that is wrong, and passes over one that answers no such question', () => {
    const state = pose('truth', 'a r2 c3', 'b r2 c5', 'a Left b')
    puzzles.step(state, indices('7'))
    expect([state.terminated, state.t, puzzles.text(state, 0)]).toEqual([
      false,
      1,
      'a r2 c3\nb r2 c5\na Left b',
    ])
    expect(may(state)).toEqual(['yes', 'no'])
    puzzles.step(state, indices('no'))
    expect(puzzles.outcome(state)).toEqual({ name: 'wrong', success: false })
    expect([state.terminated, state.rewards[0], puzzles.stepsToGo!(state)]).toEqual([
      true,
      -0.1,
      Number.POSITIVE_INFINITY,
    ])
  })

  test('is thought about only where it is the one that the working gives', () => {
    const state = pose('sum', '3 plus 4')
    expect(puzzles.think!(state, 0, indices('7'))).toBe('3 plus 4 is 7')
    expect(puzzles.think!(state, 0, indices('8'))).toBe('')
    expect(puzzles.truthful!(state, 0, '3 plus 4 is 8', indices('8'))).toBe(false)
    expect(puzzles.truthful!(state, 0, 'r1 c2 ; plus', indices('8'))).toBeNull()
  })
})

test('a maze is walked: walls stop, and the thought is of the walk that is meant', () => {
  const state = pose('path', '#####', '#@#.#', '#---#', '#####')
  expect(may(state)).toEqual(['Down'])
  puzzles.step(state, indices('Right'))
  expect(puzzles.text(state, 0)).toBe('#####\n#@#.#\n#---#\n#####')
  puzzles.step(state, indices('Down'))
  expect(puzzles.text(state, 0)).toBe('#####\n#-#.#\n#@--#\n#####')
  const plan = indices('Right', 'Right', 'Left')
  expect(puzzles.think!(state, 0, plan)).toBe('Right r3 c4 ; Left r3 c3')
  expect(puzzles.truthful!(state, 0, 'Right r3 c3', plan)).toBe(false)
  expect(puzzles.outcome(state)).toEqual({ name: 'playing', success: false })
})

test('a walk ends at the limit of steps', () => {
  const config = configOf({ maxSteps: 2, puzzle: { family: 'path', lines: ['#####', '#@-.#', '#####'] } })
  const state = puzzles.reset(config, '1')
  for (const action of indices('Up', 'Left')) puzzles.step(state, [action])
  expect([state.truncated, puzzles.outcome(state).name]).toEqual([true, 'out of steps'])
})
