import { readText } from '#core/base/store'
import type { MetricsRow, RunInfo } from '#core/record/run'
import { hashesOf } from '../golden/marks.ts'
import type { Recipe } from '../recipe/recipe.ts'
import { sourceTable } from '../recipe/sources.ts'
import type { RunFolder } from '../trainer/folder.ts'
import { type Progress, seenBy } from '../trainer/progress.ts'
import { type Cell, findCell, successes } from './cells.ts'
import { summarise } from './evaluate.ts'
import { opponentTables } from './opponents.ts'
import { curves } from './plot.ts'
import { bySeat } from './seats.ts'
import { pairedDifference, percent, plain } from './statistics.ts'

interface ReportOptions {
  readonly recipe: Recipe
  readonly folder: RunFolder
  readonly progress: Progress
  readonly cells: readonly Cell[]
  readonly backend: string
  readonly earlier?: RunInfo['earlier']
  /** In words. */
  readonly machine: string
}

/** Writes report.md, report.json and curves.svg: what each agent has seen, how it plays, the controls. */
export async function writeReport(options: ReportOptions): Promise<void> {
  const { recipe, folder, progress, cells, backend, earlier = [], machine } = options
  const before = earlier.map((one) => `${one.backend} until update ${one.until}`).join(', ')
  const rows = await folder.readMetrics()
  const svg = curves(recipe, rows)
  if (svg) await folder.store.write('curves.svg', svg)
  const lines = [
    `# ${recipe.name}`,
    '',
    recipe.description.trim(),
    '',
    `Seed ${recipe.seed}, backend ${backend}${before && ` (${before})`}, ${recipe.shards} shards, ${machine}.`,
    '',
    ...seenTable(recipe, progress),
    ...stageTable(recipe, rows),
    ...(svg ? ['![Learning curves](curves.svg)', ''] : []),
    ...(recipe.evaluation?.opponents ? opponentTables(recipe, cells, labelOf) : resultTable(recipe, cells)),
    ...sourceTable(recipe, cells, (agent) => labelOf(recipe, agent)),
    ...comparisons(recipe, cells),
    ...controls(recipe, cells, rows),
    ...(await proof(folder, progress)),
  ]
  await folder.store.write('report.md', `${lines.join('\n').trim()}\n`)
  const summary = cells.map(({ results, ...cell }) => ({
    ...cell,
    ...summarise(results),
    ...(cell.opponent === undefined ? {} : { seats: bySeat(results) }),
  }))
  const seen = Object.fromEntries(Object.keys(progress.ends).map((s) => [s, seenBy(recipe, progress, s)]))
  await folder.store.write(
    'report.json',
    `${JSON.stringify({ recipe: recipe.name, seed: recipe.seed, seen, cells: summary }, null, 2)}\n`,
  )
}

/** What a rerun must come to. */
async function proof({ store }: RunFolder, { update }: Progress): Promise<string[]> {
  const text = await readText(store, `checkpoints/${update}/progress.json`)
  const hashes = text === null ? null : hashesOf(JSON.parse(text))
  if (!hashes) return []
  const told = `After update ${update}: weights \`${hashes.weights}\`, optimizer \`${hashes.optimizer}\`, metrics \`${hashes.metrics}\`.`
  return ['', '## Rerun', '', `${told} The same recipe and seed come to the same, in Node or in a tab.`]
}

function seenTable(recipe: Recipe, progress: Progress): string[] {
  const names = ['start', ...recipe.stages.map(({ name }) => name)]
  const rows = names
    .map((name) => [name, seenBy(recipe, progress, name)] as const)
    .filter(([, seen]) => seen !== '')
    .map(([name, seen]) => `| ${name} | ${seen} |`)
  return ['## What each agent has learnt from', '', '| agent | data |', '|---|---|', ...rows, '']
}

function stageTable(recipe: Recipe, rows: readonly MetricsRow[]): string[] {
  const lines = recipe.stages.map((stage) => {
    const own = rows.filter((row) => row.stage === stage.name)
    const seconds = own.reduce((sum, row) => sum + number(row, 'seconds'), 0)
    const tokens = own.reduce((sum, row) => sum + number(row, 'tokens'), 0)
    const quarter = Math.max(1, Math.floor(own.length / 4))
    const mean = (part: readonly MetricsRow[], name: string): string =>
      part.some((row) => row[name] !== undefined)
        ? (part.reduce((sum, row) => sum + number(row, name), 0) / part.length).toFixed(3)
        : ''
    const from = (name: string): string => mean(own.slice(0, quarter), name)
    const to = (name: string): string => mean(own.slice(-quarter), name)
    const change = (name: string): string => (from(name) ? `${from(name)} -> ${to(name)}` : '')
    return `| ${stage.name} | ${stage.kind} | ${own.length} | ${seconds.toFixed(0)} | ${tokens} | ${change('loss')} | ${change('success')} | ${change('reward')} |`
  })
  return [
    '## Training',
    '',
    '| stage | kind | updates | seconds | tokens | loss | success | reward |',
    '|---|---|---|---|---|---|---|---|',
    ...lines,
    '',
    'Loss, success and reward: mean of the first quarter of the updates -> mean of the last (sampled, training levels).',
    '',
  ]
}

function resultTable(recipe: Recipe, cells: readonly Cell[]): string[] {
  const { evaluation } = recipe
  if (!evaluation) return []
  const expert = cells.find(({ agent }) => agent === 'expert')
  const anyGreedy = cells.some(({ greedy }) => greedy)
  const rows = cells
    .filter(({ blind, greedy }) => !blind && !greedy)
    .map((cell) => {
      const all = summarise(cell.results)
      const greedy = findCell(cells, cell.agent, cell.modality, true)
      const regret =
        expert && cell !== expert
          ? pairedDifference(
              expert.results.map((r) => r.return),
              cell.results.map((r) => r.return),
            ).mean.toFixed(2)
          : ''
      return row(recipe, cell, [
        percent(all.success),
        ...(anyGreedy ? [greedy ? percent(summarise(greedy.results).success) : ''] : []),
        plain(all.return),
        all.score ? plain(all.score) : '',
        regret,
      ])
    })
  const { conversation, temperature, episodes, seed, split } = evaluation
  const how =
    conversation.mode === 'global'
      ? 'one answer with all actions'
      : `${conversation.actionsPerTurn} actions per turn, at most ${conversation.maxTurns} turns`
  return [
    `## ${split === 'test' ? 'Test' : 'Valid'} levels`,
    '',
    `${episodes} levels of the ${split} split (seed ${seed}), ${how}, temperature ${temperature}. Brackets: 95 % bootstrap intervals.`,
    '',
    `| agent | sees | success % |${anyGreedy ? ' at temperature 0 |' : ''} return | score | regret |`,
    `|---|---|---|${anyGreedy ? '---|' : ''}---|---|---|`,
    ...rows,
    '',
    ...playTable(recipe, cells),
  ]
}

/** How they play: what does not count as a result, but explains it. */
function playTable(recipe: Recipe, cells: readonly Cell[]): string[] {
  const rows = cells
    .filter(({ blind, greedy }) => !blind && !greedy)
    .map((cell) => {
      const { steps, turns, malformed, stuck, stuckTurn, thought, truth } = summarise(cell.results)
      const lost = stuck
        ? `${share(stuck.mean)}${stuckTurn === undefined ? '' : `, at ${stuckTurn.toFixed(1)}`}`
        : ''
      return row(recipe, cell, [
        steps.mean.toFixed(1),
        turns.toFixed(1),
        share(malformed, 2),
        lost,
        thought?.toFixed(1) ?? '',
        truth === undefined ? '' : share(truth),
      ])
    })
  return [
    '| agent | sees | steps | turns | malformed % | stuck %, at turn | thought, words | thoughts true % |',
    '|---|---|---|---|---|---|---|---|',
    ...rows,
    '',
    'Malformed: share of turns whose answer could not be read. Stuck: share of episodes in which success went out of',
    'reach, and the mean turn that did it. Thoughts true: claims of thoughts that the answered actions make true.',
    '',
  ]
}

function comparisons(recipe: Recipe, cells: readonly Cell[]): string[] {
  const rows = (recipe.evaluation?.compare ?? []).flatMap(({ agent, baseline, modality }) =>
    ways(recipe.evaluation?.opponents).flatMap(({ greedy, opponent }) => {
      const [a, b] = [agent, baseline].map((name) => findCell(cells, name, modality, greedy, opponent))
      if (!a || !b) return []
      const difference = pairedDifference(successes(a), successes(b))
      const verdict = difference.low > 0 ? 'better' : difference.high < 0 ? 'worse' : 'no difference shown'
      const against = opponent === undefined ? '' : `, against ${opponent}`
      const how = `${greedy ? `${modality}, temperature 0` : modality}${against}`
      return [`| ${agent} - ${baseline} | ${how} | ${percent(difference)} | ${verdict} |`]
    }),
  )
  if (rows.length === 0) return []
  return [
    '## Paired differences of success, in points',
    '',
    '| difference | on | success % | |',
    '|---|---|---|---|',
    ...rows,
    '',
    'Of these two agents on these levels. What another seed of the training would give, a study asks (`kickpush reproduce`).',
    '',
  ]
}

function controls(recipe: Recipe, cells: readonly Cell[], rows: readonly MetricsRow[]): string[] {
  const blind = cells.filter((cell) => cell.blind)
  const shuffled = recipe.stages.filter((stage) => 'shuffleRewards' in stage && stage.shuffleRewards)
  if (blind.length + shuffled.length === 0) return []
  const random = cells.find(({ agent }) => agent === 'random')
  const lines = blind.map((cell) => {
    const seeing = findCell(cells, cell.agent, cell.modality)
    const own = seeing ? `, with its own ${percent(summarise(seeing.results).success)}` : ''
    const chance = random ? `, random actions ${percent(summarise(random.results).success)}` : ''
    return `- ${cell.agent} on ${cell.modality}, shown another level's observation: ${percent(summarise(cell.results).success)}${own}${chance}.`
  })
  for (const { name } of shuffled) {
    const own = rows.filter((row) => row.stage === name)
    const quarter = Math.max(1, Math.floor(own.length / 4))
    const mean = (part: readonly MetricsRow[]): string =>
      ((part.reduce((sum, row) => sum + number(row, 'success'), 0) / part.length) * 100).toFixed(1)
    lines.push(
      `- ${name}, trained with rewards that belong to other episodes: sampled success ${mean(own.slice(0, quarter))} -> ${mean(own.slice(-quarter))} % over its ${own.length} updates.`,
    )
  }
  return ['## Controls', '', ...lines, '']
}

/** In which ways two agents can be compared. */
function ways(opponents: readonly string[] | undefined): { greedy: boolean; opponent?: string }[] {
  const plain = [{ greedy: false }, { greedy: true }]
  return opponents?.flatMap((opponent) => plain.map((way) => ({ ...way, opponent }))) ?? plain
}

/** The start goes by what it is. */
const labelOf = (recipe: Recipe, agent: string): string =>
  agent === 'start' ? `start (${recipe.model})` : agent
const row = (recipe: Recipe, { agent, modality }: Cell, figures: readonly string[]): string =>
  `| ${[labelOf(recipe, agent), modality ?? '', ...figures].join(' | ')} |`
const share = (part: number, digits = 1): string => (part * 100).toFixed(digits)
const number = (row: MetricsRow, name: string): number => Number(row[name] ?? 0)
