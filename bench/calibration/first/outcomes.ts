import { below, seeded } from '#core/base/random'
import { BUILTIN_AI, DEFAULT_ACTIONS, IDLE } from '../../../envs/football/actions.ts'
import { Config } from '../../../envs/football/config.ts'
import { runShoot } from '../../../envs/football/players/policies.ts'
import { reset } from '../../../envs/football/reset.ts'
import { SCENARIOS } from '../../../envs/football/scenarios/scenarios.ts'
import { type FootballState, WORLD } from '../../../envs/football/state.ts'
import { step } from '../../../envs/football/step.ts'
import { figure, mean, type Row, rate } from './lab.ts'

const EPISODES = 50

type Player = (s: FootballState) => number

/** Goal rate and mean steps of a player on a scenario. */
export function outcome(
  preset: string,
  player: (config: Config, seed: string) => Player,
  episodes = EPISODES,
) {
  const config = Config.parse({ preset, scenario: SCENARIOS[preset], actionSet: 'full' })
  let goals = 0
  const steps: number[] = []
  for (let e = 0; e < episodes; e++) {
    const s = reset(config, `outcome/${e}`)
    const act = player(config, `outcome/${e}/0`)
    while (!s.terminated && !s.truncated && s.t < 400) step(s, [act(s)])
    if (s.world[WORLD.left] > 0) goals++
    steps.push(s.t)
  }
  return { goals: goals / episodes, steps: mean(steps) }
}

const PLAYERS: Readonly<Record<string, (config: Config, seed: string) => Player>> = {
  idle: () => () => IDLE,
  random: (_, seed) => {
    const random = seeded(seed)
    return () => below(random, DEFAULT_ACTIONS.length)
  },
  'run-shoot': (config) => {
    const policy = runShoot(config)
    const none = seeded('none')
    return (s) => policy.act(s, 0, none)[0]
  },
  'builtin-ai': () => () => BUILTIN_AI,
}

/** Measured on Google Research Football, n = 50: goal rate and mean steps of idle, random, run-shoot, builtin-ai. */
const MEASURED: Readonly<Record<string, readonly (readonly [goals: number, steps: number])[]>> = {
  academy_empty_goal_close: [
    [0, 152],
    [0.1, 120],
    [1, 12],
    [1, 63],
  ],
  academy_empty_goal: [
    [0, 98],
    [0.04, 128],
    [1, 70],
    [0.94, 73],
  ],
  academy_run_to_score: [
    [0, 348],
    [0, 103],
    [1, 70],
    [0.92, 67],
  ],
  academy_run_to_score_with_keeper: [
    [0, 378],
    [0, 142],
    [0.42, 73],
    [0.02, 176],
  ],
  academy_pass_and_shoot_with_keeper: [
    [0, 400],
    [0.02, 163],
    [0.02, 14],
    [0.56, 72],
  ],
  academy_run_pass_and_shoot_with_keeper: [
    [0, 400],
    [0, 191],
    [0, 23],
    [0.02, 371],
  ],
  academy_3_vs_1_with_keeper: [
    [0, 141],
    [0.02, 104],
    [0.38, 53],
    [0.26, 123],
  ],
}

/** What simple players reach on the academy scenarios. */
export function outcomes(): Row[] {
  const rows: Row[] = []
  for (const [preset, measured] of Object.entries(MEASURED)) {
    Object.entries(PLAYERS).forEach(([name, player], i) => {
      const { goals, steps } = outcome(preset, player)
      rows.push(rate(`${preset}, ${name}: goals`, goals, measured[i][0]))
      rows.push(figure(`${preset}, ${name}: steps`, steps, measured[i][1], 'steps'))
    })
  }
  return rows
}
