import { hashState } from '../compare.ts'
import { resolveConfig } from '../config.ts'
import type { Env, State } from '../env.ts'
import { hashFrame } from '../hash.ts'
import { below, type Random, seeded } from '../random.ts'
import { rasterize } from '../rasterize.ts'

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

/** A check throws what is wrong. */
export type Rule = (subject: Subject) => void

/** Steps after which an episode that still goes on is one that never ends. */
export const LONGEST = 20_000

/** @throws Error with `what` when `condition` does not hold. */
export function hold(condition: boolean, what: string): asserts condition {
  if (!condition) throw new Error(what)
}

/** @throws Error when two values differ as JSON. */
export function equal(actual: unknown, expected: unknown, what: string): void {
  const [a, b] = [JSON.stringify(actual), JSON.stringify(expected)]
  hold(a === b, `${what}: ${a?.slice(0, 200)} is not ${b?.slice(0, 200)}`)
}

export const over = (state: State): boolean => state.terminated || state.truncated

/** An action per seat, uniform over the legal ones (over all where none is). */
export function randomActions({ env, seats, names }: Subject, state: State, random: Random): number[] {
  return Array.from({ length: seats }, (_, seat) => {
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

/** Everything that agents see of a state: texts and pixels. */
export function appearance({ env, seats }: Subject, state: State): string {
  const { width, height } = env.frame(state.config)
  const parts: string[] = []
  for (let seat = 0; seat < seats; seat++) {
    parts.push(env.text(state, seat), hashFrame(rasterize(env.scene(state, seat), width, height)))
  }
  return parts.join('\n')
}

/**
 * The course of a random episode: a line per step with the state's hash, every tenth and the last with its appearance, so
 * that two courses are equal only when states, texts and pixels are.
 */
export function course(subject: Subject, seed: string, most = 200): string[] {
  const lines: string[] = []
  playRandom(subject, seed, most, (state) => {
    lines.push(hashState(subject.env, state))
    if (state.t % 10 === 0 || over(state)) lines.push(appearance(subject, state))
  })
  return lines
}
