import { z } from 'zod'
import type { Command } from '#core/env/command'
import { parse } from '#core/env/config'
import { BOX, WALL } from '../levels/level.ts'
import { solve } from '../solve/solve.ts'
import { distinct, fileFlags, progress, readFiles } from './files.ts'
import { histogram, summary } from './histogram.ts'

const Flags = z.object({
  ...fileFlags,
  limitMs: z.coerce.number().min(1).default(2_000).describe('milliseconds before a level is given up'),
  json: z.boolean().default(false).describe('one JSON object instead of lines'),
})

export const levelStats: Command = {
  summary: 'count Sokoban levels, duplicates, sizes, boxes and optimal lengths',
  examples: ['kickpush levels stats microban.txt', 'kickpush levels stats --file small.txt --json'],
  flags: Flags,
  async run(given, io) {
    const flags = parse(Flags, given, 'levels stats')
    const entries = await readFiles(flags, io)
    const report = progress(io, 2 * entries.length, 'searches')
    let searches = 0
    const lengths = { pushes: [] as number[], moves: [] as number[] }
    for (const { level } of entries) {
      for (const optimal of ['pushes', 'moves'] as const) {
        const start = io.now()
        const solution = solve(level, { optimal, expired: () => io.now() - start > flags.limitMs })
        if (solution.status === 'solved') {
          lengths[optimal].push(optimal === 'pushes' ? solution.pushes : solution.plan.length)
        }
        report(++searches)
      }
    }
    const count = entries.length
    const duplicates = count - distinct(entries).length
    const sizes = tally(entries.map(({ level }) => `${level.height}x${level.width}`))
    const boxes = entries.map(({ level }) => level.cells.filter((flags) => flags & BOX).length)
    const floor = entries.map(({ level }) => level.cells.filter((flags) => !(flags & WALL)).length)
    if (flags.json) {
      const unsolved = { pushes: count - lengths.pushes.length, moves: count - lengths.moves.length }
      io.print(
        JSON.stringify({ levels: count, duplicates, sizes, boxes: tally(boxes), unsolved, ...lengths }),
      )
      return 0
    }
    io.print(`${count} levels, ${duplicates} duplicates up to symmetry`)
    const common = Object.entries(sizes).sort(([, a], [, b]) => b - a)
    const others = common.length > 8 ? `, ${common.length - 8} other sizes` : ''
    io.print(
      `rows x columns: ${common
        .slice(0, 8)
        .map(([size, n]) => `${size} (${n})`)
        .join(', ')}${others}`,
    )
    io.print(`boxes: ${summary(boxes)}`)
    io.print(`cells inside the walls: ${summary(floor)}`)
    for (const optimal of ['pushes', 'moves'] as const) {
      const unsolved = count - lengths[optimal].length
      io.print(
        `fewest ${optimal}: ${summary(lengths[optimal])}${unsolved > 0 ? `, ${unsolved} not solved` : ''}`,
      )
      for (const row of histogram(lengths[optimal])) io.print(row)
    }
    return 0
  },
}

function tally(values: readonly (string | number)[]): Record<string, number> {
  const counts = new Map<string | number, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return Object.fromEntries(counts)
}
