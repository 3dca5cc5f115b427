import { describe, expect, test } from 'vitest'
import { READERS } from '#agent/dialogue/readers'
import { type Check, conformance } from '#core/check/conformance'
import type { Tools } from '#core/check/support'
import type { Env, State } from '#core/env/env'
import { measure } from '../../../src/cli/measure.ts'
import { four } from '../../games/four.ts'
import { mines } from '../../games/mines.ts'
import { snakes } from '../../games/snakes.ts'

// Mistakes that people make in environments, each planted in a small game: `check` names every one, once.

const tools: Tools = { ...measure, readers: READERS }
const broken = (env: Env): Check[] => conformance(env, tools).filter(({ status }) => status === 'broken')

type Fields = Record<string, unknown>
const games: Readonly<Record<string, Env>> = { mines: mines as Env, four: four as Env, snakes: snakes as Env }

/** `save` and `load` leave out a field: a loaded state has what a fresh one has. */
const forgets =
  (field: string) =>
  (env: Env): Env => {
    const fresh = (state: State): unknown => (env.reset(state.config, '') as unknown as Fields)[field]
    return {
      ...env,
      save: (state, out) => env.save({ ...state, [field]: fresh(state) } as State, out),
      load: (bytes) => {
        const state = env.load(bytes)
        return { ...state, [field]: fresh(state) } as State
      },
    }
  }

/** Does something after each step. */
const stepThen =
  (then: (state: State & Fields) => void) =>
  (env: Env): Env => ({
    ...env,
    step: (state, actions) => {
      env.step(state, actions)
      then(state as State & Fields)
    },
  })

let count = 0
let kept: unknown
const over = (state: State): boolean => state.terminated || state.truncated
const renamed =
  (names: (index: number) => string) =>
  (env: Env): Env => ({
    ...env,
    actions: (config) => env.actions(config).map((_, i) => names(i)),
    words: [...(env.words ?? []), 'go', 'on', ...Array.from({ length: 40 }, (_, i) => names(i))].filter(
      (word, i, all) => /^[^\s,]+$/.test(word) && all.indexOf(word) === i,
    ),
    keys: {},
  })

/** Tells otherwise who acts. */
const acting =
  (then: (state: State, own: readonly number[]) => readonly number[]) =>
  (env: Env): Env => ({
    ...env,
    toAct: (state) => (over(state) ? [] : then(state, env.toAct?.(state) ?? [])),
  })

/** Tells otherwise what each seat got. */
const results =
  (then: (seats: readonly number[]) => readonly number[]) =>
  (env: Env): Env => ({
    ...env,
    outcome: (state) => {
      const outcome = env.outcome(state)
      return { ...outcome, seats: then(outcome.seats ?? []) }
    },
  })

/** The level that was drawn stands in the saved bytes, but not in the config; a peep shows it from the start. */
function levelOut(env: Env): Env {
  const without = (state: State): State => {
    const { level: _, ...config } = state.config as Fields
    return { ...state, config } as State
  }
  const withLevel = (state: State): State => {
    const { mine } = state as unknown as { mine: Uint8Array }
    const level = [...mine.keys()].filter((cell) => mine[cell] === 1)
    return { ...state, config: { ...state.config, level } } as State
  }
  return {
    ...env,
    reset: (config, seed) => without(env.reset(config, seed)),
    save: (state, out) => env.save(withLevel(state), out),
    load: (bytes) => without(env.load(bytes)),
    text: (state) => (state as unknown as { mine: Uint8Array }).mine.join(' '),
    words: undefined,
    determinize: undefined,
  }
}

/** Mistake, games it is planted in, how, the rule that must be broken, and what its line must say. */
const MUTANTS: readonly (readonly [string, string, (env: Env) => Env, string, RegExp])[] = [
  [
    'a field is not saved',
    'mines',
    forgets('open'),
    'a loaded state',
    /state\.open\.\d+ is 1 before.*0 after/,
  ],
  [
    'a number is not saved',
    'four',
    forgets('turn'),
    'a loaded state',
    /t = 1: state\.turn is 1 before.*0 after/,
  ],
  ['a score is not saved', 'snakes', forgets('eaten'), 'a loaded state', /state\.eaten\.\d/],
  ['the generator is not saved', 'snakes', forgets('random'), 'a loaded state', /state\.random\.0/],
  ['a flag is not saved', 'mines four snakes', forgets('terminated'), 'a loaded state', /state\.terminated/],
  [
    'load does not restore t',
    'mines four snakes',
    forgets('t'),
    'a loaded state',
    /t = 1: state\.t is 1 before/,
  ],
  [
    'clone leaves out a field',
    'mines',
    (env) => ({ ...env, clone: (state) => ({ ...env.clone(state), left: 0 }) as State }),
    'a clone',
    /state\.left is \d+ in the original, 0 in the clone/,
  ],
  [
    'clone shares an array',
    'mines four snakes',
    (env) => ({ ...env, clone: (state) => ({ ...state, rewards: state.rewards.slice() }) }),
    'a clone',
    /playing a clone changes its original: state\.\w+(\.\d+)? is/,
  ],
  [
    'Math.random in step',
    'mines four snakes',
    stepThen(() => {
      if (Math.random() < 0) kept = 1
    }),
    'reaches no function',
    /random was reached/,
  ],
  [
    'Date.now in step',
    'mines four snakes',
    stepThen(() => {
      if (Date.now() < 0) kept = 1
    }),
    'reaches no function',
    /Date was reached/,
  ],
  [
    'Math.cbrt in step',
    'four',
    stepThen((state) => {
      kept = Math.cbrt(state.t)
    }),
    'reaches no function',
    /cbrt was reached/,
  ],
  [
    'state in the module',
    'mines four snakes',
    stepThen((state) => {
      if (!over(state) && count++ % 7 === 6) state.terms[0] = state.rewards[0] = 0.5
    }),
    'the same seed',
    /t = \d+: state\.(rewards|terms)\.0 is \S+ the first time and \S+ the second time/,
  ],
  [
    'a legal action flagged illegal',
    'mines four snakes',
    (env) => ({
      ...env,
      legal: (state, seat) => {
        const legal = env.legal?.(state, seat) ?? []
        const first = legal.lastIndexOf(true)
        return legal.filter(Boolean).length > 1 ? legal.with(first, false) : legal
      },
    }),
    'actions that are not legal do nothing',
    /is not legal but does something/,
  ],
  [
    'an illegal action flagged legal',
    'mines four snakes',
    (env) => ({
      ...env,
      legal: (state, seat) => {
        const legal = env.legal?.(state, seat) ?? []
        return legal.map((may, i) => may || (i > 0 && legal.some((one, j) => one && j > 0)))
      },
    }),
    'legal actions do something',
    /is legal but does the same as idling/,
  ],
  [
    'step copies an array',
    'mines four snakes',
    stepThen((state) => {
      kept = state.terms.slice()
    }),
    'a step makes no arrays',
    /slice was reached/,
  ],
  [
    'step makes an object',
    'mines four snakes',
    stepThen((state) => {
      kept = { at: state.t, all: [state.t, state.t, state.t] }
    }),
    'a step allocates nothing',
    /makes \d+ bytes a step/,
  ],
  [
    'NaN in rewards',
    'mines four snakes',
    stepThen((state) => {
      if (state.t > 1 && !over(state)) state.rewards[0] = state.terms[0] = Number.NaN
    }),
    'whole random episodes',
    /t = 2: term 0 of seat 0 is NaN/,
  ],
  [
    'a seat sees what it may not know',
    'snakes',
    (env) => ({ ...env, text: (state, seat) => `${env.text(state, seat)}\n${wordOf(state)}` }),
    'what a seat may not know',
    /seat \d sees: text is .* with what is hidden drawn anew/,
  ],
  [
    'a tensor tells what is hidden',
    'mines',
    (env) => ({
      ...env,
      tensors: {
        all: {
          dtype: 'uint8',
          shape: (config) => [(config as { size: number }).size ** 2],
          write: (state, _, out, offset) => out.set((state as unknown as { mine: Uint8Array }).mine, offset),
        },
      },
    }),
    'what a seat may not know',
    /tensors\.0\.values\.\d+ is/,
  ],
  [
    'a stage of another size than the scene',
    'mines four snakes',
    (env) => ({ ...env, stage: (state, seat) => ({ ...env.scene(state, seat), width: 10 }) }),
    'scenes have unique ids',
    /t = 0: size: of the scene .*, of the stage "10 x/,
  ],
  [
    'a focus that leaves the scene',
    'mines four snakes',
    (env) => ({ ...env, focus: (state) => ({ x: state.t, y: 0, width: 5, height: 1e6, follow: true }) }),
    'scenes have unique ids',
    /the focus leaves the scene/,
  ],
  [
    'a tensor above what it says',
    'mines four snakes',
    (env) => ({
      ...env,
      tensors: {
        step: {
          dtype: 'uint8',
          high: 3,
          shape: () => [1],
          write: (state, _, out, at) => out.fill(state.t, at, at + 1),
        },
      },
    }),
    'tensors fill their shape',
    /t = \d+: step holds \d+, above its 3/,
  ],
  [
    'legal flags tell what is hidden',
    'mines',
    (env) => ({
      ...env,
      legal: (state, seat) => {
        const { mine } = state as unknown as { mine: Uint8Array }
        return (env.legal?.(state, seat) ?? []).map((may, i) => may && mine[i - 1] !== 1)
      },
    }),
    'what a seat may not know',
    /legal\.\d+ is/,
  ],
  [
    'reset leaves the drawn level out of the config',
    'mines',
    levelOut,
    'the resolved config',
    /has no level, and/,
  ],
  [
    'item ids change at every step',
    'snakes',
    (env) => ({
      ...env,
      scene: (state, seat) => {
        const scene = env.scene(state, seat)
        return { ...scene, items: scene.items.map((item) => ({ ...item, id: `${item.id} at ${state.t}` })) }
      },
    }),
    'items keep their ids',
    /'.* at \d+' becomes '.* at \d+'/,
  ],
  [
    'one item id changes at every step',
    'four mines',
    (env) => ({
      ...env,
      scene: (state, seat) => {
        const scene = env.scene(state, seat)
        const item = {
          id: `clock ${state.t}`,
          x: 0,
          y: 0,
          shapes: [{ kind: 'rect' as const, x: 0, y: 0, w: 1, h: 1, fill: 1 }],
        }
        return { ...scene, items: [...scene.items, item] }
      },
    }),
    'items keep their ids',
    /'clock \d+' becomes 'clock \d+'/,
  ],
  [
    'a step after the end pays',
    'mines four snakes',
    (env) => ({
      ...env,
      step: (state, actions) => {
        const before = over(state)
        env.step(state, actions)
        if (before) state.rewards[0] = state.terms[0] = 1
      },
    }),
    'steps after the end',
    /a step after the end pays 1/,
  ],
  [
    'digits that are not their index',
    'mines four snakes',
    renamed((i) => String(i + 1)),
    'every action is read',
    /action 0, '1', comes back from the command line as '2'/,
  ],
  [
    'digits from the other end',
    'snakes',
    renamed((i) => String(4 - i)),
    'every action is read',
    /comes back from the command line as/,
  ],
  [
    'an action of two words',
    'snakes',
    renamed((i) => (i === 3 ? 'go on' : `a${i}`)),
    'every action is read',
    /'go on', comes back from/,
  ],
  [
    'an action that runs two words together',
    'snakes',
    (env) => ({
      ...renamed((i) => (i === 3 ? 'goon' : `a${i}`))(env),
      words: ['go', 'on', 'a0', 'a1', 'a2', 'a4', ...(env.words ?? [])],
    }),
    'every action is read',
    /'goon', comes back from the small model's vocabulary/,
  ],
  [
    'an odd frame',
    'mines four snakes',
    (env) => ({ ...env, frame: () => ({ width: 85, height: 80 }) }),
    'multiples of 16',
    /a frame of 85x80/,
  ],
  [
    'level keys that ignore the seed',
    'mines',
    (env) => ({ ...env, levelKey: () => 'one' }),
    'level keys',
    /levels that differ have one key/,
  ],
  [
    'level keys of the seed',
    'mines',
    (env) => ({ ...env, levelKey: (_, seed) => seed }),
    'level keys',
    /the key of its resolved config/,
  ],
  [
    'an expert that plays what is not legal',
    'four snakes',
    (env) => ({
      ...env,
      policies: {
        expert: () => ({
          act: (state, seat) => [Math.max(0, env.legal?.(state, seat).lastIndexOf(false) ?? 0)],
        }),
      },
    }),
    'the expert plays legal',
    /plays \w+, which is not legal/,
  ],
  [
    'nobody acts while the episode goes on',
    'four',
    acting((state, own) => (state.t === 3 ? [] : own)),
    'who acts is at least one seat',
    /t = 3: nobody acts, and the episode goes on/,
  ],
  [
    'a seat acts that is not there',
    'four',
    acting((_, [seat]) => [seat + 1]),
    'who acts is at least one seat',
    /t = 1: \[2\] acts, which is not some of 0 to 1 in order/,
  ],
  [
    'who acts is out of order',
    'four',
    acting(() => [1, 0]),
    'who acts is at least one seat',
    /t = 0: \[1,0\] acts/,
  ],
  [
    'asking who acts passes the turn',
    'four',
    acting((state, own) => {
      Reflect.set(state, 'turn', 1 - own[0])
      return own
    }),
    'who acts is at least one seat',
    /t = 0: asking who acts changes the state: turn was 0, became 1/,
  ],
  [
    'who acts is known of the first object only',
    'four',
    (env) => {
      const begun = new WeakSet<object>()
      return {
        ...env,
        reset: (config, seed) => {
          const state = env.reset(config, seed)
          begun.add(state)
          return state
        },
        toAct: (state) => (begun.has(state) ? (env.toAct?.(state) ?? []) : [0]),
      }
    },
    'who acts is the same',
    /t = 1: who acts: 0 is before saving 1, after loading 0/,
  ],
  [
    'seats act at once, and none can idle',
    'snakes',
    (env) => ({ ...env, idle: undefined }),
    'seats that act at once have',
    /2 seats act at once, and there is no idle/,
  ],
  [
    'all act at once in a game of turns',
    'four',
    (env) => ({ ...env, toAct: () => [0, 1] }),
    'seats that act at once have',
    /t = 0: 2 seats act at once, and there is no idle/,
  ],
  [
    'idle is no action',
    'snakes mines',
    (env) => ({ ...env, idle: () => 99 }),
    'seats that act at once have',
    /idle is 99/,
  ],
  [
    'a step reads the action of a seat that does not act',
    'four',
    (env) => ({
      ...env,
      step: (state, actions) => {
        const waits = 1 - (state as unknown as { turn: number }).turn
        const before = over(state)
        env.step(state, actions)
        if (!before && actions[waits] >= 2) state.rewards[waits] = state.terms[waits] = 0.25
      },
    }),
    'actions of seats that do not act',
    /seat 1 does not act, but with action 2 in its place state\.rewards\.1 becomes 0\.25, without it 0/,
  ],
  [
    'an outcome for one seat of two',
    'four',
    results((seats) => seats.slice(0, 1)),
    'outcomes say what each seat got',
    /outcome\.seats is \[0\], for 2 seats/,
  ],
  [
    'both seats win',
    'four',
    results((seats) => seats.map(Math.abs)),
    'outcomes say what each seat got',
    /t = \d+: outcome\.seats is \[1,1\], (which sums to 2, not to 0|and success is false)/,
  ],
  [
    'a draw is half a win for both',
    'four',
    results((seats) => (seats[0] === 0 ? [0.5, 0.5] : seats)),
    'outcomes say what each seat got',
    /outcome\.seats is \[0\.5,0\.5\], and success is false: it is that of seat 0/,
  ],
  [
    'success of the other seat',
    'four',
    (env) => ({
      ...env,
      outcome: (state) => {
        const outcome = env.outcome(state)
        return { ...outcome, success: outcome.seats?.[1] === 1 }
      },
    }),
    'outcomes say what each seat got',
    /outcome\.seats is \[-?1,-?1\], and success is/,
  ],
  [
    'zero-sum, and nobody is told what it got',
    'snakes',
    (env) => ({ ...env, zeroSum: true }),
    'outcomes say what each seat got',
    /t = 0: zeroSum, but the outcome has no seats/,
  ],
  [
    'a click that means what is not legal',
    'four',
    (env) => ({ ...env, point: (_, __, x) => (x < 16 ? 0 : null) }),
    'a click or tap means',
    /seat \d at \(.*\) means c1, which is not legal/,
  ],
  [
    'a click that means no action there is',
    'four mines',
    (env) => ({ ...env, point: () => 99 }),
    'a click or tap means',
    /means 99; actions are 0 to \d+/,
  ],
  [
    'a click that plays',
    'four',
    (env) => ({
      ...env,
      point: (state) => {
        state.rewards[0] += 0.5
        return null
      },
    }),
    'a click or tap means',
    /bytes of the state: \d+ before clicking \d+, after it \d+/,
  ],
  [
    'a click that means what was clicked before',
    'snakes',
    (env) => ({ ...env, legal: undefined, point: () => count++ % 5 }),
    'a click or tap means',
    /means \d, and \d after saving and loading/,
  ],
  [
    'a scene that is looked at changes the state',
    'four',
    (env) => ({
      ...env,
      scene: (state, seat) => {
        state.rewards[0] += seat === 0 ? 0.5 : 0
        return env.scene(state, seat)
      },
    }),
    'looking changes nothing',
    /bytes of the state: \d+ before looking \d+, after it \d+/,
  ],
]

const wordOf = (state: State): string =>
  (state as unknown as { food: number }).food % 2 === 0 ? 'food' : 'floor'

describe.each(Object.entries(games))('%s', (_, env) => {
  test('as it is keeps every promise', () => {
    expect(broken(env)).toEqual([])
  })
})

describe('a mistake is named once, where it shows first', () => {
  for (const [mistake, where, plant, rule, line] of MUTANTS) {
    for (const game of where.split(' ')) {
      test(`${mistake} (${game})`, () => {
        const found = broken(plant(games[game]))
        expect(found.map(({ name }) => name)).toEqual([expect.stringContaining(rule)])
        expect(found[0].detail).toMatch(line)
        expect(found[0].detail.length).toBeLessThan(400)
        expect(found[0].member).not.toBe('')
      })
    }
  }
})

test('what is kept is looked at, so that no compiler takes it away', () => {
  expect(typeof kept).not.toBe('string')
})
