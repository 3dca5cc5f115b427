import { hashFrame } from '../base/hash.ts'
import { append } from '../base/lists.ts'
import { below, type Random, seeded } from '../base/random.ts'
import { rasterize } from '../draw/rasterize.ts'
import { resolveConfig } from '../env/config.ts'
import type { Env, State } from '../env/env.ts'
import { actionsOf, idleAction } from '../env/turns.ts'
import { difference, shown } from './difference.ts'

/** What is checked: an environment playing one config. */
export interface Subject {
  readonly env: Env
  /** Resolved. */
  readonly config: object
  readonly seats: number
  readonly names: readonly string[]
}

/** An example of an environment, ready to be played. @throws UserError when it is no config. */
export function subjectOf(env: Env, example: object): Subject {
  const config = resolveConfig(env, { ...example })
  return { env, config, seats: env.seats(config), names: env.actions(config) }
}

/** What an environment promises about one config. */
export interface Rule {
  /** The member of the environment that breaks it, or several: 'save and load'. */
  readonly member: string
  /** Without it nothing else can be judged: when it is broken, what comes after is not asked. */
  readonly ground?: true
  /** @throws Error saying what is wrong, first of all when. */
  hold(subject: Subject, tools: Tools): void
}

/** What a check can use where it runs. All optional: what is missing is not checked. */
export interface Tools {
  /** Bytes of memory in use, to see that a step allocates nothing. */
  readonly heap?: () => number
  /** Does nothing for some 20 ms, in which what the engine compiles beside the program gets done. */
  readonly rest?: () => void
  /** Seconds of CPU used, for the budget of a reset. */
  readonly cpu?: () => number
  /** Ways in which an action comes back from those who write it. */
  readonly readers?: readonly Reader[]
}

/** Who writes down an action and reads it again. */
export interface Reader {
  /** "the small model's vocabulary", for messages. */
  readonly name: string
  /** The index that comes back for an action; otherwise what went wrong, or null where this reader has no part. */
  read(env: Env, config: object, action: number): number | string | null
}

/** Steps after which an episode that still goes on is one that never ends. */
export const LONGEST = 20_000

/** @throws Error with `what` when `condition` does not hold. */
export function hold(condition: boolean, what: string): asserts condition {
  if (!condition) throw new Error(what)
}

/**
 * Two pieces of plain data are equal.
 * @param names what each of them is, for the message.
 * @throws Error naming the place of the first difference and both values.
 */
export function equal(
  a: unknown,
  b: unknown,
  what: string,
  names: readonly [string, string] = ['is', 'should be'],
  skip?: readonly string[],
): void {
  const found = difference(a, b, '', skip)
  if (!found) return
  const where = found.path === '' ? '' : ` ${found.path.slice(1)}`
  throw new Error(`${what}:${where} ${names[0]} ${found.a}, ${names[1]} ${found.b}`)
}

/** Two texts are equal. @throws Error with both from where they part. */
export function equalText(a: string, b: string, what: string, names: readonly [string, string]): void {
  if (a === b) return
  let at = 0
  while (a[at] === b[at]) at++
  const from = Math.max(0, at - 10)
  throw new Error(
    `${what}: ${names[0]} ${shown(a.slice(from, from + 60))}, ${names[1]} ${shown(b.slice(from, from + 60))}`,
  )
}

export const over = (state: State): boolean => state.terminated || state.truncated

/** An action per seat that acts, uniform over the legal ones (over all where none is). */
export function randomActions({ env, names }: Subject, state: State, random: Random): number[] {
  return actionsOf(env, state, (seat) => {
    const legal = env.legal?.(state, seat)
    const some = names.map((_, i) => i).filter((i) => !legal || legal[i])
    return some.length > 0 ? some[below(random, some.length)] : below(random, names.length)
  })
}

/** Resets and plays random actions, calling `each` for the first state and after every step, until the end or `most` steps. */
export function playRandom(
  subject: Subject,
  seed: string,
  most: number,
  each: (state: State, random: Random) => void,
): State {
  const { env, config } = subject
  const state = env.reset(config, seed)
  const random = seeded(`${seed}/actions`)
  each(state, random)
  while (!over(state) && state.t < most) {
    env.step(state, randomActions(subject, state, random))
    each(state, random)
  }
  return state
}

/** As `playRandom`, by the game's expert in every seat, whose plans are played to their ends; nothing without one. */
export function playExpert(
  subject: Subject,
  seed: string,
  most: number,
  each: (state: State, random: Random) => void,
): void {
  const { env, config, seats } = subject
  const make = env.policies?.expert
  if (!make) return
  const expert = make(config)
  const random = seeded(`${seed}/actions`)
  const state = env.reset(config, seed)
  const plans: number[][] = Array.from({ length: seats }, () => [])
  each(state, random)
  while (!over(state) && state.t < most) {
    const actions = actionsOf(env, state, (seat) => {
      const plan = plans[seat]
      if (plan.length === 0) append(plan, expert.act(state, seat, random))
      return plan.shift() ?? idleAction(env, config)
    })
    env.step(state, actions)
    each(state, random)
  }
}

/** What a seat sees of a state. */
export interface Sight {
  readonly text: string
  /** Of the pixels. */
  readonly frame: string
}

export function sightOf({ env }: Subject, state: State, seat: number): Sight {
  const { width, height } = env.frame(state.config)
  return { text: env.text(state, seat), frame: hashFrame(rasterize(env.scene(state, seat), width, height)) }
}

/** Every seat sees the same of two states. @throws Error naming the seat and where its text or frame differs. */
export function sameSights(
  subject: Subject,
  a: State,
  b: State,
  what: string,
  names: readonly [string, string],
): void {
  for (let seat = 0; seat < subject.seats; seat++) {
    const [one, other] = [sightOf(subject, a, seat), sightOf(subject, b, seat)]
    equalText(one.text, other.text, `${what}: the text of seat ${seat}`, names)
    hold(one.frame === other.frame, `${what}: the frame of seat ${seat} has other pixels`)
  }
}

/** Everything that agents see of a state. */
export function sights(subject: Subject, state: State): Sight[] {
  return Array.from({ length: subject.seats }, (_, seat) => sightOf(subject, state, seat))
}
