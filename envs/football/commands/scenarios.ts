import { z } from 'zod'
import { didYouMean, UserError } from '#core/base/errors'
import { append } from '#core/base/lists'
import type { Command } from '#core/env/command'
import { parse } from '#core/env/config'
import { Config } from '../config.ts'
import { DRILLS } from '../scenarios/drills.ts'
import { Scenario } from '../scenarios/scenario.ts'
import { SCENARIOS } from '../scenarios/scenarios.ts'
import { simulate } from './statistics.ts'

const ListFlags = z.object({
  _: z.array(z.string()).default([]).describe('[text]: only names that contain it'),
  json: z
    .boolean()
    .default(false)
    .describe('one JSON object with every scenario in full, without those that are drawn'),
})

/** Names of the scenarios and what they are. */
export const listScenarios: Command = {
  summary: 'list the Football scenarios',
  examples: ['kickpush scenarios list', 'kickpush scenarios list academy --json'],
  flags: ListFlags,
  async run(given, io) {
    const { _: parts, json } = parse(ListFlags, given, 'scenarios list')
    const drills = Object.entries(DRILLS).map(([name, { title }]) => [`drill_${name}`, title] as const)
    const named = ([name]: readonly [string, unknown]): boolean => parts.every((part) => name.includes(part))
    const found = Object.entries(SCENARIOS).filter(named)
    const drawn = json ? [] : drills.filter(named)
    if (found.length + drawn.length === 0) {
      const known = [...Object.keys(SCENARIOS), ...drills.map(([name]) => name)]
      throw new UserError(
        `kickpush scenarios list: no name contains '${parts.join("' and '")}'${didYouMean(parts[0], known)}`,
      )
    }
    if (json) io.print(JSON.stringify(Object.fromEntries(found)))
    else {
      for (const [name, scenario] of found) io.print(`${name.padEnd(42)}${described(scenario)}`)
      for (const [name, title] of drawn) io.print(`${name.padEnd(42)}drawn from the seed: ${title}`)
    }
    return 0
  },
}

function described({ left, right, duration, endOnScore, offsides }: Scenario): string {
  const sides = `${left.players.length} v ${right.players.length}`.padEnd(9)
  const ends = endOnScore ? 'ends with a goal' : offsides ? 'a match with offsides' : 'a match'
  return `${sides}difficulty ${left.difficulty} v ${right.difficulty}, ${duration} steps, ${ends}`
}

const ImportFlags = z.object({
  _: z.array(z.string()).default([]).describe("<file>...: Google Research Football's scenario files (.py)"),
  episode: z.coerce
    .number()
    .int()
    .min(0)
    .default(0)
    .describe('what EpisodeNumber() gives: files often swap sides by its parity'),
  out: z.string().optional().describe('write one JSON object here instead of printing it'),
})

/** Scenario files of Google Research Football as our JSON. */
export const importScenarios: Command = {
  summary: 'read Google Research Football scenario files, without running them',
  examples: [
    'kickpush scenarios import academy_corner.py',
    'kickpush scenarios import *.py --out scenarios.json',
    'kickpush scenarios import 11_vs_11_stochastic.py --episode 1',
  ],
  flags: ImportFlags,
  async run(given, io) {
    const { _: files, episode, out } = parse(ImportFlags, given, 'scenarios import')
    if (files.length === 0) throw new UserError('kickpush scenarios import: name at least one .py file')
    const { readPython } = await import('../python/index.ts')
    const found = new Map<string, Scenario>()
    const refused: string[] = []
    for (const file of files) {
      const name = file.replace(/^.*[/\\]/, '').replace(/\.py$/, '')
      try {
        if (found.has(name)) throw new UserError(`${file}: a scenario named '${name}' was read already`)
        found.set(name, readPython(await io.read(file), file, episode))
      } catch (problem) {
        if (!(problem instanceof UserError)) throw problem
        refused.push(problem.message)
      }
    }
    if (found.size > 0) {
      const text = JSON.stringify(Object.fromEntries(found), null, 1)
      if (out === undefined) io.print(text)
      else {
        await io.write(out, `${text}\n`)
        io.note(`${found.size} scenario${found.size === 1 ? '' : 's'} written to ${out}`)
      }
    }
    for (const line of refused) io.note(line)
    return refused.length === 0 ? 0 : 2
  },
}

const SchemaFlags = z.object({})

/** What a scenario of one's own may say, for editors that complete and check JSON. */
export const scenarioSchema: Command = {
  summary: 'print the JSON Schema of a Football scenario',
  examples: ['kickpush scenarios schema > scenario.schema.json'],
  flags: SchemaFlags,
  async run(given, io) {
    parse(SchemaFlags, given, 'scenarios schema')
    io.print(JSON.stringify(z.toJSONSchema(Scenario, { io: 'input' }), null, 1))
    return 0
  },
}

const CheckFlags = z.object({
  _: z
    .array(z.string())
    .default([])
    .describe('[file]...: JSON files of scenarios; the built-in ones unless given'),
  steps: z.coerce.number().int().min(1).max(100_000).default(400).describe('steps to play of each'),
})

/** Plays scenarios, and says which cannot be played or leave the pitch. */
export const checkScenarios: Command = {
  summary: 'play every Football scenario, or those of a JSON file, and report what is wrong',
  examples: ['kickpush scenarios check', 'kickpush scenarios check mine.json --steps 1000'],
  flags: CheckFlags,
  async run(given, io) {
    const { _: files, steps } = parse(CheckFlags, given, 'scenarios check')
    const all: [string, unknown][] = files.length === 0 ? Object.entries(SCENARIOS) : []
    for (const file of files) append(all, Object.entries(asObject(await io.read(file), file)))
    let wrong = 0
    for (const [name, value] of all) {
      try {
        const scenario = parse(Scenario, value, name)
        const match = simulate(Config.parse({ scenario, actionSet: 'full' }), 'check', steps)
        io.print(`ok   ${name.padEnd(42)}${match.steps} steps, ${match.ending}, ${match.goals.join(':')}`)
      } catch (problem) {
        wrong++
        io.print(`BAD  ${name.padEnd(42)}${problem instanceof Error ? problem.message : problem}`)
      }
    }
    return wrong === 0 ? 0 : 1
  },
}

/** A file holds one scenario, or several by name. */
function asObject(text: string, file: string): Record<string, unknown> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new UserError(`${file}: not JSON`)
  }
  if (typeof value !== 'object' || value === null) throw new UserError(`${file}: not an object of scenarios`)
  return 'left' in value && 'right' in value ? { [file]: value } : { ...value }
}
