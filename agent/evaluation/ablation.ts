import { type Comparison, compare } from './compare.ts'
import type { Result } from './evaluate.ts'
import type { Interval } from './statistics.ts'

/** What an ablation asks of every arm. */
export const MEASURES = ['success', 'return'] as const
export type Measure = (typeof MEASURES)[number]

/** An arm of an ablation: the same agent on the same levels, asked in its own way. */
export interface Arm {
  readonly name: string
  readonly results: readonly Result[]
}

/** An arm beside the base: `comparison.a` is the arm, so that differences are arm - base. */
export interface Ablated {
  readonly name: string
  readonly comparison: Comparison
  /** Whether the difference is more than the arm that is the base once more shows. */
  readonly beyond: Readonly<Record<Measure, boolean>>
}

export interface Ablation {
  /** The base once more, with other sampling: how far an arm is from itself. */
  readonly again: Comparison
  /** How far from 0 the difference between base and base may be. */
  readonly floor: Readonly<Record<Measure, number>>
  readonly arms: readonly Ablated[]
}

/**
 * Arms paired with a base by level, and the noise floor from the base played twice. An arm is beyond the noise where the
 * 95 % interval of its difference leaves out 0, and the difference itself is outside the floor.
 * @throws UserError when no level was played to its end by both, RangeError when levels differ.
 */
export function ablate(base: readonly Result[], again: readonly Result[], arms: readonly Arm[]): Ablation {
  const twice = compare(again, base)
  const floor = each((measure) => reach(twice[measure].difference))
  return {
    again: twice,
    floor,
    arms: arms.map(({ name, results }) => {
      const comparison = compare(results, base)
      return {
        name,
        comparison,
        beyond: each((measure) => {
          const { mean, low, high } = comparison[measure].difference
          return low * high > 0 && Math.abs(mean) > floor[measure]
        }),
      }
    }),
  }
}

const reach = ({ low, high }: Interval): number => Math.max(Math.abs(low), Math.abs(high))

function each<T>(of: (measure: Measure) => T): Record<Measure, T> {
  return { success: of('success'), return: of('return') }
}
