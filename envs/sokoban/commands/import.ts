import { z } from 'zod'
import type { Command } from '#core/env/command'
import { parse } from '#core/env/config'
import { BOX, type Level } from '../levels/level.ts'
import { type Entry, writeLevels } from '../levels/xsb.ts'
import { solve } from '../solve/solve.ts'
import { distinct, fileFlags, progress, readFiles } from './files.ts'

const bound = z.coerce.number().int().min(0).optional()

const Flags = z.object({
  ...fileFlags,
  distinct: z.boolean().default(false).describe('leave out levels that are equal up to symmetry'),
  boxes: bound.describe('only levels with this many boxes'),
  solvable: z.boolean().default(false).describe('only levels for which a solution is found'),
  length: z.enum(['moves', 'pushes']).default('moves').describe('what min-length and max-length count'),
  minLength: bound.describe('only levels whose shortest solution is at least so long'),
  maxLength: bound.describe('only levels whose shortest solution is at most so long'),
  limitMs: z.coerce
    .number()
    .min(1)
    .default(10_000)
    .describe('milliseconds before the length of a level counts as unknown'),
  out: z.string().optional().describe('write to this file instead of standard output'),
})
type Options = z.infer<typeof Flags>

export const importLevels: Command = {
  summary: 'check Sokoban level files, choose among their levels and write them as plain XSB',
  examples: [
    'kickpush levels import microban.txt boxoban/*.txt --distinct --out levels.txt',
    'kickpush levels import boxoban/*.txt --length pushes --min-length 10 --max-length 20 --out middle.txt',
  ],
  flags: Flags,
  async run(given, io) {
    const flags = parse(Flags, given, 'levels import')
    const all = await readFiles(flags, io)
    const different = distinct(all)
    const { boxes, solvable, minLength, maxLength } = flags
    let entries = (flags.distinct ? different : all).filter(
      ({ level }) => boxes === undefined || boxesOf(level) === boxes,
    )
    let unknown = 0
    if (solvable || minLength !== undefined || maxLength !== undefined) {
      const report = progress(io, entries.length, 'levels')
      const chosen: Entry[] = []
      for (const [index, entry] of entries.entries()) {
        const length = lengthOf(entry.level, flags, io.now)
        if (length === null) unknown++
        else if (length >= (minLength ?? 0) && length <= (maxLength ?? length)) chosen.push(entry)
        report(index + 1)
      }
      entries = chosen
    }
    const text = writeLevels(entries)
    if (flags.out === undefined) io.print(text.trimEnd())
    else await io.write(flags.out, text)
    io.note(
      `${all.length} levels read, ${all.length - different.length} of them duplicates, ${entries.length} written` +
        (unknown > 0 ? `; ${unknown} left out because their length was not found in time` : ''),
    )
    return 0
  },
}

/** Of the shortest solution: -1 without one, null when the search ended first. */
function lengthOf(level: Level, { length, limitMs }: Options, now: () => number): number | null {
  const start = now()
  const { status, plan, pushes } = solve(level, {
    optimal: length,
    nodes: 6_000_000,
    expired: () => now() - start > limitMs,
  })
  if (status === 'limit') return null
  return status === 'unsolvable' ? -1 : length === 'moves' ? plan.length : pushes
}

function boxesOf(level: Level): number {
  return level.cells.filter((flags) => flags & BOX).length
}
