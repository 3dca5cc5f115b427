/** What a collection file holds: levels in order, and what cannot be played of it. */
export interface Collection {
  readonly levels: readonly CollectedLevel[]
  readonly faults: readonly Fault[]
}

/** A level of a collection file. */
export interface CollectedLevel extends Place {
  /** Partial config that plays it. */
  readonly config: object
}

/** Where a level of a file is. */
export interface Place {
  /** Among all levels of the file, readable or not, from 1. */
  readonly number: number
  /** Of its first row or its mistake, from 1. */
  readonly line: number
  readonly name?: string
}

/** A level that is left out. */
export interface Fault extends Place {
  readonly reason: string
  /** A mistake of the file; false for a sound level that there is nothing to play of. */
  readonly bad: boolean
}

/** 'line 6, level 2: a second player, in column 3'; the level's number is left out of a file that holds no other. */
export function told({ number, line, reason }: Fault, only = false): string {
  return `line ${line}${only ? '' : `, level ${number}`}: ${reason}`
}

/**
 * All bad levels in one line: the first with its reason, the others by number and line; null when there is none.
 * @param total levels of the file, readable or not.
 */
export function badLevels(faults: readonly Fault[], total: number): string | null {
  const [first, ...others] = faults.filter((fault) => fault.bad)
  if (first === undefined) return null
  const reason = told(first, total === 1)
  if (others.length === 0) return reason
  const named = others.slice(0, NAMED)
  const numbers = named.map(({ number }) => number).join(', ')
  const lines = named.map(({ line }) => line).join(', ')
  const more = others.length > NAMED ? ` and ${others.length - NAMED} more` : ''
  return `${reason}; also level ${numbers} (line ${lines})${more}`
}

/** Levels that are named beside the first: as many as a line of an error holds. */
const NAMED = 10
