import { z } from 'zod'
import { calibration, PARTS } from '#bench/calibration/index'
import { byMechanism, overall, standardised, type Verdict, verdict, within } from '#bench/calibration/judge'
import { rankings } from '#bench/calibration/minis'
import { STANDARD } from '#bench/calibration/play'
import { didYouMean, UserError } from '#core/base/errors'
import { parse } from '#core/env/config'
import type { Command } from '../command.ts'

const flags = z.object({
  _: z
    .array(z.string())
    .default([])
    .describe(`[part]...: ${Object.keys(PARTS).join(', ')}; all of them unless given`),
  all: z.boolean().default(false).describe('print every figure, not only the verdicts'),
  episodes: z.coerce
    .number()
    .int()
    .min(1)
    .max(20)
    .default(STANDARD.episodes)
    .describe('how much is played for each figure'),
  json: z.boolean().default(false).describe('print every figure as JSON'),
})

/** Our figures beside those that were measured on the original, by mechanism, fitted and held out apart. */
export const command: Command = {
  summary: 'measure a simulation as its original was measured, and say how near it is',
  examples: ['kickpush bench calibration', 'kickpush bench calibration defending --all'],
  flags,
  async run(given, io) {
    const { _: parts, all, episodes, json } = parse(flags, given, 'bench calibration')
    const known = Object.keys(PARTS)
    for (const part of parts) {
      if (!known.includes(part))
        throw new UserError(`kickpush bench calibration: no part '${part}'${didYouMean(part, known)}`)
    }
    const cells = calibration({ ...STANDARD, episodes }, parts.length > 0 ? parts : known)
    if (json) {
      const rows = cells.map((cell) => ({ ...cell, standardised: standardised(cell), within: within(cell) }))
      io.print(JSON.stringify(rows))
      return 0
    }
    for (const cell of all ? cells : []) {
      const mark = `${within(cell) ? ' ' : '!'}${cell.heldOut ? 'h' : ' '}`
      const figures = [cell.ours.mean, cell.grf.mean, standardised(cell)]
      io.print(
        `${mark} ${cell.name.padEnd(92)}${figures.map((value) => value.toFixed(2).padStart(9)).join('')}`,
      )
    }
    if (all) io.print('columns: ours, original, difference in standard errors; ! outside, h held out\n')
    io.print(
      `${''.padEnd(14)}${'within (fitted)'.padStart(18)}${'rms'.padStart(7)}${'within (held out)'.padStart(20)}${'rms'.padStart(7)}`,
    )
    for (const { mechanism, fitted, heldOut } of byMechanism(cells)) io.print(row(mechanism, fitted, heldOut))
    io.print(
      row(
        'all',
        verdict(cells.filter((cell) => !cell.heldOut)),
        verdict(cells.filter((cell) => cell.heldOut)),
      ),
    )
    io.print(`overall: ${overall(cells).toFixed(2)} standard errors (0 is equal; mechanisms weigh alike)`)
    const ranked = rankings(cells)
    if (ranked.length > 0) {
      io.print(
        `rank order of bots by goals: ${ranked.filter(({ agree }) => agree).length} of ${ranked.length} scenarios`,
      )
    }
    return 0
  },
}

function row(name: string, fitted: Verdict, heldOut: Verdict): string {
  const share = ({ cells, within: near }: Verdict) =>
    cells === 0 ? '-' : `${near} of ${cells}, ${Math.round((100 * near) / cells)} %`
  const rms = ({ cells, rms: value }: Verdict) => (cells === 0 ? '-' : value.toFixed(2))
  return `${name.padEnd(14)}${share(fitted).padStart(18)}${rms(fitted).padStart(7)}${share(heldOut).padStart(20)}${rms(heldOut).padStart(7)}`
}
