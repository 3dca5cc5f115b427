export interface SolveOptions {
  /** What the solution has the fewest of; `any` takes the first that is found, for levels too hard for the others. */
  readonly optimal: 'moves' | 'pushes' | 'any'
  /** Most positions to keep (about 50 bytes each with four boxes); a million unless given. */
  readonly nodes?: number
  /** Most work, in cells walked and pairs of box and target looked at (about 7 ns each); 500 for each of `nodes` unless given. */
  readonly work?: number
  /** Solutions with more moves (or pushes) than this are not looked for; no limit unless given. */
  readonly longest?: number
  /** Asked now and then; true gives up. Environments pass none, so that their answers depend on no clock. */
  readonly expired?: () => boolean
}

export interface Solution {
  /** `limit`: gave up at a limit, so that nothing shorter is known. */
  readonly status: 'solved' | 'unsolvable' | 'limit'
  /**
   * At which limit it gave up; undefined unless it did. Only what says `time` depends on a clock: all else is found again by
   * whoever looks with the same limits of nodes, work and length.
   */
  readonly limit?: 'nodes' | 'work' | 'length' | 'time'
  /** Directions in order; empty unless solved. */
  readonly plan: Uint8Array
  readonly pushes: number
  readonly nodes: number
  /** Done in all; more than the limit by one position's successors at most. */
  readonly work: number
}

/** Before anything was found, not even what the level is like. */
export function nothing(limit: Solution['limit']): Solution {
  return { status: 'limit', limit, plan: new Uint8Array(), pushes: 0, nodes: 0, work: 0 }
}

/** Work between two looks at the clock. */
const OFTEN = 100_000

/** Whether time is up: once it is, it stays so. */
export type Clock = () => boolean

/** A clock that is looked at once for so much of the work that is `done`. */
export function clockOf(expired: () => boolean, done: () => number): Clock {
  let asked = 0
  let past = false
  return () => {
    if (!past && done() - asked > OFTEN) {
      asked = done()
      past = expired()
    }
    return past
  }
}

/** Positions kept unless told otherwise. */
export const NODES = 1_000_000
/** Work allowed for each position, more than the usual 100 to 400, so that very large levels end in time, too. */
export const WORK_PER_NODE = 500
