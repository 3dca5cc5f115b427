/**
 * Fairness of Football: 200 competition matches of the built-in AI, each team sheet once on either side, and the
 * differences of goals by side and by team sheet with 95 % intervals. About two minutes.
 *
 *   npm run shows -- football-fair
 */
import { resolveConfig } from '#core/env/config'
import { simulate } from '../../envs/football/commands/statistics.ts'
import { Config } from '../../envs/football/config.ts'
import { football } from '../../envs/football/index.ts'
import { claim, show } from './show.ts'

/** Seeds; each is played twice. */
const PAIRS = 100

await show(() => {
  const given = Config.parse(resolveConfig(football, { preset: '11_vs_11_competition', actionSet: 'full' }))
  const { left, right } = given.scenario
  const swapped = { ...given, scenario: { ...given.scenario, left: right, right: left } }
  const bySide: number[] = []
  const bySheet: number[] = []
  const goals = [0, 0]
  const owned = [0, 0]
  for (let i = 0; i < PAIRS; i++) {
    const [one, other] = [given, swapped].map((config) => simulate(config, `fair/${i}`))
    for (const side of [0, 1]) {
      goals[side] += one.goals[side] + other.goals[side]
      owned[side] += one.owned[side] + other.owned[side]
    }
    const [a, b] = [one, other].map(({ goals }) => goals[0] - goals[1])
    bySide.push((a + b) / 2)
    bySheet.push((a - b) / 2)
  }
  console.log(`     goals of left and right: ${goals.join(' : ')} in ${2 * PAIRS} matches`)
  const share = owned[0] / (owned[0] + owned[1])
  claim(
    'the left team has the ball in 48 to 52 % of the steps',
    Math.abs(share - 0.5) < 0.02,
    share.toFixed(3),
  )
  fair('side of the pitch', bySide)
  fair('team sheet', bySheet)
})

/** The 95 % interval of a mean difference of goals a match has nothing in it, and is narrow enough to say something. */
function fair(what: string, differences: readonly number[]): void {
  const n = differences.length
  const mean = differences.reduce((sum, value) => sum + value, 0) / n
  const variance = differences.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1)
  const half = 1.984 * Math.sqrt(variance / n)
  const interval = `${mean.toFixed(2)} (${(mean - half).toFixed(2)} to ${(mean + half).toFixed(2)})`
  claim(
    `no ${what} scores more: 0 is within the 95 % interval of the difference a match, at most 0.5 to each side`,
    Math.abs(mean) <= half && half < 0.5,
    interval,
  )
}
