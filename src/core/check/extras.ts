import { append } from '../base/lists.ts'
import { below, type Random, seeded } from '../base/random.ts'
import type { State } from '../env/env.ts'
import { actionsOf, acts, idleAction } from '../env/turns.ts'
import { hashState } from '../record/differences.ts'
import { isAction } from './agents.ts'
import { shown } from './difference.ts'
import { equal, hold, over, playRandom, type Rule, randomActions, type Subject, sights } from './support.ts'

/** Seeds whose levels are told apart. */
const LEVELS = 12

/** What must hold of everything else that an environment brings. */
export const extraRules: Readonly<Record<string, Rule>> = {
  'what is stuck does not succeed': {
    member: 'stuck',
    hold(subject) {
      const { env, config } = subject
      if (!env.stuck) return
      for (let i = 0; i < 3; i++) {
        expertPlays(subject, env.reset(config, `stuck/${i}`))
        let lost = false
        playRandom(subject, `stuck/${i}`, 60, (state) => {
          const before = hashState(env, state)
          const now = env.stuck?.(state) ?? false
          hold(
            hashState(env, state) === before,
            `t = ${state.t}: asking whether it is stuck changed the state`,
          )
          hold(now || !lost, `t = ${state.t}: stuck no more`)
          if (now && !lost) expertPlays(subject, env.clone(state))
          lost = now
        })
      }
    },
  },

  'macros end': {
    member: 'macros',
    hold(subject) {
      const { env, config, names } = subject
      for (const [name, macro] of Object.entries(env.macros ?? {})) {
        const state = env.reset(config, 'macro')
        const random = seeded('macro')
        while (!over(state) && state.t < 200) {
          const decision = below(random, names.length)
          const [lead] = env.toAct?.(state) ?? [0]
          let step = 0
          for (; !over(state) && step <= 400; step++) {
            while (!over(state) && !acts(env, state, lead)) {
              env.step(state, randomActions(subject, state, random))
            }
            if (over(state)) break
            const action = macro.next(state, lead, decision, step)
            if (action === null) break
            isAction(subject, action, `${name} of ${names[decision]}`)
            const others = () => idleAction(env, config)
            env.step(
              state,
              actionsOf(env, state, (seat) => (seat === lead ? action : others())),
            )
          }
          hold(step > 0, `${name} plays nothing for ${names[decision]}`)
          hold(step <= 400, `${name} goes on and on for ${names[decision]}`)
        }
      }
    },
  },

  'tensors fill their shape and nothing else': {
    member: 'tensors',
    hold(subject) {
      const { env, config, seats } = subject
      for (const [name, tensor] of Object.entries(env.tensors ?? {})) {
        const size = tensor.shape(config).reduce((product, length) => product * length, 1)
        hold(Number.isInteger(size) && size > 0, `${name} has shape ${tensor.shape(config).join(' x ')}`)
        playRandom(subject, 'tensor', 40, (state) => {
          if (state.t % 8 > 0) return
          for (let seat = 0; seat < seats; seat++) {
            const [a, b] = [1, 2].map((filler) => {
              const out = tensor.dtype === 'uint8' ? new Uint8Array(size + 8) : new Float32Array(size + 8)
              tensor.write(state, seat, out.fill(filler), 4)
              const around = [...out.slice(0, 4), ...out.slice(size + 4)]
              hold(
                around.every((value) => value === filler),
                `${name} writes outside of its place`,
              )
              return [...out.slice(4, size + 4)]
            })
            hold(a.every(Number.isFinite), `t = ${state.t}: ${name} is not finite`)
            const { high = Number.POSITIVE_INFINITY } = tensor
            const beyond = a.find((value) => value > high)
            hold(beyond === undefined, `t = ${state.t}: ${name} holds ${beyond}, above its ${high}`)
            equal(a, b, `t = ${state.t}: ${name}`, ['the first time', 'the second time'])
          }
        })
      }
    },
  },

  'level keys tell levels apart, and nothing else': {
    member: 'levelKey',
    hold(subject) {
      const { env, config } = subject
      if (!env.levelKey) return
      const keys = new Set<string>()
      const levels = new Set<string>()
      for (let i = 0; i < LEVELS; i++) {
        const seed = `key/${i}`
        const initial = env.reset(config, seed)
        const key = env.levelKey(config, seed)
        const look = JSON.stringify(sights(subject, initial))
        // Another seed may draw more than the level: where it does, the key may tell.
        const other = `${seed}/other`
        const seeds = [seed, other].filter(
          (one) => JSON.stringify(sights(subject, env.reset(initial.config, one))) === look,
        )
        for (const one of seeds) {
          const again = env.levelKey(initial.config, one)
          hold(
            again === key,
            `seed ${seed}: the key of its resolved config under seed ${one} is ${shown(again)}, not ${shown(key)}`,
          )
        }
        keys.add(key)
        levels.add(JSON.stringify(initial.config) + look)
      }
      hold(
        keys.size > 1 || levels.size < 4,
        `${levels.size} levels that differ have one key, ${shown([...keys][0])}`,
      )
    },
  },

  'scores, marks and insight are plain': {
    member: 'score, marks, insight or outcome',
    hold(subject) {
      const { env, config } = subject
      const initial = env.reset(config, 'plain')
      const rewards: number[] = []
      const end = playRandom(subject, 'plain', 300, (state) => {
        if (state.t > 0) rewards.push(state.rewards[0])
        for (const mark of env.marks?.(state) ?? []) hold(mark !== '', `t = ${state.t}: an empty mark`)
        for (const { label, value } of env.insight?.(state) ?? [])
          hold(label !== '' && value !== '', 'empty insight')
      })
      hold(env.outcome(end).name !== '', 'an outcome without a name')
      const score = env.score?.(initial, rewards) ?? null
      hold(score === null || Number.isFinite(score), `score ${score}`)
    },
  },
}

/** Plays the expert to its end, in place; no state on a way to success may be called stuck. */
function expertPlays({ env, config, seats }: Subject, state: State): void {
  const expert = env.policies?.expert?.(config)
  if (!expert) return
  const random: Random = seeded('stuck')
  const plans: number[][] = Array.from({ length: seats }, () => [])
  let stuckAt = -1
  for (let steps = 0; !over(state) && steps < 200; steps++) {
    if (env.stuck?.(state)) stuckAt = state.t
    env.step(
      state,
      actionsOf(env, state, (seat) => {
        const plan = plans[seat]
        if (plan.length === 0) append(plan, expert.act(state, seat, random))
        return plan.shift() ?? idleAction(env, config)
      }),
    )
  }
  const { success } = env.outcome(state)
  hold(stuckAt < 0 || !success, `stuck at t = ${stuckAt}, but the expert succeeded at t = ${state.t}`)
}
