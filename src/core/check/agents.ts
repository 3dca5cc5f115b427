import { append } from '../base/lists.ts'
import { type Random, seeded } from '../base/random.ts'
import { parseTurn } from '../env/actions.ts'
import type { Env, Scripted, State } from '../env/env.ts'
import { actionsOf, idleAction } from '../env/turns.ts'
import { equal, hold, over, type Reader, type Rule, type Subject } from './support.ts'

/** What must hold of actions and of those who play them. */
export const agentRules: Readonly<Record<string, Rule>> = {
  'actions are named': {
    member: 'actions',
    ground: true,
    hold({ names }) {
      hold(names.length >= 1 && new Set(names).size === names.length, 'actions are not named once each')
    },
  },

  'scripted policies play actions': {
    member: 'policies',
    hold(subject) {
      const { env, config } = subject
      for (const [name, make] of Object.entries(env.policies ?? {})) {
        const [first, second] = [0, 1].map(() => playScripted(subject, name, make(config)))
        equal(first, second, `actions of ${name}`, ['the first time', 'the second time'])
      }
    },
  },

  'every action is read as it was written, by everyone': {
    member: 'actions, words or parseActions',
    hold({ env, config, names }, { readers = [] }) {
      for (const [action, name] of names.entries()) {
        for (const reader of [...COMMAND_LINE, ...readers]) {
          const read = reader.read(env, config, action)
          if (read === null || read === action) continue
          const what = typeof read === 'number' ? `'${names[read] ?? read}'` : read
          throw new Error(`action ${action}, '${name}', comes back from ${reader.name} as ${what}`)
        }
      }
    },
  },

  'the expert plays legal actions': {
    member: 'policies.expert',
    hold(subject) {
      const { env, config, seats, names } = subject
      const make = env.policies?.expert
      if (!make || !env.legal) return
      for (let i = 0; i < 3; i++) {
        const expert = make(config)
        const random: Random = seeded(`expert/${i}`)
        const state = env.reset(config, `expert/${i}`)
        const plans: number[][] = Array.from({ length: seats }, () => [])
        while (!over(state) && state.t < 100) {
          const actions = actionsOf(env, state, (seat) => {
            const plan = plans[seat]
            const fresh = plan.length === 0
            if (fresh) append(plan, expert.act(state, seat, random))
            const action = plan.shift() ?? idleAction(env, config)
            const legal = env.legal?.(state, seat) ?? []
            // Later actions of a plan may meet what others or chance have done since.
            const must = (fresh || seats === 1) && legal.includes(true) && action !== env.idle?.(config)
            hold(!must || legal[action], `t = ${state.t}: plays ${names[action]}, which is not legal`)
            return action
          })
          env.step(state, actions)
        }
      }
    },
  },
}

/** Names and indices as a person types them. */
const COMMAND_LINE: readonly Reader[] = [
  {
    name: 'the command line',
    read: (env, config, action) => typed(env, config, env.actions(config)[action]),
  },
  {
    name: 'the command line, by its index,',
    read: (env, config, action) => typed(env, config, String(action)),
  },
]

function typed(env: Env, config: object, text: string): number | string {
  try {
    const read = parseTurn(env, config, text)
    return read.length === 1 ? read[0] : `${read.length} actions`
  } catch (error) {
    return `an error (${(error as Error).message})`
  }
}

/** Whole plans, so that later actions of one are seen too; @returns what was played. */
function playScripted(subject: Subject, name: string, scripted: Scripted): number[] {
  const { env, config } = subject
  const state: State = env.reset(config, 'scripted')
  const random: Random = seeded('scripted')
  const played: number[] = []
  while (!over(state) && state.t < 40) {
    const [lead] = env.toAct?.(state) ?? [0]
    const plan = scripted.act(state, lead, random)
    hold(plan.length >= 1, `${name} plays nothing at t = ${state.t}`)
    for (const action of plan) isAction(subject, action, name)
    // Where seats take turns, the next action of a plan is for the next turn.
    for (const action of env.toAct ? plan.slice(0, 1) : plan) {
      const actions = actionsOf(env, state, (seat) => {
        const own = seat === lead ? action : (scripted.act(state, seat, random)[0] ?? idleAction(env, config))
        isAction(subject, own, name)
        return own
      })
      env.step(state, actions)
      append(played, actions)
    }
  }
  return played
}

/** @throws Error when `action` is no action's index. */
export function isAction({ names }: Subject, action: number, who: string): void {
  hold(Number.isInteger(action) && action in names, `${who} plays ${action}, which is no action`)
}
