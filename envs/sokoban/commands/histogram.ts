/** Rows of a histogram with at most 12 equal bins: '  4-7   38 ########'. */
export function histogram(values: readonly number[]): string[] {
  if (values.length === 0) return []
  const least = values.reduce((a, b) => Math.min(a, b))
  const most = values.reduce((a, b) => Math.max(a, b))
  const width = Math.max(1, Math.ceil((most - least + 1) / 12))
  const counts = new Array<number>(Math.ceil((most - least + 1) / width)).fill(0)
  for (const value of values) counts[Math.floor((value - least) / width)]++
  const highest = Math.max(...counts)
  return counts.map((count, bin) => {
    const from = least + bin * width
    const label = width === 1 ? `${from}` : `${from}-${from + width - 1}`
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
