import { below, seeded } from '#core/base/random'
import { BUILTIN_AI, DEFAULT_ACTIONS, IDLE } from '../../../envs/football/actions.ts'
import { Config } from '../../../envs/football/config.ts'
import { reset } from '../../../envs/football/reset.ts'
import { SCENARIOS } from '../../../envs/football/scenarios/scenarios.ts'
import { BALL, type FootballState, WORLD } from '../../../envs/football/state.ts'
import { step } from '../../../envs/football/step.ts'
import { MODES } from '../../../envs/football/words.ts'
import { figure, mean, type Row } from './lab.ts'

const MATCHES = 25
const STEPS = 500

function matchConfig(preset: string): Config {
  return Config.parse({ preset, scenario: SCENARIOS[preset], actionSet: 'full' })
}

/** Goals for minus goals against over 500 steps of 11_vs_11_easy_stochastic, in the mean. */
function goalDifference(player: (seed: string) => () => number): number {
  const config = matchConfig('11_vs_11_easy_stochastic')
  const differences: number[] = []
  for (let i = 0; i < MATCHES; i++) {
    const s = reset(config, `match/${i}`)
    const act = player(`match/${i}/0`)
    while (s.t < STEPS) step(s, [act()])
    differences.push(s.world[WORLD.left] - s.world[WORLD.right])
  }
  return mean(differences)
}

/** What a watcher of matches counts. */
interface Tally {
  steps: number
  owned: number
  switches: number
  readonly gaps: number[]
  /** Steps in each game mode, and how often it was entered. */
  readonly inMode: number[]
  readonly entered: number[]
}

function watch(s: FootballState, tally: Tally): void {
  const w = s.world
  const before = { player: s.seatPlayer[0], mode: w[WORLD.mode] }
  step(s, [BUILTIN_AI])
  tally.steps++
  if (s.seatPlayer[0] !== before.player) tally.switches++
  const mode = w[WORLD.mode]
  if (mode !== MODES.normal) tally.inMode[mode]++
  if (mode !== MODES.normal && before.mode === MODES.normal) tally.entered[mode]++
  const owner = w[WORLD.owner]
  if (owner < 0 || mode !== MODES.normal || w[WORLD.hands] >= 0) return
  tally.owned++
  const dx = s.ball[BALL.x] - s.x[owner]
  const dy = s.ball[BALL.y] - s.y[owner]
  tally.gaps.push(Math.sqrt(dx * dx + dy * dy))
}

/** Whole matches: goals, possession, control and set pieces. */
export function matches(): Row[] {
  const random = (seed: string) => {
    const generator = seeded(seed)
    return () => below(generator, DEFAULT_ACTIONS.length)
  }
  const tally: Tally = {
    steps: 0,
    owned: 0,
    switches: 0,
    gaps: [],
    inMode: Array(7).fill(0),
    entered: Array(7).fill(0),
  }
  const config = matchConfig('11_vs_11_stochastic')
  for (let i = 0; i < 4; i++) {
    const s = reset(config, `watched/${i}`)
    while (!s.truncated) watch(s, tally)
  }
  const taken = (mode: number) => (tally.entered[mode] === 0 ? 0 : tally.inMode[mode] / tally.entered[mode])
  return [
    figure(
      'easy match, builtin-ai: goal difference in 500 steps',
      goalDifference(() => () => BUILTIN_AI),
      0.52,
      'goals',
    ),
    figure('easy match, random: goal difference in 500 steps', goalDifference(random), -0.24, 'goals'),
    figure(
      'easy match, idle: goal difference in 500 steps',
      goalDifference(() => () => IDLE),
      0,
      'goals',
    ),
    figure('match, share of steps with the ball owned', tally.owned / tally.steps, 0.458, ''),
    figure('match, distance from the owner to the ball', mean(tally.gaps), 0.683, 'm'),
    figure('match, switches of control in 1,000 steps', (1000 * tally.switches) / tally.steps, 51.6, ''),
    figure('goal kick, steps until taken', taken(MODES.goalKick), 7.7, 'steps'),
    figure('free kick, steps until taken', taken(MODES.freeKick), 6.8, 'steps'),
    figure('corner, steps until taken', taken(MODES.corner), 5, 'steps'),
    figure('throw-in, steps until taken', taken(MODES.throwIn), 3.4, 'steps'),
  ]
}
