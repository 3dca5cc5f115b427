/**
 * Planned teams against the built-in AI in whole matches: the left team's one seat, which follows the ball, is the planner's
 * or the expert's, and in the same matches the built-in AI's. Goals and possession, and by how much the goal difference is
 * above the built-in AI's, with the match as the unit of its 95 % interval. About six minutes.
 *
 *   npm run shows -- football-team
 */
import { plain, tInterval } from '#agent/evaluation/statistics'
import { seeded } from '#core/base/random'
import { resolveConfig } from '#core/env/config'
import { Config } from '../../envs/football/config.ts'
import { football } from '../../envs/football/index.ts'
import { WORLD } from '../../envs/football/state.ts'
import { teamOf } from '../../envs/football/teams.ts'
import { claim, show } from './show.ts'

/** How many matches of two bad fives, of a good eleven against a worse one, and of two good ones. */
const MATCHES = { '5_vs_5': 20, '11_vs_11_stochastic': 10, '11_vs_11_competition': 10 }

/** Pairs are left and right team. */
interface Match {
  readonly goals: readonly [number, number]
  /** Steps in which each team had the ball. */
  readonly owned: readonly [number, number]
}

await show(() => {
  for (const [preset, count] of Object.entries(MATCHES)) {
    const config = Config.parse(resolveConfig(football, { preset, actionSet: 'full' }))
    const [usual, expert, planner] = ['builtin-ai', 'expert', 'planner'].map((policy) => {
      const matches = Array.from({ length: count }, (_, i) => played(config, policy, `team/${i}`))
      console.log(`     ${preset}, ${policy}: ${told(matches)}`)
      return matches.map(difference)
    })
    const beyond = (goals: readonly number[]) => tInterval(goals.map((own, i) => own - usual[i]))
    console.log(
      `     ${preset}: the expert's goal difference beyond the built-in AI's: ${plain(beyond(expert))}`,
    )
    claim(
      `${preset}: the planner's goal difference is above the built-in AI's in the same ${count} matches`,
      beyond(planner).low > 0,
      plain(beyond(planner)),
    )
  }
})

function difference({ goals: [left, right] }: Match): number {
  return left - right
}

/** A match with the left team's seat played by `policy`. */
function played(config: Config, policy: string, seed: string): Match {
  const agent = football.policies?.[policy](config)
  if (!agent) throw new Error(`no policy ${policy}`)
  const s = football.reset(config, seed)
  const random = seeded(`${seed}/0`)
  const owned: [number, number] = [0, 0]
  while (!s.terminated && !s.truncated) {
    for (const action of agent.act(s, 0, random)) {
      football.step(s, [action])
      const owner = s.world[WORLD.owner]
      if (owner >= 0 && !s.terminated && !s.truncated) owned[teamOf(s, owner)]++
    }
  }
  return { goals: [s.world[WORLD.left], s.world[WORLD.right]], owned }
}

function told(matches: readonly Match[]): string {
  const mean = (value: (match: Match) => number) =>
    matches.reduce((sum, match) => sum + value(match), 0) / matches.length
  const goals = [0, 1].map((team) => mean((match) => match.goals[team]).toFixed(2)).join(' : ')
  const possession = mean(({ owned: [left, right] }) => (100 * left) / (left + right)).toFixed(0)
  const won = matches.filter((match) => difference(match) > 0).length
  const lost = matches.filter((match) => difference(match) < 0).length
  return `${goals} goals, difference ${plain(tInterval(matches.map(difference)))}, ${won} won and ${lost} lost, the ball in ${possession} % of the steps that somebody has it`
}
