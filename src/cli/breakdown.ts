import type { Cell } from '#agent/evaluation/cells'
import { average, byLevel } from '#agent/study/judge'
import type { SeedResults } from '#agent/study/reproduce'
import { agentsOf, type Play, type Study } from '#agent/study/study'

/** A share as a percentage. */
const percentOf = (share: number): string => (100 * share).toFixed(1)

/** Results by where levels come from, of plays with several sources; those give levels in turn. */
export function bySource(
  study: Study,
  seeds: readonly SeedResults[],
  nameOf: (agent: string) => string,
): string[] {
  const tables = study.plays.flatMap((play) => {
    const sources = play.data ?? study.recipe.data
    if (sources.length === 1) return []
    const rows = agentsOf(study, play).flatMap((agent) => {
      const shares = seeds.flatMap(({ cells }) => {
        const cell = cells.get(play.name)?.get(agent)
        return cell ? [byLevel(cell)] : []
      })
      if (shares.length === 0) return []
      const figures = sources.map((_, source) => {
        const own = shares.map((levels) =>
          average(levels.filter((_, level) => level % sources.length === source)),
        )
        return percentOf(average(own))
      })
      return [`| ${[nameOf(agent), ...figures].join(' | ')} |`]
    })
    const heads = sources.map(({ env, config }) => String(config.preset ?? env))
    return [`| ${[play.title, ...heads].join(' | ')} |`, `|---|${'---|'.repeat(heads.length)}`, ...rows, '']
  })
  if (tables.length === 0) return []
  return ['## By where the levels come from, %', '', ...tables]
}

/** What agents played at, where they were to choose as sharply as another. */
export function bySharpness(
  study: Study,
  seeds: readonly SeedResults[],
  nameOf: (agent: string) => string,
): string[] {
  const rows = study.plays.flatMap((play) =>
    agentsOf(study, play).flatMap((agent) => {
      const found = seeds.flatMap(({ cells }) => cells.get(play.name)?.get(agent)?.sharpness ?? [])
      if (found.length === 0) return []
      const mean = (of: (one: (typeof found)[number]) => number): string => average(found.map(of)).toFixed(3)
      const columns = [
        mean(({ temperature }) => temperature),
        mean(({ entropy }) => entropy),
        mean(({ wanted }) => wanted),
      ]
      return [`| ${[play.title, nameOf(agent), ...columns].join(' | ')} |`]
    }),
  )
  if (rows.length === 0) return []
  return [
    '## As sharp as another',
    '',
    '| | agent | temperature | entropy of its words, nats | wanted |',
    '|---|---|---|---|---|',
    ...rows,
    '',
    'Means over the seeds; every seed has its own temperature, found on the first levels of the play.',
    '',
  ]
}

/** How models answer: what could not be read, and how much is played before they look again. */
export function byAnswers(
  study: Study,
  seeds: readonly SeedResults[],
  nameOf: (agent: string) => string,
): string[] {
  const total = (results: Cell['results'], of: (result: Cell['results'][number]) => number): number =>
    results.reduce((sum, result) => sum + of(result), 0)
  const cell = (play: Play, agent: string): string => {
    const results = seeds.flatMap(({ cells }) => cells.get(play.name)?.get(agent)?.results ?? [])
    const turns = total(results, (result) => result.turns)
    if (total(results, (result) => result.thoughts) === 0) return ''
    const malformed = total(results, (result) => result.malformed) / turns
    return `${percentOf(malformed)} (${(total(results, ({ steps }) => steps) / turns).toFixed(1)})`
  }
  const rows = study.rows.flatMap(({ agent }) => {
    const figures = study.plays.map((play) => cell(play, agent))
    return figures.every((one) => one === '') ? [] : [`| ${[nameOf(agent), ...figures].join(' | ')} |`]
  })
  if (rows.length === 0) return []
  return [
    '## Answers that could not be read, % (steps played per answer)',
    '',
    `| agent | ${study.plays.map(({ title }) => title).join(' | ')} |`,
    `|---|${'---|'.repeat(study.plays.length)}`,
    ...rows,
    '',
  ]
}
