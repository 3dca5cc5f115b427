import { hashText } from '#core/base/hash'

/** What of the game a measurement says something about. */
export const MECHANISMS = [
  'movement',
  'defending',
  'shooting',
  'keeping',
  'passing',
  'endings',
  'match',
  'set pieces',
  'tiredness',
] as const
export type Mechanism = (typeof MECHANISMS)[number]

/** A mean or a share (0..1) of a sample: `sd` is null where it was not measured, `n` where nobody counted. */
export interface Sample {
  readonly mean: number
  readonly sd: number | null
  readonly n: number | null
}

/** One figure measured on Google Research Football beside ours. */
export interface Cell {
  readonly mechanism: Mechanism
  readonly name: string
  /** A share of tries, or a mean with a scale of its own. */
  readonly kind: 'rate' | 'mean'
  readonly grf: Sample
  readonly ours: Sample
  /** Never looked at while fitting. */
  readonly heldOut: boolean
}

/** One of three groups is never fitted; which one is the hash of its name's choice. */
export function isHeldOut(group: string): boolean {
  return Number.parseInt(hashText(group).slice(0, 6), 16) % 3 === 0
}

export function rate(hits: number, n: number): Sample {
  return { mean: n === 0 ? 0 : hits / n, sd: null, n }
}

/** Mean and standard deviation of a list; 0 of an empty one. */
export function sample(values: readonly number[]): Sample {
  const n = values.length
  if (n === 0) return { mean: 0, sd: 0, n }
  const mean = values.reduce((sum, value) => sum + value, 0) / n
  const square = values.reduce((sum, value) => sum + (value - mean) * (value - mean), 0) / n
  return { mean, sd: Math.sqrt(square), n }
}

/** Rows of a table of words: the first line names the columns; '-' is nothing. */
export function rows(table: string): Record<string, string>[] {
  const [head, ...lines] = table.trim().split('\n')
  const names = head.split(' ')
  return lines.map((line) => {
    const words = line.split(' ')
    return Object.fromEntries(names.map((name, i) => [name, words[i]]))
  })
}

export function numberOf(word: string): number | null {
  return word === '-' ? null : Number(word)
}
