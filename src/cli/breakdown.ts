import { average, byLevel } from '#agent/study/judge'
import type { SeedResults } from '#agent/study/reproduce'
import { agentsOf, type Study } from '#agent/study/study'

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
