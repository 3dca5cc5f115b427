import { least, most } from '#core/base/lists'
import type { Claim } from './study.ts'

/** A claim's figures, in percent: one number per seed for each agent, paired; and what is said of the difference. */
export interface Dots {
  readonly claim: Claim
  readonly names: { readonly agent: string; readonly baseline: string }
  readonly agent: readonly number[]
  readonly baseline: readonly number[]
  readonly said: string
}

const WIDTH = 720
const ROW = 54
const MARGIN = { left: 240, right: 24, top: 64, bottom: 44 }
const COLOURS = { agent: '#2563eb', baseline: '#6b7280', line: '#d1d5db' }

/**
 * The picture of one claim: every seed is a dot in the row of each agent, a line joins the two dots of a seed, a bar marks
 * the mean. SVG.
 */
export function dots({ claim, names, agent, baseline, said }: Dots): string {
  const all = [...agent, ...baseline]
  const low = Math.max(0, 5 * Math.floor((least(all) - 2) / 5))
  const high = Math.min(100, 5 * Math.ceil((most(all) + 2) / 5))
  const x = (value: number): number =>
    MARGIN.left + ((WIDTH - MARGIN.left - MARGIN.right) * (value - low)) / (high - low)
  const rows = [
    { name: names.agent, values: agent, y: MARGIN.top + ROW / 2, colour: COLOURS.agent },
    { name: names.baseline, values: baseline, y: MARGIN.top + (3 * ROW) / 2, colour: COLOURS.baseline },
  ]
  const height = MARGIN.top + 2 * ROW + MARGIN.bottom
  const floor = height - MARGIN.bottom
  const step = high - low > 30 ? 10 : 5
  const ticks = Array.from({ length: Math.floor((high - low) / step) + 1 }, (_, i) => low + i * step)
  const at = (value: number): string => x(value).toFixed(1)
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="13">`,
    `<title>${escaped(`${claim.claim}: ${said}`)}</title>`,
    `<rect width="${WIDTH}" height="${height}" fill="#fff"/>`,
    `<text x="16" y="24" font-size="15" fill="#111827">${escaped(claim.claim)}</text>`,
    `<text x="16" y="46" fill="#374151">${escaped(said)}</text>`,
    ...ticks.flatMap((tick) => [
      `<line x1="${at(tick)}" x2="${at(tick)}" y1="${MARGIN.top}" y2="${floor}" stroke="#f3f4f6"/>`,
      `<text x="${at(tick)}" y="${floor + 18}" text-anchor="middle" fill="#4b5563">${tick}</text>`,
    ]),
    `<text x="${(MARGIN.left + WIDTH - MARGIN.right) / 2}" y="${height - 8}" text-anchor="middle" fill="#4b5563">levels solved, % (a dot is a training)</text>`,
    ...agent.map(
      (value, i) =>
        `<line x1="${at(value)}" y1="${rows[0].y}" x2="${at(baseline[i])}" y2="${rows[1].y}" stroke="${COLOURS.line}"/>`,
    ),
    ...rows.flatMap(({ name, values, y, colour }) => {
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length
      return [
        `<text x="${MARGIN.left - 16}" y="${y + 4}" text-anchor="end" fill="${colour}">${escaped(name)}</text>`,
        `<line x1="${at(mean)}" x2="${at(mean)}" y1="${y - 16}" y2="${y + 16}" stroke="${colour}" stroke-width="3"/>`,
        ...values.map(
          (value) => `<circle cx="${at(value)}" cy="${y}" r="5" fill="${colour}" fill-opacity=".55"/>`,
        ),
      ]
    }),
  ].join('\n')}\n</svg>\n`
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
