import { least, most } from '#core/base/lists'
import type { MetricsRow } from '#core/record/run'

/** What a chart's horizontal axis counts. */
export const AXES = {
  update: 'updates',
  episodes: 'episodes',
  seconds: 'minutes',
} as const
export type Axis = keyof typeof AXES

/** Points in order of x. */
export interface Points {
  readonly x: readonly number[]
  readonly y: readonly number[]
}

/** A metric over an axis: the updates themselves, or what they have summed up to (seconds in minutes). */
export function pointsOf(rows: readonly MetricsRow[], metric: string, axis: Axis): Points {
  const x: number[] = []
  const y: number[] = []
  let sum = 0
  for (const row of rows) {
    const part = row[axis]
    if (typeof part === 'number') sum += axis === 'seconds' ? part / 60 : part
    const value = row[metric]
    if (typeof value !== 'number' || (axis !== 'update' && typeof part !== 'number')) continue
    x.push(axis === 'update' ? row.update : sum)
    y.push(value)
  }
  return { x, y }
}

/**
 * An exponential moving average that does not favour the first value.
 * @param weight of what came before, 0 (none) to below 1.
 */
export function smoothed(values: readonly number[], weight: number): number[] {
  let last = 0
  let debt = 1
  return values.map((value) => {
    if (!Number.isFinite(value)) return value
    last = weight * last + (1 - weight) * value
    debt *= weight
    return last / (1 - debt)
  })
}

/** Mean, least and greatest of several runs, where all of them have a value. */
export function bandOf(runs: readonly Points[]): {
  x: number[]
  mean: number[]
  low: number[]
  high: number[]
} {
  const band = { x: [] as number[], mean: [] as number[], low: [] as number[], high: [] as number[] }
  const columns = runs.map(({ x, y }) => new Map(x.map((at, i) => [at, y[i]])))
  for (const at of runs[0]?.x ?? []) {
    const values = columns.map((column) => column.get(at))
    if (!values.every((value) => value !== undefined)) continue
    band.x.push(at)
    band.mean.push(values.reduce((sum, value) => sum + value, 0) / values.length)
    band.low.push(least(values))
    band.high.push(most(values))
  }
  return band
}

/** Lines of comma-separated values: the axis, then a column per name. */
export function csv(
  axis: string,
  columns: readonly { readonly name: string; readonly points: Points }[],
): string {
  const quoted = (text: string) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
  const places = [...new Set(columns.flatMap(({ points }) => points.x))].sort((a, b) => a - b)
  const maps = columns.map(({ points: { x, y } }) => new Map(x.map((at, i) => [at, y[i]])))
  const head = [axis, ...columns.map(({ name }) => name)].map(quoted).join(',')
  const lines = places.map((at) => [at, ...maps.map((map) => map.get(at) ?? '')].join(','))
  return `${[head, ...lines].join('\n')}\n`
}
