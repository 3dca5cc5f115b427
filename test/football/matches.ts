import { below, seeded } from '#core/base/random'
import { resolveConfig } from '#core/env/config'
import { FULL_ACTIONS } from '../../envs/football/actions.ts'
import { Config } from '../../envs/football/config.ts'
import { football } from '../../envs/football/index.ts'
import { Scenario } from '../../envs/football/scenarios/scenario.ts'
import { players } from '../../envs/football/scenarios/scenarios.ts'
import type { FootballState } from '../../envs/football/state.ts'

/** Index of an action by name. */
export function act(name: (typeof FULL_ACTIONS)[number]): number {
  return FULL_ACTIONS.indexOf(name)
}

export function configOf(input: Record<string, unknown>): Config {
  return Config.parse(resolveConfig(football, input))
}

/** A scenario of our own; places as 'GK -1 0, CB 0 0'. */
export function scenarioOf(left: string, right: string, more: Partial<Scenario> = {}): Scenario {
  return Scenario.parse({
    left: { difficulty: 1, players: players(left) },
    right: { difficulty: 0.6, players: players(right) },
    ...more,
  })
}

/** A state with the given scenario and nothing left to chance but tackles and the like. */
export function start(scenario: Scenario, more: Record<string, unknown> = {}, seed = 'test'): FootballState {
  return football.reset(configOf({ scenario, noise: 0, actionSet: 'full', ...more }), seed)
}

/** Plays actions, then the last of them again and again, until `steps` or the end; returns the rewards of seat 0. */
export function play(s: FootballState, actions: readonly number[], steps = actions.length): number[] {
  const rewards: number[] = []
  const all = new Array<number>(s.setup.seats)
  for (let i = 0; i < steps && !s.terminated && !s.truncated; i++) {
    football.step(s, all.fill(actions[Math.min(i, actions.length - 1)]))
    rewards.push(s.rewards[0])
  }
  return rewards
}

/** Actions drawn for every seat. */
export function randomly(s: FootballState, seed: string, count = FULL_ACTIONS.length): () => number[] {
  const random = seeded(seed)
  return () => Array.from({ length: s.setup.seats }, () => below(random, count))
}
