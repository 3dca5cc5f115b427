import type { State } from '../env/env.ts'
import { NO_ACTION } from '../env/turns.ts'
import { difference, shown, snapshot } from './difference.ts'
import {
  equal,
  hold,
  over,
  playExpert,
  playRandom,
  type Rule,
  randomActions,
  type Subject,
} from './support.ts'

/** Episodes that are looked at, and their steps at most. */
const EPISODES = 3
const MOST = 250
/** Steps between the states at which seats that do not act are tried. */
const EVERY = 3
const CLOSE = 1e-9

/** What must hold of whose turn it is, before anything is played by it. */
export const turnRules: Readonly<Record<string, Rule>> = {
  'who acts is at least one seat, in order, and asking changes nothing': {
    member: 'toAct',
    ground: true,
    hold(subject) {
      const { env, seats } = subject
      if (!env.toAct) return
      eachState(subject, (state) => {
        if (over(state)) return
        const before = snapshot(state)
        const acting = env.toAct?.(state) ?? []
        equal(before, snapshot(state), `t = ${state.t}: asking who acts changes the state`, ['was', 'became'])
        hold(acting.length > 0, `t = ${state.t}: nobody acts, and the episode goes on`)
        const good = acting.every(
          (seat, i) =>
            Number.isInteger(seat) && seat >= 0 && seat < seats && (i === 0 || seat > acting[i - 1]),
        )
        hold(good, `t = ${state.t}: ${shown(acting)} acts, which is not some of 0 to ${seats - 1} in order`)
      })
    },
  },

  'seats that act at once have an action that does nothing': {
    member: 'idle',
    ground: true,
    hold(subject) {
      const { env, config, seats, names } = subject
      if (env.idle) {
        const idle = env.idle(config)
        hold(Number.isInteger(idle) && idle in names, `idle is ${idle}`)
        return
      }
      hold(env.toAct !== undefined || seats === 1, `${seats} seats act at once, and there is no idle`)
      eachState(subject, (state) => {
        const acting = over(state) ? 0 : (env.toAct?.(state).length ?? 1)
        hold(acting <= 1, `t = ${state.t}: ${acting} seats act at once, and there is no idle`)
      })
    },
  },
}

/** What must hold of turns and outcomes, once states are saved whole. */
export const outcomeRules: Readonly<Record<string, Rule>> = {
  'who acts is the same of a loaded and a cloned state': {
    member: 'toAct',
    ground: true,
    hold(subject) {
      const { env } = subject
      if (!env.toAct) return
      eachState(subject, (state) => {
        if (over(state)) return
        const acting = env.toAct?.(state)
        const loaded = env.toAct?.(env.load(env.save(state).slice()))
        equal(acting, loaded, `t = ${state.t}: who acts`, ['is before saving', 'after loading'])
        equal(acting, env.toAct?.(env.clone(state)), `t = ${state.t}: who acts`, [
          'is in the original',
          'in the clone',
        ])
      })
    },
  },

  'actions of seats that do not act change nothing': {
    member: 'step',
    ground: true,
    hold(subject) {
      const { env, names } = subject
      if (!env.toAct) return
      eachState(subject, (state, random) => {
        if (over(state) || state.t % EVERY > 0) return
        const actions = randomActions(subject, state, random)
        const expected = env.clone(state)
        env.step(expected, actions)
        for (const [seat, own] of actions.entries()) {
          if (own !== NO_ACTION) continue
          for (let action = 0; action <= names.length; action++) {
            const other = env.clone(state)
            env.step(other, actions.with(seat, action))
            const found = difference(expected, other, 'state')
            const what = `t = ${state.t}: seat ${seat} does not act, but with action ${action} in its place`
            hold(!found, `${what} ${found?.path} becomes ${found?.b}, without it ${found?.a}`)
          }
        }
      })
    },
  },

  'outcomes say what each seat got': {
    member: 'outcome or zeroSum',
    hold(subject) {
      const { env, seats } = subject
      eachState(subject, (state) => {
        const { success, seats: values } = env.outcome(state)
        if (!values) {
          hold(!env.zeroSum, `t = ${state.t}: zeroSum, but the outcome has no seats`)
          return
        }
        const at = `t = ${state.t}: outcome.seats is ${shown(values)}`
        hold(values.length === seats && values.every(Number.isFinite), `${at}, for ${seats} seats`)
        hold(success === values[0] > 0, `${at}, and success is ${success}: it is that of seat 0`)
        const sum = values.reduce((total, value) => total + value, 0)
        hold(!env.zeroSum || Math.abs(sum) < CLOSE, `${at}, which sums to ${sum}, not to 0`)
      })
    },
  },
}

/** Every state of some random episodes and of one that the expert plays. */
function eachState(subject: Subject, each: (state: State, random: Uint32Array) => void): void {
  for (let i = 0; i < EPISODES; i++) playRandom(subject, `turns/${i}`, MOST, each)
  playExpert(subject, 'turns/expert', MOST, each)
}
