import { UserError } from '#core/base/errors'
import type { Result } from './evaluate.ts'
import { type Interval, interval, pairedDifference } from './statistics.ts'

/** A figure of two agents on the same levels; the difference is a - b. */
export interface Paired {
  readonly a: Interval
  readonly b: Interval
  readonly difference: Interval
}

/** One level that two agents played, with what came of it. */
export interface Pair {
  readonly index: number
  readonly seed: string
  readonly a: Result
  readonly b: Result
  /** Who did better: by success, between equals by return. */
  readonly winner: 'a' | 'b' | null
}

export interface Comparison {
  readonly episodes: number
  readonly success: Paired
  readonly return: Paired
  /** Over the levels where both have one; absent where none has. */
  readonly score?: Paired
  readonly steps: Paired
  readonly wins: number
  readonly losses: number
  readonly ties: number
  /** The levels one of them won, those that differ most in return first. */
  readonly differ: readonly Pair[]
}

/** Returns that differ by less are equal: sums of the same rewards in another order. */
const EQUAL = 1e-9

/**
 * Two agents' results on the same levels, paired; a level that one of them could not end is left out.
 * @throws UserError when none is left, RangeError when the levels are not the same in the same order.
 */
export function compare(a: readonly Result[], b: readonly Result[]): Comparison {
  if (a.length !== b.length || a.some(({ seed }, i) => seed !== b[i].seed)) {
    throw new RangeError('only results on the same levels can be compared')
  }
  const pairs = a
    .map((one, i): Pair => {
      const { index, seed } = one
      return { index, seed, a: one, b: b[i], winner: better(one, b[i]) }
    })
    .filter(({ a, b }) => a.failed === undefined && b.failed === undefined)
  if (pairs.length === 0) throw new UserError('no level was played to its end by both agents')
  const scored = pairs.filter(({ a, b }) => a.score !== null && b.score !== null)
  const count = (who: Pair['winner']): number => pairs.filter((pair) => pair.winner === who).length
  const apart = ({ a, b }: Pair): number => Math.abs(a.return - b.return)
  return {
    episodes: pairs.length,
    success: paired(pairs, ({ success }) => (success ? 1 : 0)),
    return: paired(pairs, (result) => result.return),
    ...(scored.length > 0 ? { score: paired(scored, ({ score }) => score ?? 0) } : {}),
    steps: paired(pairs, ({ steps }) => steps),
    wins: count('a'),
    losses: count('b'),
    ties: count(null),
    differ: pairs.filter((pair) => pair.winner !== null).sort((x, y) => apart(y) - apart(x)),
  }
}

function paired(pairs: readonly Pair[], of: (result: Result) => number): Paired {
  const [a, b] = [pairs.map((pair) => of(pair.a)), pairs.map((pair) => of(pair.b))]
  return { a: interval(a), b: interval(b), difference: pairedDifference(a, b) }
}

/** Who did better on the same level: by success, between equals by return. */
export function better(
  a: Pick<Result, 'success' | 'return'>,
  b: Pick<Result, 'success' | 'return'>,
): Pair['winner'] {
  if (a.success !== b.success) return a.success ? 'a' : 'b'
  if (Math.abs(a.return - b.return) < EQUAL) return null
  return a.return > b.return ? 'a' : 'b'
}
