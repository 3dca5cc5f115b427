import { z } from 'zod'
import type { Command } from '#core/command'
import { parse } from '#core/config'
import { calibration, within } from '../calibration.ts'

const Flags = z.object({
  json: z.boolean().default(false).describe('print rows as JSON'),
})

/** Our figures beside Google Research Football's. */
export const benchCalibration: Command = {
  summary: 'measure Football as Google Research Football was measured, and compare',
  examples: ['kickpush bench calibration', 'kickpush bench calibration --json'],
  flags: Flags,
  async run(given, io) {
    const { json } = parse(Flags, given, 'bench calibration')
    const rows = calibration()
    if (json) {
      io.print(JSON.stringify(rows))
      return 0
    }
    io.print(`  ${'measure'.padEnd(66)}${'ours'.padStart(9)}${'GRF'.padStart(9)}  difference`)
    for (const row of rows) {
      const difference =
        row.unit === '%' ? `${row.difference.toFixed(0)} points` : `${(100 * row.difference).toFixed(0)} %`
      const mark = within(row) ? ' ' : '!'
      io.print(
        `${mark} ${row.name.padEnd(66)}${String(row.ours).padStart(9)}${String(row.grf).padStart(9)}  ${difference.padStart(10)}  ${row.unit}`,
      )
    }
    const good = rows.filter(within).length
    io.print(`${good} of ${rows.length} within 15 % (rates: 15 points); ! marks the others`)
    return 0
  },
}
