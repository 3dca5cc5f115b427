import { least, most } from '#core/base/lists'

/** One line of the picture: a name, and a number in percent for each seed. */
export interface Row {
  readonly name: string
  readonly values: readonly number[]
}

const WIDTH = 760
const ROW = 26
const MARGIN = { left: 300, right: 24, top: 52, bottom: 44 }

/** A row of dots for each of several settings, in their order: a dot is a training, a bar their mean. SVG. */
export function rowsOfDots(title: string, rows: readonly Row[], axis: string): string {
  const all = rows.flatMap(({ values }) => values)
  const low = Math.max(0, 5 * Math.floor((least(all) - 1) / 5))
  const high = Math.min(100, 5 * Math.ceil((most(all) + 1) / 5))
  const at = (value: number): string =>
    (MARGIN.left + ((WIDTH - MARGIN.left - MARGIN.right) * (value - low)) / Math.max(1, high - low)).toFixed(
      1,
    )
  const height = MARGIN.top + rows.length * ROW + MARGIN.bottom
  const floor = height - MARGIN.bottom
  const step = high - low > 40 ? 10 : 5
  const ticks = Array.from({ length: Math.floor((high - low) / step) + 1 }, (_, i) => low + i * step)
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="12">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${WIDTH}" height="${height}" fill="#fff"/>`,
    `<text x="16" y="26" font-size="15" fill="#111827">${escaped(title)}</text>`,
    ...ticks.flatMap((tick) => [
      `<line x1="${at(tick)}" x2="${at(tick)}" y1="${MARGIN.top}" y2="${floor}" stroke="#f3f4f6"/>`,
      `<text x="${at(tick)}" y="${floor + 16}" text-anchor="middle" fill="#4b5563">${tick}</text>`,
    ]),
    `<text x="${(MARGIN.left + WIDTH - MARGIN.right) / 2}" y="${height - 8}" text-anchor="middle" fill="#4b5563">${escaped(axis)}</text>`,
    ...rows.flatMap(({ name, values }, i) => {
      const y = MARGIN.top + (i + 0.5) * ROW
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length
      const label = name.length > 46 ? `${name.slice(0, 45)}…` : name
      return [
        `<text x="${MARGIN.left - 14}" y="${y + 4}" text-anchor="end" fill="#111827">${escaped(label)}</text>`,
        `<line x1="${MARGIN.left}" x2="${WIDTH - MARGIN.right}" y1="${y}" y2="${y}" stroke="#f3f4f6"/>`,
        `<line x1="${at(mean)}" x2="${at(mean)}" y1="${y - 9}" y2="${y + 9}" stroke="#2563eb" stroke-width="3"/>`,
        ...values.map(
          (value) => `<circle cx="${at(value)}" cy="${y}" r="4.5" fill="#2563eb" fill-opacity=".5"/>`,
        ),
      ]
    }),
  ].join('\n')}\n</svg>\n`
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
