/**
 * How many pushes solve the levels of each preset, beside what was measured of gym-sokoban and Boxoban:
 *
 *   npm run shows -- levels
 */
import { seeded } from '#core/base/random'
import { Config, presets } from '../../envs/sokoban/config.ts'
import { generate } from '../../envs/sokoban/generate/generate.ts'
import { solve } from '../../envs/sokoban/solve/solve.ts'

/** Fewest pushes at the quantiles 10, 50 and 90 %. */
const THEIRS: Readonly<Record<string, readonly number[]>> = {
  'small-v0': [2, 4, 7],
  'small-v1': [4, 6, 10],
  v0: [6, 11, 16],
  v1: [8, 14, 21],
  v2: [10, 15, 18],
  'large-v0': [8, 14, 24],
  boxoban: [7, 12, 18],
}
const LEVELS = 1000

let holds = true
for (const [name, theirs] of Object.entries(THEIRS)) {
  const config = Config.parse(presets[name as keyof typeof presets])
  const pushes = Array.from({ length: LEVELS }, (_, i) => {
    const found = solve(generate(config, seeded(`q/${i}`)), { optimal: 'pushes', nodes: 200_000 })
    return found.status === 'solved' ? found.pushes : Number.POSITIVE_INFINITY
  }).sort((a, b) => a - b)
  const ours = [0.1, 0.5, 0.9].map((share) => pushes[Math.round(share * (LEVELS - 1))])
  const ok = ours.every((value, i) => Math.abs(value - theirs[i]) <= 1)
  console.log(`${ok ? 'ok   ' : 'FAILS'} ${name}: ${ours.join(' / ')} pushes (theirs ${theirs.join(' / ')})`)
  if (!ok) holds = false
}
process.exit(holds ? 0 : 1)
