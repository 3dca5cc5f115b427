/**
 * How many hard levels have a solution found, each in a minute of CPU time on one core: the 90 of XSokoban and the 135 of
 * Microban II, which Debian's package `cavepacker-data` carries, others of its packs by how the names of their files begin, and
 * those of files that are given. Every solution is played. It fails where fewer are solved than were, not where an aim is missed.
 *
 *   npm run shows -- solver
 *   npm run shows -- solver --seconds 10 --pack sasquatch01_ --pack gri0
 *   npm run shows -- solver --levels file.txt --pack none
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'
import { readLevels } from '../../envs/sokoban/index.ts'
import { isSolved, replay } from '../../envs/sokoban/plan.ts'
import { solve } from '../../envs/sokoban/solve/solve.ts'

/** Packs by how the names of their files begin: how many levels must still be solved in a minute each, and how many are to be. */
const PACKS: Readonly<Record<string, { readonly held: number; readonly aim: number }>> = {
  xsokoban: { held: 60, aim: 60 },
  microban02_: { held: 134, aim: 135 },
}
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
    pack: { type: 'string', multiple: true },
  },
})
const seconds = Number(values.seconds ?? 60)

/** The levels of packs that the package of Debian's has, or null where there is no Debian. */
function packaged(packs: readonly string[]): ReadonlyMap<string, string> | null {
  const folder = mkdtempSync(join(tmpdir(), 'kickpush-solver-'))
  try {
    execFileSync('apt-get', ['download', '-qq', 'cavepacker-data'], { cwd: folder, stdio: 'ignore' })
    execFileSync('dpkg-deb', ['-x', readdirSync(folder)[0], 'files'], { cwd: folder })
    const maps = join(folder, 'files/usr/share/games/cavepacker/maps')
    const files = readdirSync(maps)
      .filter((name) => name.endsWith('.sok'))
      .sort()
    const read = (name: string) => readFileSync(join(maps, name), 'utf8')
    return new Map(
      packs.map((pack) => [
        pack,
        files
          .filter((name) => name.startsWith(pack))
          .map(read)
          .join('\n\n'),
      ]),
    )
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
  const missed: number[] = []
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
    else missed.push(i + 1)
    console.log(`${name} ${i + 1}: ${found.status}, ${found.pushes} pushes, ${spent().toFixed(1)} CPU-s`)
  }
  const total = (process.cpuUsage().user - start) / 1e6
  const aim = PACKS[name] === undefined ? '' : ` (aim: ${PACKS[name].aim} in 60 s each)`
  console.log(
    `${name}: ${count} of ${entries.length} solved within ${seconds} s each, ${total.toFixed(0)} CPU-s in all${aim}`,
  )
  if (missed.length > 0) console.log(`${name}: not solved: ${missed.join(' ')}`)
  return count
}

for (const file of values.levels ?? []) solved(basename(file), readFileSync(file, 'utf8'))
const chosen = values.pack?.filter((pack) => pack !== 'none') ?? Object.keys(PACKS)
const texts = chosen.length > 0 ? packaged(chosen) : new Map<string, string>()
if (texts === null) {
  console.log('skipped: apt-get cannot download the package cavepacker-data, which has the levels')
  process.exit(SKIPPED)
}
const nameless = chosen.find((pack) => texts.get(pack) === '')
if (nameless !== undefined) {
  console.error(
    `--pack ${nameless}: no file of cavepacker-data begins so; xsokoban, microban02_ or sasquatch01_ do`,
  )
  process.exit(2)
}
const short = chosen.filter((pack) => solved(pack, texts.get(pack)!) < (PACKS[pack]?.held ?? 0))
process.exit(short.length === 0 ? 0 : 1)
