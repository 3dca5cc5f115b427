import { z } from 'zod'
import { type Measurement, measure } from '#bench/benchmark'
import { BENCHMARKS } from '#bench/index'
import { didYouMean, UserError } from '#core/base/errors'
import { append } from '#core/base/lists'
import type { Command } from '../command.ts'
import { packaged } from '../root.ts'

const flags = z.object({
  _: z
    .array(z.string())
    .default([])
    .describe(`[group]...: ${Object.keys(BENCHMARKS).join(', ')}; all of them unless given`),
  json: z.boolean().default(false).describe('print rows as JSON'),
  check: z.boolean().default(false).describe('compare with bench/floors.json; exit 1 below a floor'),
  only: z.string().optional().describe('only benchmarks whose name begins with this'),
})

/** Benchmarks of every room, per CPU-second. */
export const command: Command = {
  summary: 'measure every room, per CPU-second',
  examples: ['kickpush bench', 'kickpush bench envs --json', 'kickpush bench train --check'],
  flags,
  async run(given, io) {
    const { _: groups, json, check, only = '' } = flags.parse(given)
    const known = Object.keys(BENCHMARKS)
    for (const group of groups) {
      if (!known.includes(group))
        throw new UserError(`kickpush bench: no group '${group}'${didYouMean(group, known)}`)
    }
    const rows: Measurement[] = []
    for (const group of groups.length > 0 ? groups : known) {
      for (const benchmark of await BENCHMARKS[group]()) {
        if (!benchmark.name.startsWith(only)) continue
        const found = 'survey' in benchmark ? await benchmark.survey() : [await measure(benchmark)]
        append(rows, found)
        if (json) continue
        for (const { name, value, unit, runs } of found) {
          const whole = 'survey' in benchmark ? unit : `${unit}/CPU-s`
          io.print(
            `${name.padEnd(34)}${count(value).padStart(10)} ${whole}   (${runs.map(count).join(', ')})`,
          )
        }
      }
    }
    if (rows.length === 0) throw new UserError(`kickpush bench: no benchmark begins with '${only}'`)
    if (json) io.print(JSON.stringify(rows))
    if (!check) return 0
    const floors = JSON.parse(await io.read(packaged('bench/floors.json'))) as Record<string, number>
    const slow = rows.filter((row) => row.value < (floors[row.name] ?? 0))
    for (const row of slow)
      io.note(`${row.name}: ${count(row.value)} is below its floor ${count(floors[row.name])}`)
    return slow.length > 0 ? 1 : 0
  },
}

function count(value: number): string {
  if (value >= 1e6) return `${(value / 1e6).toFixed(1)}M`
  return value >= 1e4 ? `${(value / 1e3).toFixed(1)}k` : value.toFixed(value < 100 ? 1 : 0)
}
