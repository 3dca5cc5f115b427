/** A level to be solved by the best scripted agent of its game. */
export interface Question {
  readonly number: number
  readonly env: string
  /** Partial. */
  readonly config: Readonly<Record<string, unknown>>
  readonly seed: string
}

/** What came of it. */
export interface Answer {
  readonly number: number
  /** The actions of every seat at each step; null where no success was found. */
  readonly steps: readonly (readonly number[])[] | null
  /** The fewest steps that lead to success, where the game can tell. */
  readonly least: number | null
}
