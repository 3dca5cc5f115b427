import { z } from 'zod'
import type { Cell } from '#agent/trainer/cells'
import type { Result } from '#agent/trainer/evaluate'
import { Evaluation, type Recipe } from '#agent/trainer/recipe'
import type { SeedResults } from '#agent/trainer/reproduce'
import { interval, pairedDifference, percent, plain } from '#agent/trainer/statistics'
import type { MetricsRow } from '#core/run'

const modality = z.enum(['text', 'frame', 'both'])

/** What a study reports: which agents, which claims, and what the paper says. */
export const Study = z.strictObject({
  title: z.string(),
  paper: z.array(z.string()).describe("columns of the paper's own scores"),
  rows: z.array(
    z.strictObject({ agent: z.string(), name: z.string(), paper: z.array(z.number()).default([]) }),
  ),
  claims: z.array(z.strictObject({ claim: z.string(), agent: z.string(), baseline: z.string(), modality })),
  race: z
    .strictObject({ agent: z.string(), against: z.string() })
    .describe('episodes that `agent` needs to reach what `against` reaches at its end'),
  transfer: Evaluation.omit({ agents: true })
    .extend({ name: z.string() })
    .optional()
    .describe('a game that no stage was trained on, played by all agents'),
  blind: z.string().describe("the agent that is also shown another level's observation"),
  notes: z.array(z.string()),
  departures: z.array(z.string()),
})
export type Study = z.infer<typeof Study>

export interface ReportFacts {
  readonly study: Study
  readonly recipe: Recipe
  readonly seeds: readonly SeedResults[]
  /** Metrics of each seed's run, in the same order. */
  readonly metrics: readonly (readonly MetricsRow[])[]
  readonly command: string
  readonly machine: string
  /** As `2026-11-22`. */
  readonly date: string
}

/** The report of a reproduction in Markdown; what is missing is marked, and what is not shown is said. */
export function reproductionReport(facts: ReportFacts): string {
  const { study, recipe, seeds, command, machine, date } = facts
  const complete = seeds.filter(({ online }) => online.length > 0).length
  return [
    `# ${study.title}`,
    '',
    `\`${command}\`, ${machine}, ${date}. ${complete} of ${seeds.length} seeds; ${recipe.evaluation?.episodes} held-out levels, the same for every agent and seed.`,
    '',
    ...table(facts),
    ...claims(facts),
    ...race(facts),
    ...controls(facts),
    '## Departures from the paper',
    '',
    ...study.departures.map((departure) => `- ${departure}`),
    '',
  ].join('\n')
}

function table({ study, seeds }: ReportFacts): string[] {
  const row = ({ agent, name, paper }: Study['rows'][number]): string => {
    const online = (modality: Cell['modality']) => cellsOf(seeds, 'online', agent, modality)
    const global = (modality: Cell['modality']) => cellsOf(seeds, 'global', agent, modality)
    const transfer = (modality: Cell['modality']) => cellsOf(seeds, 'transfer', agent, modality)
    const [text, frame] = online(null).length === 0 ? (['text', 'frame'] as const) : ([null, null] as const)
    return `| ${[
      name,
      show(online(text), success),
      show(online(frame), success),
      show(global(text), score),
      show(global(frame), score),
      ...(study.transfer ? [show(transfer(text), score), show(transfer(frame), score)] : []),
      perSeed(online(frame), success),
      ...study.paper.map((_, i) => paper[i] ?? ''),
    ].join(' | ')} |`
  }
  const columns = [
    'agent',
    'Online, text: success %',
    'Online, frame: success %',
    'Global, text: score',
    'Global, frame: score',
    ...(study.transfer
      ? [`${study.transfer.name}, text: score`, `${study.transfer.name}, frame: score`]
      : []),
    'Online, frame, seed by seed',
    ...study.paper.map((name) => `paper: ${name}`),
  ]
  return [
    `| ${columns.join(' | ')} |`,
    `|${'---|'.repeat(columns.length)}`,
    ...study.rows.map(row),
    '',
    ...study.notes.flatMap((note) => [note, '']),
  ]
}

function claims({ study, seeds }: ReportFacts): string[] {
  const rows = study.claims.map(({ claim, agent, baseline, modality }) => {
    const a = cellsOf(seeds, 'online', agent, modality)
    const b = cellsOf(seeds, 'online', baseline, modality)
    if (a.length === 0 || a.length !== b.length) return `| ${claim} | | not reached |`
    const difference = pairedDifference(byLevel(a, success), byLevel(b, success))
    const bySeed = a.map((cell, seed) => points(cell) - points(b[seed]))
    return `| ${claim} | ${percent(difference)} | ${bySeed.map((x) => x.toFixed(1)).join(', ')} |`
  })
  return [
    '## Claims',
    '',
    'Levels are resampled, seeds are not: these intervals hold for these trainings, and say little about the next seed. So there is no verdict.',
    '',
    '| claim | difference of success, points | seed by seed |',
    '|---|---|---|',
    ...rows,
    '',
  ]
}

/** How many episodes one agent needs to reach what another reaches at its end. */
function race({ study, seeds, metrics }: ReportFacts): string[] {
  const rows = metrics.flatMap((all, i) => {
    const direct = all.filter(({ stage }) => stage === study.race.against)
    const mgt = all.filter(({ stage }) => stage === study.race.agent)
    if (direct.length === 0 || mgt.length === 0) return []
    const last = direct.slice(-Math.max(1, Math.floor(direct.length / 4)))
    const goal = average(last.map((row) => Number(row.success)))
    const reached = mgt.findIndex((row) => Number(row.success) >= goal)
    const episodes = (upTo: readonly MetricsRow[]) => upTo.reduce((sum, row) => sum + Number(row.episodes), 0)
    const needed = reached < 0 ? 'not reached' : String(episodes(mgt.slice(0, reached + 1)))
    return [`| ${seeds[i].seed} | ${(goal * 100).toFixed(1)} | ${episodes(direct)} | ${needed} |`]
  })
  if (rows.length === 0) return []
  return [
    '## Episodes needed',
    '',
    `Training success of ${study.race.against} at its end (mean of its last quarter), and the episodes after which ${study.race.agent} first has it.`,
    '',
    `| seed | ${study.race.against} at its end, % | its episodes | ${study.race.agent} needs |`,
    '|---|---|---|---|',
    ...rows,
    '',
  ]
}

function controls({ study, seeds }: ReportFacts): string[] {
  const lines = (['text', 'frame'] as const).flatMap((modality) => {
    const blind = seeds.flatMap(({ online }) =>
      online.filter((cell) => cell.blind && cell.modality === modality),
    )
    if (blind.length === 0) return []
    return [`- ${study.blind} on ${modality}, shown another level's observation: ${show(blind, success)} %.`]
  })
  return lines.length > 0 ? ['## Controls', '', ...lines, ''] : []
}

const success = (result: Result): number => (result.success ? 1 : 0)
const score = (result: Result): number => result.score ?? Number.NaN

function cellsOf(
  seeds: readonly SeedResults[],
  mode: 'online' | 'global' | 'transfer',
  agent: string,
  modality: Cell['modality'],
): Cell[] {
  return seeds.flatMap((seed) =>
    seed[mode].filter((cell) => cell.agent === agent && cell.modality === modality && !cell.blind),
  )
}

/** A measure per level, averaged over seeds. */
function byLevel(cells: readonly Cell[], measure: (result: Result) => number): number[] {
  return cells[0].results.map((_, level) => average(cells.map(({ results }) => measure(results[level]))))
}

function show(cells: readonly Cell[], measure: (result: Result) => number): string {
  if (cells.length === 0) return ''
  const numbers = byLevel(cells, measure).filter((x) => !Number.isNaN(x))
  if (numbers.length === 0) return ''
  const found = interval(numbers)
  return measure === success ? percent(found) : plain(found)
}

function perSeed(cells: readonly Cell[], measure: (result: Result) => number): string {
  return cells.map(({ results }) => (average(results.map(measure)) * 100).toFixed(1)).join(', ')
}

/** Success in percent. */
const points = ({ results }: Cell): number => 100 * average(results.map(success))

const average = (numbers: readonly number[]): number =>
  numbers.reduce((sum, x) => sum + x, 0) / numbers.length
