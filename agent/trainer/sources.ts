import type { Cell } from './cells.ts'
import type { Recipe, Source } from './recipe.ts'
import { interval } from './statistics.ts'

/** Success of every agent on each source of an evaluation apart; nothing where there is one source. */
export function sourceTable(
  recipe: Recipe,
  cells: readonly Cell[],
  labelOf: (agent: string) => string,
): string[] {
  const sources = recipe.evaluation?.data ?? recipe.data
  if (sources.length < 2) return []
  const rows = cells
    .filter(({ blind }) => !blind)
    .map((cell) => {
      const figures = sources.map((_, source) => {
        const { mean, low, high } = interval(successes(cell, source, sources.length))
        return `${percent(mean)} [${percent(low)}, ${percent(high)}]`
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

/** Held-out levels come from the sources in turn (levels.ts). */
function successes({ results }: Cell, source: number, count: number): number[] {
  return results.filter(({ index }) => index % count === source).map(({ success }) => (success ? 1 : 0))
}

function nameOf({ env, config }: Source): string {
  return typeof config.preset === 'string' ? config.preset : `${env} ${JSON.stringify(config)}`
}

const percent = (share: number): string => (100 * share).toFixed(1)
