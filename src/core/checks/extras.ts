import { hashState } from '../compare.ts'
import { resolveConfig } from '../config.ts'
import type { Env, Scripted, State } from '../env.ts'
import { append } from '../lists.ts'
import { below, type Random, seeded } from '../random.ts'
import { equal, hold, over, playRandom, type Rule, type Subject } from './support.ts'

/** What must hold of an environment before it plays. */
export const envRules: Readonly<Record<string, (env: Env) => void>> = {
  'is named, versioned and described': (env) => {
    hold(/^[a-z][a-z0-9-]*$/.test(env.id), `id '${env.id}' is not lower-case`)
    hold(env.title.trim() !== '', 'no title')
    hold(Number.isInteger(env.version) && env.version >= 1, `version ${env.version}`)
    hold(Number.isInteger(env.look) && env.look >= 1, `look ${env.look}`)
    hold(new Set(env.terms).size === env.terms.length, 'a reward term is named twice')
    hold(env.examples.length > 0, 'no examples')
  },

  'presets and examples are configs, and resolving them again changes nothing': (env) => {
    const presets = Object.keys(env.presets).map((preset) => ({ preset }))
    for (const input of [{}, ...presets, ...env.examples]) {
      const config = resolveConfig(env, { ...input })
      equal(resolveConfig(env, { ...config }), config, `config ${JSON.stringify(input)} resolved again`)
      hold(env.seats(config) >= 1, `config ${JSON.stringify(input)} has no seats`)
    }
  },

  'frames of presets have sizes of multiples of 16': (env) => {
    for (const preset of [undefined, ...Object.keys(env.presets)]) {
      const { width, height } = env.frame(resolveConfig(env, preset === undefined ? {} : { preset }))
      hold(width % 16 === 0 && height % 16 === 0, `a frame of ${width}x${height}`)
    }
  },

  'keys name actions of the default config': (env) => {
    const names = env.actions(resolveConfig(env, {}))
    const stray = Object.values(env.keys ?? {}).find((name) => !names.includes(name))
    hold(stray === undefined, `a key names '${stray}', which is no action`)
  },
}

/** What must hold of everything else that an environment brings. */
export const extraRules: Readonly<Record<string, Rule>> = {
  'actions are named and idle is one': ({ env, config, names }) => {
    hold(names.length >= 1 && new Set(names).size === names.length, 'actions are not named once each')
    const idle = env.idle(config)
    hold(Number.isInteger(idle) && idle in names, `idle is ${idle}`)
  },

  'scripted policies play actions': (subject) => {
    const { env, config } = subject
    for (const [name, make] of Object.entries(env.policies ?? {})) {
      const played = [0, 1].map(() => playScripted(subject, name, make(config)))
      equal(played[0], played[1], `${name}, the second time`)
    }
  },

  'what is stuck does not succeed': (subject) => {
    const { env, config } = subject
    if (!env.stuck) return
    for (let i = 0; i < 3; i++) {
      expertPlays(subject, env.reset(config, `stuck/${i}`))
      let lost = false
      playRandom(subject, `stuck/${i}`, 60, (state) => {
        const before = hashState(env, state)
        const now = env.stuck?.(state) ?? false
        hold(hashState(env, state) === before, `t = ${state.t}: asking whether it is stuck changed the state`)
        hold(now || !lost, `t = ${state.t}: stuck no more`)
        if (now && !lost) expertPlays(subject, env.clone(state))
        lost = now
      })
    }
  },

  'macros end': (subject) => {
    const { env, config, names, seats } = subject
    for (const [name, macro] of Object.entries(env.macros ?? {})) {
      const state = env.reset(config, 'macro')
      const random = seeded('macro')
      while (!over(state) && state.t < 200) {
        const decision = below(random, names.length)
        let step = 0
        for (; !over(state) && step <= 400; step++) {
          const action = macro.next(state, 0, decision, step)
          if (action === null) break
          isAction(subject, action, `${name} of ${names[decision]}`)
          env.step(state, new Array<number>(seats).fill(env.idle(config)).with(0, action))
        }
        hold(step > 0, `${name} plays nothing for ${names[decision]}`)
        hold(step <= 400, `${name} goes on and on for ${names[decision]}`)
      }
    }
  },

  'tensors fill their shape and nothing else': (subject) => {
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
          equal(a, b, `t = ${state.t}: ${name}, the second time`)
        }
      })
    }
  },

  'scores, level keys, marks and insight are plain': (subject) => {
    const { env, config } = subject
    if (env.levelKey) {
      const inline = env.reset(config, 'key').config
      equal(env.levelKey(inline, 'key'), env.levelKey(config, 'key'), 'level key of the resolved config')
    }
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
      plans.map((plan, seat) => {
        if (plan.length === 0) append(plan, expert.act(state, seat, random))
        return plan.shift() ?? env.idle(config)
      }),
    )
  }
  const { success } = env.outcome(state)
  hold(stuckAt < 0 || !success, `stuck at t = ${stuckAt}, but the expert succeeded at t = ${state.t}`)
}

/** Whole plans, so that later actions of one are seen too; @returns what was played. */
function playScripted(subject: Subject, name: string, scripted: Scripted): number[] {
  const { env, config, seats } = subject
  const state: State = env.reset(config, 'scripted')
  const random: Random = seeded('scripted')
  const played: number[] = []
  while (!over(state) && state.t < 40) {
    const plan = scripted.act(state, 0, random)
    hold(plan.length >= 1, `${name} plays nothing at t = ${state.t}`)
    for (const action of plan) {
      isAction(subject, action, name)
      const actions = Array.from({ length: seats }, (_, seat) =>
        seat === 0 ? action : (scripted.act(state, seat, random)[0] ?? env.idle(config)),
      )
      for (const one of actions) isAction(subject, one, name)
      env.step(state, actions)
      append(played, actions)
    }
  }
  return played
}

function isAction({ names }: Subject, action: number, who: string): void {
  hold(Number.isInteger(action) && action in names, `${who} plays ${action}, which is no action`)
}
