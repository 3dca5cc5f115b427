import { describe, expect, test } from 'vitest'
import { conformance } from '#core/check/conformance'
import type { Env, State } from '#core/env/env'
import { toy } from '../../toy.ts'

const env: Env = toy
const failures = (broken: Env) => conformance(broken).filter(({ status }) => status === 'broken')

test('a true environment passes', () => {
  expect(failures(env)).toEqual([])
})

describe('a broken environment fails the check that it breaks', () => {
  let counter = 0
  const at = (state: State) => (state as State & { at: Int32Array }).at
  const breakages: Record<string, [check: string, broken: Env]> = {
    'pays what its terms do not': [
      'pay the sum',
      {
        ...env,
        step: (state, actions) => {
          env.step(state, actions)
          state.rewards[0] += 0.5
        },
      },
    ],
    'never ends': [
      'end',
      {
        ...env,
        step: (state, actions) => {
          env.step(state, actions)
          state.terminated = false
          state.truncated = false
        },
      },
    ],
    'counts on a module variable': [
      'same seed',
      {
        ...env,
        step: (state, actions) => {
          env.step(state, actions)
          if (counter++ % 3 === 0) at(state)[0] = 0
        },
      },
    ],
    'asks what time it is': [
      'no function whose results differ',
      {
        ...env,
        step: (state, actions) => {
          env.step(state, actions)
          if (Date.now() < 0) at(state)[0] = 0
        },
      },
    ],
    'forgets its generator when saved': [
      'a loaded state',
      {
        ...env,
        load: (bytes) => {
          const state = env.load(bytes)
          ;(state as State & { random: Uint32Array }).random[0] ^= 1
          return state
        },
      },
    ],
    'shares arrays with its clones': ['a clone', { ...env, clone: (state) => ({ ...state }) }],
    'calls an action illegal that moves': ['not legal', { ...env, legal: () => [true, false, true] }],
    'goes on after the end': [
      'count their steps',
      {
        ...env,
        step: (state, actions) => {
          env.step(state, actions)
          if (state.terminated) state.t++
        },
      },
    ],
    'keeps a config that begins otherwise': [
      'initial state',
      {
        ...env,
        reset: (config, seed) => {
          const state = env.reset(config, seed)
          const { maxSteps = 30 } = config as { maxSteps?: number }
          return { ...state, config: { ...state.config, maxSteps: maxSteps + 1 } }
        },
      },
    ],
    'reads words that are none': ['words', { ...env, text: () => 'me and you' }],
    'thinks what is not true': ['true', { ...env, think: () => 'stay' }],
    'draws between units': [
      'whole numbers',
      {
        ...env,
        scene: (state, seat) => {
          const scene = env.scene(state, seat)
          return { ...scene, items: scene.items.map((item) => ({ ...item, x: item.x + 0.5 })) }
        },
      },
    ],
    'names two items alike': [
      'unique ids',
      {
        ...env,
        scene: (state, seat) => {
          const scene = env.scene(state, seat)
          return { ...scene, items: [...scene.items, scene.items[0]] }
        },
      },
    ],
    'has odd frames': ['multiples of 16', { ...env, frame: () => ({ width: 100, height: 16 }) }],
    'changes when looked at': [
      'looking',
      {
        ...env,
        text: (state, seat) => {
          state.rewards[0] += 1
          return env.text(state, seat)
        },
      },
    ],
    'brings a policy of no actions': ['scripted', { ...env, policies: { wild: () => ({ act: () => [7] }) } }],
    'calls stuck what can succeed': ['stuck', { ...env, stuck: (state) => state.t < 3 }],
    'is stuck and free again': ['stuck', { ...env, stuck: (state) => state.t === 20 }],
    'brings a macro of no actions': ['macros', { ...env, macros: { on: { next: () => 7 } } }],
    'brings a macro that plays nothing': ['macros', { ...env, macros: { off: { next: () => null } } }],
    'writes beside its tensor': [
      'tensors',
      {
        ...env,
        tensors: { one: { dtype: 'uint8', shape: () => [1], write: (_s, _i, out) => void out.fill(0) } },
      },
    ],
    'has a key for nothing': ['keys', { ...env, keys: { KeyQ: 'Quit' } }],
    'has a preset that is no config': ['presets', { ...env, presets: { bad: { cells: -1 } } }],
  }

  for (const [what, [check, broken]] of Object.entries(breakages)) {
    test(what, () => {
      expect(failures(broken).map(({ name }) => name)).toContainEqual(expect.stringContaining(check))
    })
  }
})
