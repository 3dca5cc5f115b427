import { z } from 'zod'
import { seeded } from '../base/random.ts'
import type { State } from '../env/env.ts'
import { difference, snapshot } from './difference.ts'
import {
  equal,
  hold,
  over,
  playExpert,
  playRandom,
  type Rule,
  randomActions,
  type Subject,
  sameSights,
} from './support.ts'

/** Episodes whose every state is saved, loaded and cloned. */
const EPISODES = 3
/** Steps of them at most: what is forgotten shows itself long before. */
const MOST = 250

/** What must hold of saved, loaded, cloned and inlined states. */
export const stateRules: Readonly<Record<string, Rule>> = {
  'a loaded state is the one that was saved, in every field': {
    member: 'save and load',
    ground: true,
    hold(subject) {
      const { env } = subject
      let out: Uint8Array | undefined
      const sameWhenLoaded = (state: State): void => {
        out = env.save(state, out)
        const bytes = out.slice()
        const loaded = env.load(bytes)
        sameFields(state, loaded, `t = ${state.t}`, ['before it was saved', 'after it was loaded'])
        equal([...bytes], [...env.save(loaded)], `t = ${state.t}: bytes`, [
          'saved',
          'saved again after loading',
        ])
      }
      everyState(subject, sameWhenLoaded)
      // What random play never reaches.
      playExpert(subject, 'states/expert', MOST, sameWhenLoaded)
      let refused = false
      try {
        env.load(new Uint8Array(3))
      } catch {
        refused = true
      }
      hold(refused, 'three bytes were loaded as a state')
    },
  },

  'a clone is its original in every field, and shares nothing that changes': {
    member: 'clone',
    ground: true,
    hold(subject) {
      const { env } = subject
      everyState(subject, (state) => {
        const clone = env.clone(state)
        sameFields(state, clone, `t = ${state.t}`, ['in the original', 'in the clone'])
        if (state.t % 5 > 0) return
        const before = snapshot(state)
        const random = seeded(`${state.t}`)
        for (let i = 0; i < 5; i++) env.step(clone, randomActions(subject, clone, random))
        sameFields(before, snapshot(state), `t = ${state.t}: playing a clone changes its original`, [
          'was',
          'became',
        ])
      })
    },
  },

  'loaded and cloned states look and go on as their original does': {
    member: 'save, load and clone',
    ground: true,
    hold(subject) {
      const { env } = subject
      playRandom(subject, 'on', 120, (state) => {
        if (state.t % 6 > 0 && !over(state)) return
        const loaded = env.load(env.save(state).slice())
        sameSights(subject, state, loaded, `t = ${state.t}`, ['before saving', 'after loading'])
        const [a, b] = [env.clone(state), loaded]
        const random = seeded(`on/${state.t}`)
        for (let i = 0; i < 5; i++) {
          const actions = randomActions(subject, a, random)
          env.step(a, actions)
          env.step(b, actions)
          const what = `t = ${state.t}, ${i + 1} steps later`
          sameFields(a, b, what, ['in the original', 'in the loaded state'], true)
        }
        sameSights(subject, a, b, `t = ${state.t}, 5 steps later`, ['of the original', 'of the loaded state'])
      })
    },
  },

  'the resolved config gives the same initial state, whatever the seed draws': {
    member: 'reset',
    ground: true,
    hold(subject) {
      const { env, config } = subject
      for (let i = 0; i < 5; i++) {
        const seed = `config/${i}`
        const state = env.reset(config, seed)
        // As a record keeps it.
        const kept = env.config.parse(JSON.parse(JSON.stringify(state.config)))
        const again = env.reset(kept, seed)
        sameFields(state, again, `seed ${seed}, played from its own resolved config`, ['was', 'became'])
        const missing = fieldsLeftOut(env.config, state.config)
        if (missing.length === 0) continue
        const other = env.reset(kept, `${seed}/other`)
        sameSights(
          subject,
          state,
          other,
          `seed ${seed}: the resolved config has no ${missing.join(', no ')}, and`,
          ['with its seed is', 'with another'],
        )
      }
    },
  },
}

/** Whole random episodes, at every step, before anybody has looked at a state. */
function everyState(subject: Subject, each: (state: State) => void): void {
  for (let i = 0; i < EPISODES; i++) playRandom(subject, `states/${i}`, MOST, each)
}

/** Fields that a config may have and this one, which `reset` resolved, has not: where what was drawn should stand. */
function fieldsLeftOut(schema: z.ZodType, config: object): string[] {
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { unrepresentable: 'any' })
  return Object.keys(properties).filter(
    (key) => key !== 'preset' && !required.includes(key) && Reflect.get(config, key) === undefined,
  )
}

/**
 * Two states are equal in every field.
 * @param looked one of them was looked at, and may keep what that made.
 */
function sameFields(
  a: State,
  b: State,
  what: string,
  names: readonly [string, string],
  looked = false,
): void {
  const found = difference(a, b, 'state')
  if (!found || (looked && (found.a === 'missing' || found.b === 'missing'))) return
  throw new Error(`${what}: ${found.path} is ${found.a} ${names[0]}, ${found.b} ${names[1]}`)
}
