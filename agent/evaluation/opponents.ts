import type { Recipe } from '../recipe/recipe.ts'
import type { Cell } from './cells.ts'
import { bySeat } from './seats.ts'
import { percent } from './statistics.ts'

/** How each agent fares against each opponent, from every seat: a table per opponent. */
export function opponentTables(
  recipe: Recipe,
  cells: readonly Cell[],
  labelOf: (recipe: Recipe, agent: string) => string,
): string[] {
  const { evaluation } = recipe
  if (!evaluation?.opponents) return []
  const { conversation, temperature, episodes, seed, split } = evaluation
  const tables = evaluation.opponents.flatMap((opponent) => {
    const rows = cells
      .filter((cell) => cell.opponent === opponent)
      .flatMap((cell) =>
        bySeat(cell.results).map(({ seat, win, draw, loss }) => {
          const sees = `${cell.modality ?? ''}${cell.greedy ? ', temperature 0' : ''}`
          const figures = [win, draw, loss].map(percent)
          return `| ${[labelOf(recipe, cell.agent), sees, seat, ...figures].join(' | ')} |`
        }),
      )
    return [
      `### Against ${labelOf(recipe, opponent)}`,
      '',
      '| agent | sees | seat | wins % | draws % | losses % |',
      '|---|---|---|---|---|---|',
      ...rows,
      '',
    ]
  })
  return [
    `## ${split === 'test' ? 'Test' : 'Valid'} levels`,
    '',
    `${episodes} levels of the ${split} split (seed ${seed}), each from every seat, ${conversation.actionsPerTurn} actions per turn, at most ${conversation.maxTurns} turns, temperature ${temperature}. Brackets: 95 % bootstrap intervals.`,
    '',
    ...tables,
  ]
}
