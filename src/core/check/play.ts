import { seeded } from '../base/random.ts'
import type { State } from '../env/env.ts'
import { withoutBanned } from './banned.ts'
import { difference, snapshot } from './difference.ts'
import {
  equal,
  hold,
  LONGEST,
  over,
  playRandom,
  type Rule,
  randomActions,
  type Sight,
  type Subject,
  sights,
} from './support.ts'

/** What must hold of seeds, steps and ends. */
export const playRules: Readonly<Record<string, Rule>> = {
  'reset begins at zero': {
    member: 'reset',
    ground: true,
    hold({ env, config, seats }) {
      const state = env.reset(config, 'zero')
      hold(state.t === 0 && !over(state), 'a fresh episode has steps or is over')
      equal([...state.rewards], new Array(seats).fill(0), 'rewards after reset')
      equal([...state.terms], new Array(seats * env.terms.length).fill(0), 'terms after reset')
    },
  },

  'reaches no function whose results differ between engines, machines or times': {
    member: 'reset, step, text or scene',
    ground: true,
    hold(subject) {
      withoutBanned(() => courseOf(subject, 'banned', 40))
    },
  },

  'the same seed plays the same': {
    member: 'reset or step',
    ground: true,
    hold(subject) {
      const seeds = ['same/1', 'same/2', 'same/3', 'same/4', 'same/5']
      const courses = seeds.map((seed) => courseOf(subject, seed, 60))
      for (const [i, seed] of seeds.entries()) {
        sameCourse(subject, seed, courses[i], ['the first time', 'the second time'])
      }
    },
  },

  'episodes do not disturb each other': {
    member: 'reset or step',
    ground: true,
    hold(subject) {
      const { env, config } = subject
      const alone = courseOf(subject, 'a', 60)
      const other = env.reset(config, 'b')
      const random = seeded('other')
      sameCourse(subject, 'a', alone, ['alone', 'between other episodes'], (t) => {
        env.step(other, randomActions(subject, other, random))
        env.reset(config, `c/${t}`)
      })
    },
  },

  'whole random episodes end, count their steps, and pay the sum of their terms': {
    member: 'step',
    ground: true,
    hold(subject) {
      for (let i = 0; i < 3; i++) {
        let t = 0
        const end = playRandom(subject, `whole/${i}`, LONGEST, (state) => {
          hold(state.t === t++, `step ${t - 1} has t = ${state.t}`)
          hold(!(state.terminated && state.truncated), `t = ${state.t}: both terminated and truncated`)
          paysItsTerms(state, subject.env.terms.length)
        })
        hold(over(end), `no end after ${LONGEST} random steps`)
      }
    },
  },

  'steps after the end change nothing': {
    member: 'step',
    ground: true,
    hold(subject) {
      const { env } = subject
      const end = playRandom(subject, 'end', LONGEST, () => {})
      const outcome = env.outcome(end)
      const looks = sights(subject, end)
      const { t, terminated, truncated } = end
      const random = seeded('after')
      const goOn = () => env.step(end, randomActions(subject, end, random))
      goOn()
      const paid = [...end.rewards, ...end.terms].find((reward) => reward !== 0)
      hold(paid === undefined, `a step after the end pays ${paid}`)
      const flags = { t: end.t, terminated: end.terminated, truncated: end.truncated }
      equal({ t, terminated, truncated }, flags, 'a step after the end', ['was', 'became'])
      const quiet = snapshot(end)
      for (let i = 0; i < 3; i++) {
        goOn()
        equal(quiet, end, 'a step after the end', ['was', 'became'])
      }
      equal(looks, sights(subject, end), 'what is seen after the end', ['before a step', 'after it'])
      equal(outcome, env.outcome(end), 'the outcome after the end', ['before a step', 'after it'])
    },
  },
}

/** A moment of an episode: its state, and now and then what every seat sees. */
interface Moment {
  readonly state: State
  readonly sights?: readonly Sight[]
}

/** A random episode, as it was at every step. */
function courseOf(subject: Subject, seed: string, most: number): Moment[] {
  const moments: Moment[] = []
  playRandom(subject, seed, most, (state) => {
    const looked = state.t % 10 === 0 || over(state)
    moments.push({ state: snapshot(state), ...(looked ? { sights: sights(subject, state) } : {}) })
  })
  return moments
}

/** @throws Error at the first field of a state, text or frame that is not as it was in `moments`. */
function sameCourse(
  subject: Subject,
  seed: string,
  moments: readonly Moment[],
  names: readonly [string, string],
  meanwhile: (t: number) => void = () => {},
): void {
  let i = 0
  const end = playRandom(subject, seed, moments.length - 1, (state) => {
    const was = moments[i++]
    const found = difference(was.state, snapshot(state), 'state')
    hold(
      found === undefined,
      `t = ${i - 1}: ${found?.path} is ${found?.a} ${names[0]} and ${found?.b} ${names[1]}`,
    )
    if (was.sights) equal(was.sights, sights(subject, state), `t = ${i - 1}: what is seen`, names)
    meanwhile(i - 1)
  })
  hold(
    i === moments.length,
    `${names[1]} the episode ends at t = ${end.t}, ${names[0]} at t = ${moments.length - 1}`,
  )
}

function paysItsTerms(state: State, count: number): void {
  for (let seat = 0; seat < state.rewards.length; seat++) {
    let sum = 0
    for (let i = 0; i < count; i++) {
      const term = state.terms[seat * count + i]
      hold(Number.isFinite(term), `t = ${state.t}: term ${i} of seat ${seat} is ${term}`)
      sum += term
    }
    hold(
      state.rewards[seat] === sum,
      `t = ${state.t}: seat ${seat} got ${state.rewards[seat]}, its terms add up to ${sum}`,
    )
  }
}
