/**
 * Football's figures: speed, outcomes of agents, fairness, a million random steps, and a match that is saved
 * and restored on the way. About two minutes.
 */

import { hashBytes } from '#core/base/hash'
import { below, seeded } from '#core/base/random'
import { resolveConfig } from '#core/env/config'
import { measure } from '../../bench/benchmark.ts'
import { footballBenchmarks } from '../../bench/football.ts'
import { check, simulate } from '../../envs/football/commands/statistics.ts'
import { Config } from '../../envs/football/config.ts'
import { football } from '../../envs/football/index.ts'
import { SCENARIOS } from '../../envs/football/scenarios/scenarios.ts'
import { type FootballState, WORLD } from '../../envs/football/state.ts'
import { claim, show } from './show.ts'

const FLOORS: Readonly<Record<string, number>> = {
  'football.11v11.step': 50_000,
  'football.academy.step': 150_000,
  'football.reset': 20_000,
  'football.frame': 5_000,
}
const ROUNDS = 1_000_000
const EPISODES = 20
const FAIR = 200

function config(preset: string, more: object = {}): Config {
  return Config.parse(resolveConfig(football, { preset, actionSet: 'full', ...more }))
}

await show(async () => {
  for (const benchmark of footballBenchmarks()) {
    const floor = FLOORS[benchmark.name]
    const { value, unit } = await measure(benchmark)
    if (floor)
      claim(`${benchmark.name} at least ${floor}`, value >= floor, `${Math.round(value)} ${unit}/CPU-s`)
    else console.log(`     ${benchmark.name}: ${Math.round(value)} ${unit}/CPU-s`)
  }

  const wins = outcomes()
  claim(
    'the expert scores at least as often as the built-in AI on most academy scenarios',
    wins.expert >= wins.played - 2,
    `${wins.expert} of ${wins.played}`,
  )
  fair()
  million()
  restored()
})

/** A scenario with as many of the seats asked for as it has. */
function seated(preset: string, controlled: number, opponents: number): Config {
  const { left, right } = SCENARIOS[preset]
  const most = ({ players }: typeof left) =>
    Math.max(1, players.filter((player) => player.controllable).length)
  return config(preset, {
    controlled: Math.min(controlled, most(left)),
    opponents: Math.min(opponents, most(right)),
  })
}

/** Between equal teams neither side of the pitch wins: goals of both in matches of the built-in AI. */
function fair(): void {
  const resolved = config('11_vs_11_competition')
  const goals = [0, 0]
  let square = 0
  for (let i = 0; i < FAIR; i++) {
    const { goals: scored } = simulate(resolved, `fair/${i}`)
    goals[0] += scored[0]
    goals[1] += scored[1]
    square += (scored[0] - scored[1]) ** 2
  }
  const error = Math.sqrt(square)
  const difference = goals[0] - goals[1]
  claim(
    `${FAIR} matches between equal teams are fair within two standard errors`,
    Math.abs(difference) <= 2 * error,
    `${goals.join(' : ')}, standard error ${error.toFixed(1)}`,
  )
}

/** Goal rates of the policies; on how many scenarios the expert is not behind the AI. */
function outcomes(): { expert: number; played: number } {
  const names = Object.keys(SCENARIOS).filter((name) => name.startsWith('academy') && !name.endsWith('lazy'))
  let expert = 0
  for (const preset of names) {
    const rates = ['run-shoot', 'builtin-ai', 'expert'].map((policy) => goalRate(preset, policy))
    console.log(`     ${preset}: run-shoot ${rates[0]}, builtin-ai ${rates[1]}, expert ${rates[2]}`)
    if (rates[2] >= rates[1]) expert++
  }
  return { expert, played: names.length }
}

function goalRate(preset: string, policy: string): number {
  const resolved = config(preset)
  let goals = 0
  for (let e = 0; e < EPISODES; e++) {
    const agent = football.policies?.[policy](resolved)
    if (!agent) throw new Error(`no policy ${policy}`)
    const s = football.reset(resolved, `show/${e}`)
    const random = seeded(`show/${e}/0`)
    let plan: readonly number[] = []
    for (let at = 0; !s.terminated && !s.truncated; at++) {
      if (at >= plan.length) {
        plan = agent.act(s, 0, random)
        at = 0
      }
      football.step(s, [plan[at]])
    }
    if (football.outcome(s).success) goals++
  }
  return goals / EPISODES
}

/** Random actions on every scenario: nobody leaves the world, nothing is NaN, the ball is played again and again. */
function million(): void {
  const random = seeded('million')
  const names = Object.keys(SCENARIOS)
  let steps = 0
  let longest = 0
  let closest = 9
  for (let e = 0; steps < ROUNDS; e++) {
    const s = football.reset(seated(names[e % names.length], 1 + (e % 11), e % 4), `m${e}`)
    let kicks = 0
    let still = 0
    while (!s.terminated && !s.truncated && steps < ROUNDS) {
      football.step(
        s,
        Array.from({ length: s.setup.seats }, () => below(random, 33)),
      )
      check(s)
      closest = Math.min(closest, apart(s))
      const moves = s.world[WORLD.kick] !== kicks || s.world[WORLD.owner] < 0
      kicks = s.world[WORLD.kick]
      still = moves ? 0 : still + 1
      longest = Math.max(longest, still)
      steps++
    }
  }
  claim('no two players on one point in them', closest > 0.1, `${closest.toFixed(2)} m apart at least`)
  claim(`${ROUNDS} random steps without a player or ball where it cannot be`, true)
  claim('one player never keeps the ball for more than 1,000 of them', longest < 1000, `${longest}`)
}

/** Least distance between two players in metres. */
function apart(s: FootballState): number {
  let least = 9
  for (let p = 0; p < s.setup.count; p++) {
    for (let q = 0; q < p; q++) {
      if (!s.active[p] || !s.active[q]) continue
      const dx = s.x[p] - s.x[q]
      const dy = s.y[p] - s.y[q]
      if (dx < least && dx > -least) least = Math.min(least, Math.sqrt(dx * dx + dy * dy))
    }
  }
  return least
}

/** 3,000 steps, saved and loaded every hundred, end like the same steps undisturbed. */
function restored(): void {
  const resolved = config('11_vs_11_stochastic')
  const random = seeded('restored')
  const plain = football.reset(resolved, 'restored')
  let other = football.reset(resolved, 'restored')
  for (let i = 0; i < 3000; i++) {
    const actions = [below(random, 20)]
    football.step(plain, actions)
    football.step(other, actions)
    if (i % 100 === 0) other = football.load(football.save(other))
  }
  const hash = hashBytes(football.save(plain))
  claim(
    'a match of 3,000 steps is bit-equal when saved and restored on the way',
    hash === hashBytes(football.save(other)),
    hash,
  )
}
