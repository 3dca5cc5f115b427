import {
  type Interval,
  LEAST_SEEDS,
  overSeeds,
  percent,
  tInterval,
  verdict,
} from '#agent/evaluation/statistics'
import { courses, learntBy } from '#agent/recipe/courses'
import { dots } from '#agent/study/dots'
import {
  average,
  byLevel,
  type Judged,
  judge,
  levelsBetween,
  passOf,
  race,
  stillRises,
} from '#agent/study/judge'
import type { SeedResults } from '#agent/study/reproduce'
import { agentsOf, type Frozen, type Play, type Study } from '#agent/study/study'
import { least } from '#core/base/lists'
import { byAnswers, bySharpness, bySource } from './breakdown.ts'
import type { Tried } from './tried.ts'

export interface ReportFacts {
  readonly frozen: Frozen
  readonly seeds: readonly SeedResults[]
  readonly split: 'valid' | 'test'
  /** What was tried before the study was fixed. */
  readonly tried: readonly Tried[]
  readonly command: string
  readonly machine: string
  /** As `2026-11-22`. */
  readonly date: string
}

/** A study's report, as text for people, pictures by file name, and its figures as plain data. */
export interface StudyReport {
  readonly text: string
  readonly pictures: ReadonlyMap<string, string>
  readonly figures: object
}

/** The report of a study: Markdown, a picture for each claim, every seed's figures. What is not shown is said. */
export function reproductionReport(facts: ReportFacts): StudyReport {
  const { frozen, seeds, split, command, machine, date } = facts
  const { study, hash } = frozen
  const judged = study.claims.map((claim) => judge(claim, seeds))
  const complete = least(judged.map((one) => one.seeds.length))
  const pictures = new Map(
    judged.flatMap((one, i) => (one.seeds.length > 0 ? [[pictureOf(i), drawn(study, one)] as const] : [])),
  )
  const maps = study.plays.flatMap((play) => mapOf(facts, play))
  for (const { file, svg } of maps) pictures.set(file, svg)
  const text = [
    `# ${study.title}`,
    '',
    study.about.trim(),
    '',
    `\`${command}\`, ${machine}, ${date}. Study ${hash}; seeds ${seeds.map(({ seed }) => seed).join(', ')}${complete < seeds.length ? ` (${complete} complete)` : ''}; ${split} levels, the same for every agent and seed.`,
    '',
    ...claims(study, judged),
    ...judged.flatMap((one, i) =>
      one.seeds.length > 0 ? [`![${one.claim.claim}](${pictureOf(i)})`, ''] : [],
    ),
    ...results(facts),
    ...maps.flatMap(({ file, title }) => [`![${title}, over frame episodes](${file})`, '']),
    ...bySource(study, seeds, (agent) => nameOf(study, agent)),
    ...bySharpness(study, seeds, (agent) => nameOf(study, agent)),
    ...byAnswers(study, seeds, (agent) => nameOf(study, agent)),
    ...bySteps(facts),
    ...samples(facts),
    ...races(facts),
    ...study.notes.flatMap((note) => [note.trim(), '']),
    ...listed('How the settings were chosen', study.chosen),
    ...attempts(facts),
    ...listed('Departures from the paper', study.departures),
  ].join('\n')
  return { text: `${text.trim()}\n`, pictures, figures: figuresOf(facts, judged) }
}

/** Shares of levels solved by play, agent and seed, and what is said of the claims. */
function figuresOf({ frozen, seeds, split, date }: ReportFacts, judged: readonly Judged[]): object {
  const { study, hash } = frozen
  const solved = study.plays.map((play) => {
    const agents = agentsOf(study, play).map((agent) => {
      const shares = seeds.flatMap(({ seed, cells }) => {
        const cell = cells.get(play.name)?.get(agent)
        return cell ? [[seed, average(byLevel(cell))] as const] : []
      })
      return [agent, Object.fromEntries(shares)] as const
    })
    return [play.name, Object.fromEntries(agents)] as const
  })
  const claims = judged.map(({ claim, difference }) => ({
    ...claim,
    difference,
    verdict: verdict(difference),
  }))
  return { study: hash, split, date, solved: Object.fromEntries(solved), claims }
}

const pictureOf = (claim: number): string => `claim-${claim + 1}.svg`
const points = (share: number): string => (100 * share).toFixed(1)
/** In percent, with the interval where there is one to speak of. */
const within = (interval: Interval): string =>
  Number.isFinite(interval.low) && interval.high - interval.low > 1e-9
    ? percent(interval)
    : points(interval.mean)
const nameOf = (study: Study, agent: string): string =>
  study.rows.find((row) => row.agent === agent)?.name ?? agent

function drawn(study: Study, { claim, agent, baseline, difference }: Judged): string {
  const play = study.plays.find(({ name }) => name === claim.play)
  return dots({
    claim,
    names: { agent: nameOf(study, claim.agent), baseline: nameOf(study, claim.baseline) },
    agent: agent.map((share) => 100 * share),
    baseline: baseline.map((share) => 100 * share),
    said: `${play?.title}: ${within(difference)} points, ${verdict(difference)}`,
  })
}

/** When stages pay: a greedy play of frames, over the frame episodes that its agents have learnt from. */
function mapOf({ frozen: { study }, seeds }: ReportFacts, play: Play) {
  if (play.modality !== 'frame' || play.temperature > 0 || play.blind) return []
  if (!agentsOf(study, play).some((agent) => learntBy(study.recipe, agent)?.frame)) return []
  const played = agentsOf(study, play).flatMap((agent) => {
    const learnt = learntBy(study.recipe, agent)
    const found = seeds.flatMap(({ cells }) => cells.get(play.name)?.get(agent) ?? [])
    const isModel = agent === 'start' || study.recipe.stages.some(({ name }) => name === agent)
    if (!learnt || !isModel || found.length === 0) return []
    return [{ learnt, shares: found.map((cell) => average(byLevel(cell))) }]
  })
  // Where trainings begin with different bases, no line would be of one.
  if (played.filter(({ learnt }) => learnt.text + learnt.frame === 0).length > 1) return []
  const svg = courses(play.title, played)
  return svg === undefined ? [] : [{ file: `map-${play.name}.svg`, title: play.title, svg }]
}

function claims(study: Study, judged: readonly Judged[]): string[] {
  const rows = judged.map(({ claim, seeds, agent, baseline, difference }) => {
    if (seeds.length === 0) return `| ${claim.claim} | | not reached |`
    const play = study.plays.find(({ name }) => name === claim.play)
    const better = seeds.filter((_, i) => agent[i] > baseline[i]).length
    return `| ${[
      `${claim.claim} (${play?.title})`,
      points(average(agent)),
      points(average(baseline)),
      within(difference),
      within(difference.t),
      `${better} of ${seeds.length}`,
      verdict(difference),
    ].join(' | ')} |`
  })
  return [
    '## Claims',
    '',
    '| claim | agent % | baseline % | difference, points: new seeds and levels | new seeds | seeds in which it is so | |',
    '|---|---|---|---|---|---|---|',
    ...rows,
    '',
    'Levels solved. Brackets: 95 % intervals of the difference paired by seed and level: bootstrap of seeds and levels;',
    `t interval of the seeds. Shown: both are above 0. Below ${LEAST_SEEDS} seeds there is no verdict.`,
    '',
  ]
}

/** Every agent in every play: the mean over seeds. */
function results({ frozen: { study }, seeds }: ReportFacts): string[] {
  const cell = (play: Play, agent: string): string => {
    const shares = seeds.flatMap(({ cells }) => {
      const found = cells.get(play.name)?.get(agent)
      return found ? [average(byLevel(found))] : []
    })
    if (shares.length === 0) return ''
    return within(tInterval(shares))
  }
  return [
    '## Results',
    '',
    `| agent | ${[...study.plays.map(({ title }) => title), ...study.paper.map((name) => `paper: ${name}`)].join(' | ')} |`,
    `|---|${'---|'.repeat(study.plays.length + study.paper.length)}`,
    ...study.rows.map(
      ({ agent, name, paper }) =>
        `| ${[name, ...study.plays.map((play) => cell(play, agent)), ...study.paper.map((_, i) => paper[i] ?? '')].join(' | ')} |`,
    ),
    '',
    'Levels solved, %: mean over the seeds with its t interval; without one, the agent is the same for every seed.',
    '',
    ...study.plays.map(
      ({ title, levels, samples, temperature, modality, asSharpAs }) =>
        `- ${title}: ${modality}, temperature ${temperature}${asSharpAs === undefined ? '' : ` for ${nameOf(study, asSharpAs)}`}, ${levels} levels${samples > 1 ? `, ${samples} episodes each` : ''}.`,
    ),
    '',
  ]
}

/** Results by what the levels ask for, where the expert has played them. */
function bySteps({ frozen: { study }, seeds }: ReportFacts): string[] {
  const bounds = [0, ...study.steps, Number.POSITIVE_INFINITY]
  const tables = study.plays.flatMap((play) => {
    const expert = seeds[0]?.cells.get(play.name)?.get('expert')
    if (!expert || study.steps.length === 0) return []
    const parts = bounds
      .slice(1)
      .map((to, i) => ({ from: bounds[i], to, levels: levelsBetween(expert, bounds[i], to) }))
    const rows = agentsOf(study, play)
      .filter((agent) => agent !== 'expert')
      .map((agent) => {
        const shares = seeds.flatMap(({ cells }) => {
          const found = cells.get(play.name)?.get(agent)
          return found ? [byLevel(found)] : []
        })
        const figures = parts.map(({ levels }) =>
          shares.length === 0
            ? ''
            : points(average(shares.map((own) => average([...levels].map((level) => own[level]))))),
        )
        return `| ${[nameOf(study, agent), ...figures].join(' | ')} |`
      })
    const heads = parts.map(({ from, to, levels }) => {
      const range = to === Number.POSITIVE_INFINITY ? `above ${from}` : `${from + 1} to ${to}`
      return `${range} (${levels.size})`
    })
    return [`| ${play.title} | ${heads.join(' | ')} |`, `|---|${'---|'.repeat(parts.length)}`, ...rows, '']
  })
  if (tables.length === 0) return []
  return ["## By the steps of the expert's solution (levels)", '', ...tables]
}

/** pass@k, where levels are played more than once, and how far the last k is from that of the first agent. */
function samples({ frozen: { study }, seeds }: ReportFacts): string[] {
  const tables = study.plays.flatMap((play) => {
    if (play.samples === 1) return []
    const ks = Array.from({ length: 20 }, (_, i) => 2 ** i).filter((k) => k <= play.samples)
    const most = ks[ks.length - 1]
    const [first, ...others] = agentsOf(study, play)
    const cellsOf = (agent: string) => seeds.map(({ cells }) => cells.get(play.name)?.get(agent))
    const rows = [first, ...others].flatMap((agent) => {
      const pairs = cellsOf(agent).map((cell, i) => ({ cell, base: cellsOf(first)[i] }))
      const found = pairs.flatMap(({ cell, base }) => (cell && base ? [{ cell, base }] : []))
      if (found.length === 0) return []
      const figures = ks.map((k) => points(average(found.map(({ cell }) => average(passOf(cell, play, k))))))
      const apart = overSeeds(
        found.map(({ cell, base }) => {
          const level = passOf(base, play, most)
          return passOf(cell, play, most).map((pass, i) => pass - level[i])
        }),
      )
      const difference = agent === first ? '' : `${within(apart)}, ${verdict(apart)}`
      return [`| ${[nameOf(study, agent), ...figures, difference].join(' | ')} |`]
    })
    return [
      `| ${play.title} | ${ks.map((k) => `pass@${k}`).join(' | ')} | pass@${most} less that of ${nameOf(study, first)} |`,
      `|---|${'---|'.repeat(ks.length + 1)}`,
      ...rows,
      '',
    ]
  })
  if (tables.length === 0) return []
  return ['## Levels solved by one of k samples, %', '', ...tables]
}

function races({ frozen: { study }, seeds }: ReportFacts): string[] {
  const tables = study.races.flatMap((given) => {
    const found = race(given, seeds)
    if (found.length === 0) return []
    const area = tInterval(found.map(({ area }) => area.agent - area.against))
    const [mine, theirs] = [nameOf(study, given.agent), nameOf(study, given.against)]
    const rises = [
      [mine, found.map(({ rise }) => rise.agent)] as const,
      [theirs, found.map(({ rise }) => rise.against)] as const,
    ].map(
      ([name, own]) => `${name} ${stillRises(own) ? 'still rises' : 'is level'} (${percent(tInterval(own))})`,
    )
    return [
      `### ${mine} and ${theirs}`,
      '',
      `Area under the curve of training success, over as many episodes: ${within(area)} points between them. From the third to the last quarter ${rises.join(', ')}.`,
      '',
      `| seed | area: ${mine} | ${theirs} | ${theirs} at its end | its episodes | ${mine} has as much after |`,
      '|---|---|---|---|---|---|',
      ...found.map(
        ({ seed, area, goal, episodes, needed }) =>
          `| ${[seed, points(area.agent), points(area.against), points(goal), episodes, needed ?? 'never'].join(' | ')} |`,
      ),
      '',
    ]
  })
  if (tables.length === 0) return []
  return ['## Learning curves (training levels, sampled)', '', ...tables]
}

/** What was tried on valid levels before. */
function attempts({ frozen: { study }, tried }: ReportFacts): string[] {
  if (tried.length === 0) return []
  return [
    '## What was tried before, on valid levels',
    '',
    '| date | seeds | settings | differences of the claims, points |',
    '|---|---|---|---|',
    ...tried.map(
      ({ date, seeds, settings, found }) =>
        `| ${[date, seeds, settings, found.map(({ claim, mean }) => `${claim}: ${points(mean)}`).join('; ')].join(' | ')} |`,
    ),
    '',
    ...(study.chosen.length > 0 ? [] : ['']),
  ]
}

const listed = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : [`## ${title}`, '', ...lines.map((line) => `- ${line.trim()}`), '']
