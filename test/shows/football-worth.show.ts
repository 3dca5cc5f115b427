/**
 * What a state is worth in goals, as the planner takes it: 400 matches of built-in elevens of equal strength, and the goals
 * that the team on the ball scores more than the other in the thirty seconds that follow, by where it has the ball and how
 * many are nearer to the goal. Some fifteen seconds of CPU.
 *
 *   npm run shows -- football-worth
 */
import { resolveConfig } from '#core/env/config'
import { BUILTIN_AI } from '../../envs/football/actions.ts'
import { Config } from '../../envs/football/config.ts'
import { football } from '../../envs/football/index.ts'
import { placeOf, worthAt } from '../../envs/football/players/planner.ts'
import { WORLD } from '../../envs/football/state.ts'
import { claim, show } from './show.ts'

const MATCHES = 400
/** Steps between two looks, and of what is counted after each. */
const EVERY = 10
const AFTER = 300
/** Metres from the goal at which a cell begins, and how many opponents are nearer to it than the ball. */
const DISTANCES = [0, 15, 25, 35, 50, 70]
const BETWEEN = [0, 3, 5, 8]
/** A cell is judged with so many looks, from so many matches. */
const ENOUGH = 100
/** Goals by which the formula may be beside a cell's mean, beyond the mean's 95 % interval. */
const BESIDE = 0.03

interface Cell {
  /** Per match: looks, their goals, and what the formula says of them. */
  readonly matches: Map<number, { looks: number; goals: number; worth: number }>
}

await show(() => {
  const config = Config.parse(resolveConfig(football, { preset: '11_vs_11_competition', actionSet: 'full' }))
  const cells = new Map<string, Cell>()
  for (let match = 0; match < MATCHES; match++) {
    const s = football.reset(config, `worth/${match}`)
    const actions = new Int32Array(s.setup.seats).fill(BUILTIN_AI)
    const looks: { t: number; team: number; distance: number; between: number }[] = []
    const scored: { t: number; team: number }[] = []
    const w = s.world
    while (!s.terminated && !s.truncated) {
      const goals = [w[WORLD.left], w[WORLD.right]]
      football.step(s, actions)
      if (w[WORLD.left] > goals[0]) scored.push({ t: s.t, team: 0 })
      if (w[WORLD.right] > goals[1]) scored.push({ t: s.t, team: 1 })
      const team = w[WORLD.team]
      if (s.t % EVERY === 0 && w[WORLD.owner] >= 0) looks.push({ t: s.t, team, ...placeOf(s, team) })
    }
    for (const { t, team, distance, between } of looks) {
      if (t + AFTER > s.t) continue
      const soon = scored.filter((goal) => goal.t > t && goal.t <= t + AFTER)
      const own = soon.filter((goal) => goal.team === team).length
      const key = `${last(DISTANCES, distance)} ${last(BETWEEN, between)}`
      const cell = cells.get(key) ?? { matches: new Map() }
      const sum = cell.matches.get(match) ?? { looks: 0, goals: 0, worth: 0 }
      sum.looks++
      sum.goals += 2 * own - soon.length
      sum.worth += worthAt(distance, between)
      cell.matches.set(match, sum)
      cells.set(key, cell)
    }
  }
  console.log('     from the goal  nearer to it   looks  goals (95 %)           formula')
  const beside: string[] = []
  let judged = 0
  for (const distance of DISTANCES) {
    for (const between of BETWEEN) {
      const cell = cells.get(`${distance} ${between}`)
      if (!cell) continue
      const { looks, mean, half, worth } = told(cell)
      if (looks < ENOUGH || cell.matches.size < 20) continue
      judged++
      const off = Math.abs(mean - worth) > half + BESIDE
      if (off) beside.push(`${distance} m, ${between}`)
      console.log(
        `     ${`${distance} m`.padStart(8)} on ${`${between}`.padStart(7)} on ${`${looks}`.padStart(10)}` +
          `  ${mean.toFixed(3)} (${(mean - half).toFixed(3)} to ${(mean + half).toFixed(3)})  ${worth.toFixed(3)}`,
      )
    }
  }
  claim(
    `what a state is worth is within ${BESIDE} goals of what such states came to, beyond their 95 % interval, in every cell`,
    judged >= 12 && beside.length === 0,
    beside.length === 0 ? `${judged} cells` : `not from ${beside.join('; ')}`,
  )
})

function last(begins: readonly number[], value: number): number {
  return begins.findLast((begin) => value >= begin) ?? begins[0]
}

/** Mean over looks with an interval over matches, whose looks are not independent of each other. */
function told({ matches }: Cell): { looks: number; mean: number; half: number; worth: number } {
  const all = [...matches.values()]
  const looks = all.reduce((sum, one) => sum + one.looks, 0)
  const mean = all.reduce((sum, one) => sum + one.goals, 0) / looks
  const worth = all.reduce((sum, one) => sum + one.worth, 0) / looks
  const squares = all.reduce((sum, one) => sum + (one.goals - mean * one.looks) ** 2, 0)
  return { looks, mean, half: (1.96 * Math.sqrt(squares)) / looks, worth }
}
