import { hashState } from '../compare.ts'
import type { State } from '../env.ts'
import { below, seeded } from '../random.ts'
import { withoutBanned } from './banned.ts'
import {
  appearance,
  course,
  equal,
  hold,
  LONGEST,
  over,
  playRandom,
  type Rule,
  randomActions,
} from './support.ts'

/** What must hold of states, steps and seeds. */
export const playRules: Readonly<Record<string, Rule>> = {
  'whole random episodes end, count their steps, and pay the sum of their terms': (subject) => {
    const { env } = subject
    for (let i = 0; i < 3; i++) {
      let t = 0
      const end = playRandom(subject, `whole/${i}`, LONGEST, (state) => {
        hold(state.t === t++, `step ${t - 1} has t = ${state.t}`)
        hold(!(state.terminated && state.truncated), `t = ${state.t}: both terminated and truncated`)
        paysItsTerms(state, env.terms.length)
      })
      hold(over(end), `no end after ${LONGEST} random steps`)
    }
  },

  'reset begins at zero': ({ env, config, seats }) => {
    const state = env.reset(config, 'zero')
    hold(state.t === 0 && !over(state), 'a fresh episode has steps or is over')
    equal([...state.rewards], new Array(seats).fill(0), 'rewards after reset')
    equal([...state.terms], new Array(seats * env.terms.length).fill(0), 'terms after reset')
  },

  'the same seed plays the same, another seed is allowed to differ': (subject) => {
    equal(course(subject, 'same'), course(subject, 'same'), 'course of a seed')
  },

  'reaches no function whose results differ between engines, machines or times': (subject) => {
    const free = course(subject, 'banned', 40)
    equal(
      withoutBanned(() => course(subject, 'banned', 40)),
      free,
      'course without those functions',
    )
  },

  'episodes do not disturb each other': (subject) => {
    const { env, config } = subject
    const alone = course(subject, 'a', 60)
    const lines: string[] = []
    const other = env.reset(config, 'b')
    const random = seeded('other')
    playRandom(subject, 'a', 60, (state) => {
      lines.push(hashState(env, state))
      if (state.t % 10 === 0 || over(state)) lines.push(appearance(subject, state))
      env.step(other, randomActions(subject, other, random))
      env.reset(config, `c/${state.t}`)
    })
    equal(lines, alone, 'course between other episodes')
  },

  'a saved state goes on as it would have': (subject) => {
    const { env } = subject
    let out: Uint8Array | undefined
    playRandom(subject, 'save', 120, (state, random) => {
      if (below(random, 4) > 0) return
      out = env.save(state, out)
      const bytes = out.slice()
      const loaded = env.load(bytes)
      equal([...env.save(loaded)], [...bytes], `t = ${state.t}: bytes of the loaded state`)
      equal(
        appearance(subject, loaded),
        appearance(subject, state),
        `t = ${state.t}: look of the loaded state`,
      )
      goOnAlike(subject, env.clone(state), loaded, `t = ${state.t}: after loading`)
    })
    let refused = false
    try {
      env.load(new Uint8Array(3))
    } catch {
      refused = true
    }
    hold(refused, 'three bytes were loaded as a state')
  },

  'clones are independent': (subject) => {
    const { env } = subject
    playRandom(subject, 'clone', 60, (state, random) => {
      if (below(random, 4) > 0) return
      const before = hashState(env, state)
      const clone = env.clone(state)
      hold(hashState(env, clone) === before, `t = ${state.t}: the clone is not equal`)
      const own = seeded(`${state.t}`)
      for (let i = 0; i < 5; i++) env.step(clone, randomActions(subject, clone, own))
      hold(hashState(env, state) === before, `t = ${state.t}: playing a clone changed the original`)
    })
  },

  'the resolved config gives the same initial state': ({ env, config }) => {
    for (let i = 0; i < 5; i++) {
      const state = env.reset(config, `config/${i}`)
      // As a record keeps it.
      const kept = env.config.parse(JSON.parse(JSON.stringify(state.config)))
      const again = env.reset(kept, `config/${i}`)
      hold(hashState(env, again) === hashState(env, state), `seed config/${i} begins differently`)
    }
  },

  'actions that are not legal do nothing': (subject) => {
    const { env, config, seats, names } = subject
    if (!env.legal) return
    playRandom(subject, 'legal', 60, (state, random) => {
      if (over(state) || state.t % 3 > 0) return
      const seat = below(random, seats)
      const legal = env.legal?.(state, seat) ?? []
      hold(legal.length === names.length, `${legal.length} flags for ${names.length} actions`)
      hold(legal.includes(true), `t = ${state.t}: seat ${seat} has no legal action`)
      const actions = new Array<number>(seats).fill(env.idle(config))
      const idle = env.clone(state)
      env.step(idle, actions)
      for (const [action, may] of legal.entries()) {
        if (may) continue
        const played = env.clone(state)
        env.step(played, actions.with(seat, action))
        const seen = appearance(subject, played)
        const nothing = seen === appearance(subject, idle) || seen === appearance(subject, state)
        hold(nothing, `t = ${state.t}: ${names[action]} is not legal but does something`)
      }
    })
  },

  'steps after the end change nothing': (subject) => {
    const { env } = subject
    const end = playRandom(subject, 'end', LONGEST, () => {})
    const { t, terminated, truncated } = end
    const look = appearance(subject, end)
    const outcome = env.outcome(end)
    const random = seeded('after')
    env.step(end, randomActions(subject, end, random))
    hold(
      [...end.rewards, ...end.terms].every((reward) => reward === 0),
      'a step after the end pays',
    )
    const quiet = hashState(env, end)
    for (let i = 0; i < 3; i++) env.step(end, randomActions(subject, end, random))
    hold(hashState(env, end) === quiet, 'the state changes after the end')
    equal([end.t, end.terminated, end.truncated], [t, terminated, truncated], 'steps and flags after the end')
    equal(appearance(subject, end), look, 'look after the end')
    equal(env.outcome(end), outcome, 'outcome after the end')
  },
}

function paysItsTerms(state: State, count: number): void {
  for (let seat = 0; seat < state.rewards.length; seat++) {
    let sum = 0
    for (let i = 0; i < count; i++) sum += state.terms[seat * count + i]
    hold(Number.isFinite(sum), `t = ${state.t}: terms of seat ${seat} are not finite`)
    hold(
      state.rewards[seat] === sum,
      `t = ${state.t}: seat ${seat} got ${state.rewards[seat]}, its terms add up to ${sum}`,
    )
  }
}

function goOnAlike(subject: Parameters<Rule>[0], a: State, b: State, what: string): void {
  const random = seeded(what)
  for (let i = 0; i < 5; i++) {
    const actions = randomActions(subject, a, random)
    subject.env.step(a, actions)
    subject.env.step(b, actions)
    hold(hashState(subject.env, a) === hashState(subject.env, b), `${what}, step ${i + 1} differs`)
  }
}
