import { least, most } from '#core/base/lists'

/** Rows of a histogram with at most 12 equal bins: '  4-7   38 ########'. */
export function histogram(values: readonly number[]): string[] {
  if (values.length === 0) return []
  const from = least(values)
  const to = most(values)
  const width = Math.max(1, Math.ceil((to - from + 1) / 12))
  const counts = new Array<number>(Math.ceil((to - from + 1) / width)).fill(0)
  for (const value of values) counts[Math.floor((value - from) / width)]++
  const highest = most(counts)
  return counts.map((count, bin) => {
    const first = from + bin * width
    const label = width === 1 ? `${first}` : `${first}-${first + width - 1}`
    return `${label.padStart(9)} ${String(count).padStart(6)} ${'#'.repeat(Math.ceil((40 * count) / highest))}`
  })
}

/** 'median 12, mean 13.4, 2 to 60'. */
export function summary(values: readonly number[]): string {
  if (values.length === 0) return 'none'
  const sorted = [...values].sort((a, b) => a - b)
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  return `median ${sorted[values.length >> 1]}, mean ${mean.toFixed(1)}, ${sorted[0]} to ${sorted[values.length - 1]}`
}
