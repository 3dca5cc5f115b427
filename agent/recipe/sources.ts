import { type Cell, successes } from '../evaluation/cells.ts'
import { interval, percent } from '../evaluation/statistics.ts'
import type { Recipe, Source } from './recipe.ts'

/**
 * Success of every agent on each source of an evaluation apart; nothing where there is one source. Held-out levels come
 * from the sources in turn (levels.ts).
 */
export function sourceTable(
  recipe: Recipe,
  cells: readonly Cell[],
  labelOf: (agent: string) => string,
): string[] {
  const sources = recipe.evaluation?.data ?? recipe.data
  // Against opponents a level has a play from every seat.
  if (sources.length < 2 || recipe.evaluation?.opponents) return []
  const rows = cells
    .filter(({ blind, greedy }) => !blind && !greedy)
    .map((cell) => {
      const figures = sources.map((_, source) => {
        const own = cell.results.filter(({ index }) => index % sources.length === source)
        return percent(interval(successes({ results: own })))
      })
      return `| ${[labelOf(cell.agent), cell.modality ?? '', ...figures].join(' | ')} |`
    })
  return [
    '### Success % by source',
    '',
    `| agent | sees | ${sources.map(nameOf).join(' | ')} |`,
    `|---|---|${'---|'.repeat(sources.length)}`,
    ...rows,
    '',
  ]
}

function nameOf({ env, config, levels }: Source): string {
  if (levels) return levels.join(' ')
  return typeof config.preset === 'string' ? config.preset : `${env} ${JSON.stringify(config)}`
}
