/**
 * How many hard levels have a solution found, each in a minute of CPU time on one core: 88 of XSokoban's 90, which Debian's
 * package `xsok` carries, and others of files that are given. Every solution is played.
 *
 *   npm run shows -- solver
 *   npm run shows -- solver --seconds 10 --levels file.txt
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'
import { readLevels } from '../../envs/sokoban/index.ts'
import { isSolved, replay } from '../../envs/sokoban/plan.ts'
import { solve } from '../../envs/sokoban/solve/solve.ts'

/** Of XSokoban, in a minute each. */
const AIM = 60
const SKIPPED = 77
/** As the command line allows. */
const NODES = 6_000_000
/** More than is done in a second. */
const WORK = 1e9

const { values } = parseArgs({
  options: {
    levels: { type: 'string', multiple: true },
    seconds: { type: 'string' },
    data: { type: 'string' },
  },
})
const seconds = Number(values.seconds ?? 60)

/** The levels that the package of Debian's has, or null where there is no Debian. */
function xsokoban(): string | null {
  const folder = mkdtempSync(join(tmpdir(), 'kickpush-solver-'))
  try {
    execFileSync('apt-get', ['download', '-qq', 'xsok'], { cwd: folder, stdio: 'ignore' })
    execFileSync('dpkg-deb', ['-x', readdirSync(folder)[0], 'files'], { cwd: folder })
    const text = readFileSync(join(folder, 'files/usr/share/games/xsok/Sokoban.def'), 'latin1')
    return text.slice(text.indexOf(';LEVEL 1\n')).replaceAll(';LEVEL', '\n; ')
  } catch {
    return null
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** @returns how many of the levels are solved. */
function solved(name: string, text: string): number {
  const entries = readLevels(text)
  let count = 0
  const start = process.cpuUsage().user
  for (const [i, { level }] of entries.entries()) {
    const from = process.cpuUsage().user
    const spent = (): number => (process.cpuUsage().user - from) / 1e6
    const limits = { nodes: NODES, work: seconds * WORK, expired: () => spent() > seconds }
    const found = solve(level, { optimal: 'any', ...limits })
    const end = found.status === 'solved' ? replay(level, found.plan) : null
    if (end !== null && isSolved(end)) count++
    else if (found.status === 'solved')
      throw new Error(`${name}, level ${i + 1}: the solution does not solve it`)
    console.log(`${name} ${i + 1}: ${found.status}, ${found.pushes} pushes, ${spent().toFixed(1)} CPU-s`)
  }
  const total = (process.cpuUsage().user - start) / 1e6
  console.log(`${name}: ${count} of ${entries.length} solved, ${total.toFixed(0)} CPU-s in all`)
  return count
}

for (const file of values.levels ?? []) solved(basename(file), readFileSync(file, 'utf8'))
const text = xsokoban()
if (text === null) {
  console.log('skipped: apt-get cannot download the package xsok, which has the levels')
  process.exit(SKIPPED)
}
process.exit(solved('XSokoban', text) >= AIM ? 0 : 1)
