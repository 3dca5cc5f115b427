import { Config } from '../../envs/football/config.ts'
import { FITTED, type Parameters } from '../../envs/football/parameters.ts'
import { reset } from '../../envs/football/reset.ts'
import { type Scenario, Scenario as Schema } from '../../envs/football/scenarios/scenario.ts'
import { SCENARIOS } from '../../envs/football/scenarios/scenarios.ts'
import { type FootballState, WORLD } from '../../envs/football/state.ts'
import { step } from '../../envs/football/step.ts'
import { ENDINGS } from '../../envs/football/words.ts'
import { BOTS } from './bots.ts'

/** What a measurement is made with: the parameters to try, and how many episodes for one of the original's. */
export interface Lab {
  readonly parameters: Parameters
  readonly episodes: number
}
export const STANDARD: Lab = { parameters: FITTED, episodes: 3 }

/** A match on a scenario, all actions allowed. */
export function begin(lab: Lab, scenario: Scenario, seed: string): FootballState {
  return reset(Config.parse({ scenario, actionSet: 'full' }), seed, lab.parameters)
}

export function scenarioNamed(name: string, change: Partial<Scenario> = {}): Scenario {
  return Schema.parse({ ...SCENARIOS[name], ...change })
}

/** How an episode ended, as the original's endings were counted. */
export interface Ended {
  readonly how: 'goal' | 'against' | 'lost' | 'out' | 'cap'
  readonly steps: number
}

/** Plays a bot on seat 0 until the end, at most `most` steps; `watch` sees the state after every step. */
export function playOut(
  s: FootballState,
  bot: keyof typeof BOTS,
  seed: string,
  most = 400,
  watch?: (s: FootballState) => void,
): Ended {
  const act = BOTS[bot](seed)
  const actions = [0]
  while (!s.terminated && !s.truncated && s.t < most) {
    actions[0] = act(s)
    step(s, actions)
    watch?.(s)
  }
  const ending = s.world[WORLD.ending]
  const how =
    ending === ENDINGS.goal
      ? 'goal'
      : ending === ENDINGS.conceded
        ? 'against'
        : ending === ENDINGS.lost
          ? 'lost'
          : ending === ENDINGS.out
            ? 'out'
            : 'cap'
  return { how, steps: s.t }
}

/** Metres from the ball to the nearest active field player of a team. */
export function nearestTo(s: FootballState, team: 0 | 1): number {
  let least = 1e9
  const [first, end] = team === 0 ? [0, s.setup.left] : [s.setup.left, s.setup.count]
  for (let q = first; q < end; q++) {
    if (!s.active[q] || q === s.setup.keeper[team]) continue
    const dx = s.x[q] - s.ball[0]
    const dy = s.y[q] - s.ball[1]
    least = Math.min(least, Math.sqrt(dx * dx + dy * dy))
  }
  return least
}
