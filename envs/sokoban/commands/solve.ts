import { z } from 'zod'
import type { Command } from '#core/env/command'
import { parse } from '#core/env/config'
import { lurd } from '../plan.ts'
import { solve } from '../solve/solve.ts'
import { fileFlags, progress, readFiles } from './files.ts'

const Flags = z.object({
  ...fileFlags,
  optimal: z
    .enum(['pushes', 'moves'])
    .default('pushes')
    .describe('what the solutions have the fewest of: pushes or moves'),
  any: z
    .boolean()
    .default(false)
    .describe('take the first solution that is found, however long: for levels too hard for shortest ones'),
  limitMs: z.coerce.number().min(1).default(10_000).describe('milliseconds before a level is given up'),
  limitNodes: z.coerce
    .number()
    .int()
    .min(1000)
    .max(20_000_000)
    .default(6_000_000)
    .describe('positions kept before a level is given up (about 40 bytes each, and 2 per box)'),
  json: z.boolean().default(false).describe('one JSON object per level'),
})

/** More than is done in a millisecond: where any solution will do, time is the limit, and the room that positions take. */
const WORK_PER_MS = 1_000_000

export const solveLevels: Command = {
  summary: 'solve Sokoban levels, optimally or at all',
  examples: [
    'kickpush levels solve --file microban.txt --optimal pushes --limit-ms 10000 --json',
    'kickpush levels solve small.txt --optimal moves',
    'kickpush levels solve hard.txt --any --limit-ms 60000',
  ],
  flags: Flags,
  async run(given, io) {
    const flags = parse(Flags, given, 'levels solve')
    const entries = await readFiles(flags, io)
    const report = progress(io, entries.length, 'levels')
    const several = new Set(entries.map(({ file }) => file)).size > 1
    let solved = 0
    let unsolvable = 0
    for (const [index, { level, name, file, number }] of entries.entries()) {
      const start = io.now()
      const { status, limit, plan, pushes, nodes } = solve(level, {
        optimal: flags.any ? 'any' : flags.optimal,
        nodes: flags.limitNodes,
        ...(flags.any && { work: flags.limitMs * WORK_PER_MS }),
        expired: () => io.now() - start > flags.limitMs,
      })
      const ms = Math.round(io.now() - start)
      const found = status === 'solved'
      if (found) solved++
      if (status === 'unsolvable') unsolvable++
      const solution = found ? lurd(level, plan) : null
      if (flags.json) {
        const lengths = { pushes: found ? pushes : null, moves: found ? plan.length : null }
        io.print(
          JSON.stringify({
            index,
            file,
            number,
            name,
            solved: found,
            status,
            limit,
            ...lengths,
            solution,
            ms,
            nodes,
          }),
        )
      } else {
        const what = found
          ? `${pushes} pushes, ${plan.length} moves: ${solution}`
          : status === 'limit'
            ? `unsolved at the limit of ${limit}`
            : status
        const label = several
          ? `${file}, level ${number}${name === undefined ? '' : ` (${name})`}`
          : (name ?? index)
        io.print(`${label}: ${what}`)
      }
      report(index + 1)
    }
    const rest = entries.length - solved - unsolvable
    io.note(
      `${entries.length} levels: ${solved} solved, ${unsolvable} without a solution, ${rest} given up at the limit`,
    )
    return 0
  },
}
