/**
 * Football's figures: speed, outcomes of agents, and a match that is saved and restored on the way; fairness and a million
 * random steps are shows of their own (football-fair, football-million). About a minute.
 */

import { hashBytes } from '#core/base/hash'
import { below, seeded } from '#core/base/random'
import { resolveConfig } from '#core/env/config'
import { measure } from '../../bench/benchmark.ts'
import { footballBenchmarks } from '../../bench/football.ts'
import { Config } from '../../envs/football/config.ts'
import { football } from '../../envs/football/index.ts'
import { SCENARIOS } from '../../envs/football/scenarios/scenarios.ts'
import { claim, show } from './show.ts'

const FLOORS: Readonly<Record<string, number>> = {
  'football.11v11.step': 50_000,
  'football.academy.step': 150_000,
  'football.reset': 20_000,
  'football.frame': 5_000,
}
const EPISODES = 20

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
  restored()
})

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
