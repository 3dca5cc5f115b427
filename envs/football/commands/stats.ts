import { z } from 'zod'
import { didYouMean, UserError } from '#core/base/errors'
import type { Command } from '#core/env/command'
import { parse } from '#core/env/config'
import { Config } from '../config.ts'
import { SCENARIOS } from '../scenarios/scenarios.ts'
import { type MatchStatistics, simulate } from './statistics.ts'

const Flags = z.object({
  _: z.array(z.string()).max(1).default([]).describe('[scenario]: its name'),
  matches: z.coerce.number().int().min(1).max(1000).default(10).describe('how many matches'),
  seed: z.string().default('stats').describe('match i is played with seed <seed>/<i>'),
  json: z.boolean().default(false).describe('one JSON object per match'),
})

/** Per match and in the mean: what built-in players do with each other. */
export const matchStats: Command = {
  summary: 'play Football matches between built-in players and count passes, shots, possession and distances',
  examples: ['kickpush stats', 'kickpush stats 5_vs_5 --matches 20'],
  flags: Flags,
  async run(given, io) {
    const { _: names, matches, seed, json } = parse(Flags, given, 'stats')
    const name = names[0] ?? '11_vs_11_stochastic'
    if (!Object.hasOwn(SCENARIOS, name)) {
      throw new UserError(`kickpush stats: no scenario '${name}'${didYouMean(name, Object.keys(SCENARIOS))}`)
    }
    const config = Config.parse({ preset: name, scenario: SCENARIOS[name], actionSet: 'full' })
    const all: MatchStatistics[] = []
    for (let i = 0; i < matches; i++) {
      const match = simulate(config, `${seed}/${i}`)
      all.push(match)
      if (json) io.print(JSON.stringify(match))
      else io.note(`match ${i + 1} of ${matches}: ${match.goals.join(':')}`)
    }
    if (!json) for (const line of summary(all)) io.print(line)
    return 0
  },
}

function summary(all: readonly MatchStatistics[]): string[] {
  const mean = (value: (match: MatchStatistics) => number) =>
    all.reduce((sum, match) => sum + value(match), 0) / all.length
  const row = (name: string, value: (match: MatchStatistics, team: 0 | 1) => number, unit = '') =>
    `${name.padEnd(28)}${mean((m) => value(m, 0))
      .toFixed(1)
      .padStart(8)}${mean((m) => value(m, 1))
      .toFixed(1)
      .padStart(8)} ${unit}`
  const share = (part: number, whole: number) => (whole === 0 ? 0 : (100 * part) / whole)
  const single = (name: string, value: (match: MatchStatistics) => number) =>
    `${name.padEnd(28)}${mean(value).toFixed(1).padStart(8)}`
  return [
    `${all.length} matches, mean per match${' '.repeat(7)}left   right`,
    row('goals', (m, t) => m.goals[t]),
    row('shots', (m, t) => m.shots[t]),
    row('shots on target', (m, t) => m.onTarget[t]),
    row('passes', (m, t) => m.passes[t]),
    row('passes received', (m, t) => share(m.received[t], m.passes[t]), '%'),
    row('possession', (m, t) => share(m.owned[t], m.owned[0] + m.owned[1]), '%'),
    row('distance run, all players', (m, t) => m.run[t] / 1000, 'km'),
    row('spread of field players', (m, t) => m.spread[t], 'm'),
    single('ball owned, % of steps', (m) => share(m.owned[0] + m.owned[1], m.steps)),
    single('tackles', (m) => m.tackles),
    single('fouls', (m) => m.fouls),
    single('offsides', (m) => m.offsides),
    single('ball out of play', (m) => m.out),
    single('steps', (m) => m.steps),
  ]
}
