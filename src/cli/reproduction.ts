import type { Cell } from '#agent/trainer/cells'
import type { Result } from '#agent/trainer/evaluate'
import type { Recipe } from '#agent/trainer/recipe'
import type { SeedResults } from '#agent/trainer/reproduce'
import { type Interval, interval, pairedDifference } from '#agent/trainer/statistics'
import type { MetricsRow } from '#core/run'

/** Rows of the table: a recipe's agent, and the paper's name and scores for its counterpart. */
const ROWS = [
  ['random', 'random', null, null],
  ['idle', 'idle', 41.18, 2.53],
  ['start', 'base', 42.35, 15.36],
  ['sft', 'SFT', null, null],
  ['fre-text', 'FRE-Text', 44.81, 18.46],
  ['direct-rl-sokoban', 'Direct-RL-Sokoban', 46.89, 16.32],
  ['direct-rl-total', 'Direct-RL, total samples', null, null],
  ['mgt-sokoban', 'MGT-Sokoban', 47.91, 18.99],
  ['shuffled', 'control: shuffled rewards', null, null],
  ['expert', 'expert', null, null],
] as const

/** What is claimed, as a paired difference on the same levels. */
const CLAIMS = [
  ['fre-text', 'start', 'text', 'FRE > base on text'],
  ['direct-rl-sokoban', 'start', 'frame', 'Direct-RL > base on frames'],
  ['mgt-sokoban', 'start', 'frame', 'MGT > base on frames'],
  ['mgt-sokoban', 'direct-rl-sokoban', 'frame', 'MGT > Direct-RL on frames, equal frames'],
  ['mgt-sokoban', 'direct-rl-total', 'frame', 'MGT > Direct-RL on frames, equal episodes in all'],
  ['mgt-sokoban', 'fre-text', 'frame', 'MGT > FRE on frames'],
  ['sft', 'start', 'text', 'SFT > base on text'],
  ['shuffled', 'start', 'text', 'control: shuffled rewards > base on text (must not hold)'],
] as const

export interface ReportFacts {
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
  const { recipe, seeds, command, machine, date } = facts
  const complete = seeds.filter(({ online }) => online.length > 0).length
  return [
    '# LMM-R1 in kind',
    '',
    `\`${command}\`, ${machine}, ${date}. ${complete} of ${seeds.length} seeds; ${recipe.evaluation?.episodes} held-out levels, the same for every agent and seed.`,
    '',
    ...table(facts),
    ...claims(facts),
    ...frames(facts),
    ...controls(facts),
    ...DEPARTURES,
  ].join('\n')
}

function table({ seeds }: ReportFacts): string[] {
  const row = ([agent, name, sokoban, football]: (typeof ROWS)[number]): string => {
    const online = (modality: Cell['modality']) => cellsOf(seeds, 'online', agent, modality)
    const global = (modality: Cell['modality']) => cellsOf(seeds, 'global', agent, modality)
    const spoken = online(null).length === 0
    const of = (cells: readonly Cell[], measure: (result: Result) => number) => show(cells, measure)
    const [text, frame] = spoken ? (['text', 'frame'] as const) : ([null, null] as const)
    return `| ${[
      name,
      of(online(text), success),
      of(online(frame), success),
      of(global(text), score),
      of(global(frame), score),
      perSeed(online(frame), success),
      sokoban ?? '',
      football ?? '',
    ].join(' | ')} |`
  }
  return [
    '| agent | Online, text: success % | Online, frame: success % | Global, text: score | Global, frame: score | Online, frame, seed by seed | paper: Sokoban-Global | paper: Football-Online |',
    '|---|---|---|---|---|---|---|---|',
    ...ROWS.map(row),
    '',
    'Brackets: 95 % bootstrap intervals over levels, of the mean over seeds. Online: up to six actions a turn, six turns. Global: one answer with all actions; no agent was trained for it. Score: MageBench. An empty cell was not reached. The paper: other levels and model: the effect compares, the values do not.',
    '',
    'Football-Online is not measured: the base has not learnt the words of Football, and a policy refuses a game it cannot read.',
    '',
  ]
}

function claims({ seeds }: ReportFacts): string[] {
  const rows = CLAIMS.map(([agent, baseline, modality, claim]) => {
    const a = cellsOf(seeds, 'online', agent, modality)
    const b = cellsOf(seeds, 'online', baseline, modality)
    if (a.length === 0 || a.length !== b.length) return `| ${claim} | | not reached |`
    const difference = pairedDifference(byLevel(a, success), byLevel(b, success))
    const verdict = difference.low > 0 ? 'shown' : difference.high < 0 ? 'the opposite is shown' : 'not shown'
    return `| ${claim} | ${percent(difference)} | ${verdict} |`
  })
  return ['## Claims', '', '| claim | difference of success, points | |', '|---|---|---|', ...rows, '']
}

/** How many episodes on frames MGT needs to reach what Direct-RL reaches at its end. */
function frames({ seeds, metrics }: ReportFacts): string[] {
  const rows = metrics.flatMap((all, i) => {
    const direct = all.filter(({ stage }) => stage === 'direct-rl-sokoban')
    const mgt = all.filter(({ stage }) => stage === 'mgt-sokoban')
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
    '## Frames needed',
    '',
    'Training success of Direct-RL at its end (mean of its last quarter), and the episodes on frames after which MGT first has it.',
    '',
    '| seed | Direct-RL at its end, % | its episodes | MGT needs |',
    '|---|---|---|---|',
    ...rows,
    '',
  ]
}

function controls({ seeds }: ReportFacts): string[] {
  const lines = (['text', 'frame'] as const).flatMap((modality) => {
    const blind = seeds.flatMap(({ online }) =>
      online.filter((cell) => cell.blind && cell.modality === modality),
    )
    if (blind.length === 0) return []
    return [`- MGT on ${modality}, shown another level's observation: ${show(blind, success)} %.`]
  })
  return lines.length > 0 ? ['## Controls', '', ...lines, ''] : []
}

const DEPARTURES = [
  '## Departures from the paper',
  '',
  "- The model has 0.17 million parameters, not 3 billion; imitation of walks and solutions of the same game stands for Qwen's pretraining.",
  "- FRE's text is the game's own, with rewards by its rules; the paper's is mathematics.",
  '- Levels have one box in 7 x 7 cells; answers are several short turns with feedback, not one.',
  '- GRPO with credit per turn, without KL; the paper uses PPO with KL 0 in MGT.',
  "- The patch encoder is frozen in every RL stage, as the paper's visual encoder is.",
  '',
]

const success = (result: Result): number => (result.success ? 1 : 0)
const score = (result: Result): number => result.score ?? Number.NaN

function cellsOf(
  seeds: readonly SeedResults[],
  mode: 'online' | 'global',
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

const average = (numbers: readonly number[]): number =>
  numbers.reduce((sum, x) => sum + x, 0) / numbers.length
const plain = ({ mean, low, high }: Interval): string =>
  `${mean.toFixed(2)} [${low.toFixed(2)}, ${high.toFixed(2)}]`
const percent = ({ mean, low, high }: Interval): string =>
  `${(mean * 100).toFixed(1)} [${(low * 100).toFixed(1)}, ${(high * 100).toFixed(1)}]`
