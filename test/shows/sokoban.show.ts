/**
 * Figures of Sokoban's generator and solver, in CPU time:
 *
 *   npm run shows -- sokoban --data <folder>     level files in <folder>/sokoban
 */
import { readFileSync } from 'node:fs'
import { seeded } from '#core/base/random'
import { Config, presets } from '../../envs/sokoban/config.ts'
import { generate } from '../../envs/sokoban/generate/generate.ts'
import { canonicalKey } from '../../envs/sokoban/levels/level.ts'
import { type Entry, readLevels } from '../../envs/sokoban/levels/xsb.ts'
import { isSolved, replay } from '../../envs/sokoban/plan.ts'
import { solve } from '../../envs/sokoban/solve/solve.ts'
import { dataFile } from './data.ts'

/** Most milliseconds of a level. */
const LIMIT = 10_000

let holds = true
function claim(what: string, value: number, ok: boolean, wanted: string): void {
  console.log(`${ok ? 'ok   ' : 'FAILS'} ${what}: ${Number(value.toFixed(2))} (${wanted})`)
  if (!ok) holds = false
}

const cpu = (): number => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

for (const [name, preset] of Object.entries(presets)) {
  const config = Config.parse(preset)
  const make = (seed: string) => generate(config, seeded(seed))
  for (let i = 0; i < 50; i++) make(`warm/${i}`)
  const keys = new Set<string>()
  const times = Array.from({ length: 500 }, (_, i) => {
    const start = cpu()
    const level = make(`show/${i}`)
    const ms = cpu() - start
    keys.add(canonicalKey(level))
    return ms
  }).sort((a, b) => a - b)
  const sum = times.reduce((total, ms) => total + ms, 0)
  console.log(
    `      ${name}: ${Math.round(500_000 / sum)} levels per CPU-s, ${500 - keys.size} duplicates of 500`,
  )
  claim(`${name}, median ms`, times[250], times[250] < 50, 'under 50')
  claim(`${name}, slowest ms`, times[499], times[499] < 250, 'under 250')
  if (name === 'small-v0') claim('small-v0, levels per CPU-s', 500_000 / sum, sum < 500, 'at least 1000')
}

// Curricula: a wanted range of optimal lengths, which the solver confirms.
for (const knobs of [
  { preset: 'small-v0', minLength: 10, maxLength: 15 },
  { preset: 'small-v0', minLength: 25, maxLength: 30 },
  { preset: 'small-v1', length: 'pushes', minLength: 8, maxLength: 12 },
  { preset: 'boxoban', length: 'pushes', minLength: 15, maxLength: 20 },
  { preset: 'boxoban', minLength: 40, maxLength: 60 },
] as const) {
  const config = Config.parse({ ...presets[knobs.preset], ...knobs })
  let fit = 0
  const start = cpu()
  const made = Array.from({ length: 20 }, (_, i) => generate(config, seeded(`range/${i}`)))
  const ms = (cpu() - start) / 20
  for (const level of made) {
    const { status, plan, pushes } = solve(level, { optimal: config.length })
    const length = config.length === 'moves' ? plan.length : pushes
    if (status === 'solved' && length >= knobs.minLength && length <= knobs.maxLength) fit++
  }
  const what = `${knobs.preset}, ${knobs.minLength} to ${knobs.maxLength} ${config.length}`
  claim(`${what}, of 20 in range`, fit, fit === 20, 'all')
  console.log(`      ${what}: ${ms.toFixed(1)} CPU-ms a level`)
}

const boxoban = ['unfiltered-test-1000', 'medium-valid-200', 'hard-200'].flatMap((name) =>
  readLevels(readFileSync(dataFile(`sokoban/boxoban-${name}.txt`), 'utf8')),
)
const microban = readLevels(readFileSync(dataFile('sokoban/microban-155.txt'), 'utf8'))

const pushes = solveAll(boxoban, 'pushes')
claim(
  'Boxoban push-optimal, solved',
  pushes.solved,
  pushes.solved === boxoban.length,
  `all ${boxoban.length}`,
)
claim('Boxoban push-optimal, CPU-s', pushes.seconds, pushes.seconds < 2, 'within 2')
const moves = solveAll(boxoban, 'moves')
claim('Boxoban move-optimal, solved', moves.solved, moves.solved === boxoban.length, `all ${boxoban.length}`)
claim('Boxoban move-optimal, CPU-s', moves.seconds, moves.seconds < 60, 'within 60')
const hard = solveAll(microban, 'pushes')
claim('Microban push-optimal, solved', hard.solved, hard.solved >= 145, 'at least 145 of 155')
console.log(`      in ${hard.seconds.toFixed(1)} CPU-s; not solved: ${hard.unsolved.join(', ') || 'none'}`)
process.exit(holds ? 0 : 1)

function solveAll(entries: readonly Entry[], optimal: 'pushes' | 'moves') {
  const from = cpu()
  let solved = 0
  const unsolved: string[] = []
  for (const [index, { level, name }] of entries.entries()) {
    const start = cpu()
    const solution = solve(level, { optimal, nodes: 6_000_000, expired: () => cpu() - start > LIMIT })
    const end = replay(level, solution.plan)
    if (solution.status === 'solved' && end !== null && isSolved(end)) solved++
    else unsolved.push(name ?? String(index))
  }
  return { solved, unsolved, seconds: (cpu() - from) / 1000 }
}
