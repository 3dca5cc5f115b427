import { most } from '#core/base/lists'
import type { MetricsRow } from '#core/record/run'
import type { Recipe } from '../recipe/recipe.ts'

const WIDTH = 880
const HEIGHT = 300
const MARGIN = { left: 56, right: 16, top: 34, bottom: 40 }
const COLOURS = ['#2563eb', '#16a34a', '#d97706', '#9333ea', '#dc2626', '#0891b2']

/** Share of training episodes that succeed, over updates, one colour per stage, as SVG; undefined without RL. */
export function curves(recipe: Recipe, rows: readonly MetricsRow[]): string | undefined {
  const stages = recipe.stages.flatMap((stage) => {
    if (!('algorithm' in stage)) return []
    const own = rows.filter((row) => row.stage === stage.name)
    return own.length > 0 ? [{ stage, points: smooth(own.map((row) => Number(row.success ?? 0))) }] : []
  })
  if (stages.length === 0) return undefined
  const longest = most(stages.map(({ points }) => points.length))
  // A round top, so that the five lines below it are round, too.
  const highest = most(stages.flatMap(({ points }) => points))
  const top = [0.1, 0.25, 0.5, 1].find((limit) => highest <= limit) ?? 1
  const x = (i: number): number =>
    MARGIN.left + ((WIDTH - MARGIN.left - MARGIN.right) * i) / Math.max(1, longest - 1)
  const y = (value: number): number =>
    HEIGHT - MARGIN.bottom - ((HEIGHT - MARGIN.top - MARGIN.bottom) * value) / top
  const ticks = Array.from({ length: 6 }, (_, i) => (top * i) / 5)
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12">`,
    '<title>Training episodes that succeed, over the updates of each stage</title>',
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    ...ticks.flatMap((tick) => [
      `<line x1="${MARGIN.left}" x2="${WIDTH - MARGIN.right}" y1="${y(tick)}" y2="${y(tick)}" stroke="#e5e7eb"/>`,
      `<text x="${MARGIN.left - 8}" y="${y(tick) + 4}" text-anchor="end" fill="#4b5563">${Math.round(tick * 100)} %</text>`,
    ]),
    `<text x="${WIDTH / 2}" y="${HEIGHT - 8}" text-anchor="middle" fill="#4b5563">updates of the stage (0 to ${longest - 1})</text>`,
    `<text x="${MARGIN.left}" y="18" fill="#111827">training episodes that succeed (sampled)</text>`,
  ]
  let label = WIDTH - MARGIN.right
  for (const [i, { stage, points }] of stages.entries()) {
    const colour = COLOURS[i % COLOURS.length]
    const line = points.map((point, j) => `${x(j).toFixed(1)},${y(point).toFixed(1)}`).join(' ')
    parts.push(`<polyline points="${line}" fill="none" stroke="${colour}" stroke-width="2"/>`)
    const text = `${stage.name} (${stage.conversation.modality})`
    parts.push(`<text x="${label}" y="18" text-anchor="end" fill="${colour}">${text}</text>`)
    label -= text.length * 7 + 14
  }
  return `${parts.join('\n')}\n</svg>\n`
}

/** A running mean over 5 points, so that the course is seen through the noise of small batches. */
function smooth(points: readonly number[]): number[] {
  return points.map((_, i) => {
    const near = points.slice(Math.max(0, i - 2), i + 3)
    return near.reduce((sum, point) => sum + point, 0) / near.length
  })
}
