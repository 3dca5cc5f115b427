import { z } from 'zod'
import { didYouMean, UserError } from '#core/base/errors'
import { seeded } from '#core/base/random'
import type { Command } from '#core/env/command'
import { parse } from '#core/env/config'
import { Config, presets } from '../config.ts'
import { generate } from '../generate/generate.ts'
import { canonicalKey, type Level } from '../levels/level.ts'
import { writeLevel } from '../levels/xsb.ts'
import { solve } from '../solve/solve.ts'
import { progress } from './files.ts'
import { histogram, summary } from './histogram.ts'

const knob = Config.shape
const count = (description: string | undefined) =>
  z.coerce
    .number()
    .int()
    .min(0)
    .optional()
    .describe(description ?? '')

const Flags = z.object({
  preset: z
    .string()
    .default('small-v0')
    .describe(`one of ${Object.keys(presets).join(', ')}`),
  count: z.coerce.number().int().min(1).max(1_000_000).default(10).describe('how many levels'),
  seed: z.string().default('1').describe('level n comes from seed <seed>/<n>'),
  boxes: count(knob.boxes.description),
  width: count(knob.width.description),
  height: count(knob.height.description),
  walls: count(knob.walls.description),
  layout: z
    .string()
    .optional()
    .describe(knob.layout.description ?? ''),
  length: z
    .string()
    .optional()
    .describe(knob.length.description ?? ''),
  minLength: count(knob.minLength.description),
  maxLength: count(knob.maxLength.description),
  distinct: z.boolean().default(false).describe('leave out levels that are equal up to symmetry'),
  out: z.string().optional().describe('write to this file instead of standard output'),
  json: z.boolean().default(false).describe('one JSON object per level, with its optimal pushes and moves'),
  stats: z.boolean().default(false).describe('solve the levels and report how long their solutions are'),
})

/** Nodes a level may cost when only its length is wanted. */
const NODES = 300_000

export const generateLevels: Command = {
  summary: 'make Sokoban levels from a seed',
  examples: [
    'kickpush levels generate --preset small-v0 --count 100 --seed 7 --out small.txt',
    'kickpush levels generate --preset tiny-2 --min-length 12 --count 20 --json',
  ],
  flags: Flags,
  async run(given, io) {
    const flags = parse(Flags, given, 'levels generate')
    const config = configOf(flags)
    const lines: string[] = []
    const emit = (line: string) => (flags.out === undefined ? io.print(line) : lines.push(line))
    const seen = new Set<string>()
    const moves: number[] = []
    let duplicates = 0
    let unknown = 0
    const report = progress(io, flags.count, 'levels')
    const start = io.now()
    for (let index = 0; index < flags.count; index++) {
      const level = generate(config, seeded(`${flags.seed}/${index}`))
      const canonical = canonicalKey(level)
      if (seen.has(canonical)) duplicates++
      report(index + 1)
      if (flags.distinct && seen.has(canonical)) continue
      seen.add(canonical)
      const lengths = flags.json || flags.stats ? lengthsOf(level) : undefined
      if (lengths?.moves === null) unknown++
      else if (lengths) moves.push(lengths.moves)
      if (flags.json)
        emit(JSON.stringify({ index, level: writeLevel(level), boxes: config.boxes, ...lengths, canonical }))
      else emit(`; ${index}\n${writeLevel(level)}\n`)
    }
    const seconds = (io.now() - start) / 1000
    if (flags.out !== undefined) await io.write(flags.out, `${lines.join('\n')}\n`)
    const left = flags.distinct ? ' left out' : ''
    io.note(`${flags.count} levels in ${seconds.toFixed(2)} s, ${duplicates} duplicates${left}`)
    if (moves.length > 0) {
      io.note(`optimal moves: ${summary(moves)}${unknown > 0 ? `, ${unknown} unknown` : ''}`)
      for (const row of histogram(moves)) io.note(row)
    }
    return 0
  },
}

function configOf(flags: z.infer<typeof Flags>): Config {
  const { preset, count: _, seed, distinct, out, json, stats, ...knobs } = flags
  if (!Object.hasOwn(presets, preset)) {
    throw new UserError(`no preset '${preset}'${didYouMean(preset, Object.keys(presets))}`)
  }
  const given = Object.fromEntries(Object.entries(knobs).filter(([, value]) => value !== undefined))
  return parse(Config, { preset, ...presets[preset as keyof typeof presets], ...given }, 'levels generate')
}

/** Fewest pushes and fewest moves, null where the limit was reached. */
function lengthsOf(level: Level): { pushes: number | null; moves: number | null } {
  const pushes = solve(level, { optimal: 'pushes', nodes: NODES })
  const moves = solve(level, { optimal: 'moves', nodes: NODES })
  return {
    pushes: pushes.status === 'solved' ? pushes.pushes : null,
    moves: moves.status === 'solved' ? moves.plan.length : null,
  }
}
