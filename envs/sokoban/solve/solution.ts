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
  /** `limit`: gave up at a limit of nodes, work, length or time, so that nothing shorter is known. */
  readonly status: 'solved' | 'unsolvable' | 'limit'
  /** Directions in order; empty unless solved. */
  readonly plan: Uint8Array
  readonly pushes: number
  readonly nodes: number
  /** Done in all; more than the limit by one position's successors at most. */
  readonly work: number
}

/** Positions kept unless told otherwise. */
export const NODES = 1_000_000
/** Work allowed for each position, more than the usual 100 to 400, so that very large levels end in time, too. */
export const WORK_PER_NODE = 500
