import { type Cell, findCell, successes } from '#agent/evaluation/cells'
import { bySeat } from '#agent/evaluation/seats'
import { interval, pairedDifference, percent } from '#agent/evaluation/statistics'
import type { Evaluation } from '#agent/recipe/recipe'
import { most } from '#core/base/lists'

/**
 * What came out of a training, narrow enough for a terminal: percent of test levels solved by each agent on each
 * modality, the paired differences that the recipe asks for, and the agents that saw another level.
 */
export function resultLines(evaluation: Evaluation, cells: readonly Cell[]): string[] {
  const { compare, modalities, split, opponents } = evaluation
  if (opponents) return againstLines(opponents, split, cells)
  const agents = [...new Set(cells.filter(({ blind }) => !blind).map(({ agent }) => agent))]
  const columnsOf = [false, ...(cells.some(({ greedy }) => greedy) ? [true] : [])].flatMap((greedy) =>
    modalities.map((modality) => ({ modality, greedy })),
  )
  const heads = columnsOf.map(({ modality, greedy }) => (greedy ? `${modality}, greedy` : modality))
  const rows = agents.map((agent) => [
    agent,
    ...columnsOf.map(({ modality, greedy }) => {
      const cell = findCell(cells, agent, modality, greedy)
      return cell ? solved(cell) : ''
    }),
  ])
  const blind = cells
    .filter((cell) => cell.blind)
    .map((cell) => [`${cell.agent} on ${cell.modality}, shown another level`, solved(cell)])
  const differences = compare.flatMap(({ agent, baseline, modality }) => {
    const [a, b] = [agent, baseline].map((name) => findCell(cells, name, modality))
    if (!a || !b) return []
    const difference = pairedDifference(successes(a), successes(b))
    const beyond = difference.low > 0 || difference.high < 0
    return [[`${agent} - ${baseline} on ${modality}`, `${percent(difference)}${beyond ? '' : '  not shown'}`]]
  })
  return [
    `success in % of ${cells[0]?.results.length ?? 0} ${split} levels [95 % interval]`,
    ...columns([['', ...heads], ...rows]),
    ...(differences.length > 0 ? ['', 'differences on the same levels', ...columns(differences)] : []),
    ...(blind.length > 0 ? ['', 'controls', ...columns(blind)] : []),
  ]
}

/** Wins, draws and losses of every agent against every opponent, from each seat. */
function againstLines(opponents: readonly string[], split: string, cells: readonly Cell[]): string[] {
  return opponents.flatMap((opponent, i) => {
    const own = cells.filter((cell) => cell.opponent === opponent)
    const rows = own.flatMap(({ agent, modality, greedy, results }) =>
      bySeat(results).map(({ seat, win, draw, loss }) => {
        const who = [agent, modality, greedy ? 'greedy' : null].filter(Boolean).join(', ')
        return [who, String(seat), percent(win), percent(draw), percent(loss)]
      }),
    )
    const plays = own[0]?.results.length ?? 0
    return [
      ...(i > 0 ? [''] : []),
      `against ${opponent}: % of ${plays} plays of ${split} levels [95 % interval]`,
      ...columns([['', 'seat', 'wins', 'draws', 'losses'], ...rows]),
    ]
  })
}

const solved = (cell: Cell): string => percent(interval(successes(cell)))

/** Rows of cells as lines with aligned columns. */
function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0].map((_, i) => most(rows.map((row) => row[i]?.length ?? 0)))
  return rows.map((row) => `  ${row.map((cell, i) => cell.padEnd(widths[i])).join('   ')}`.trimEnd())
}
