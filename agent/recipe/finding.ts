/** What was looked at, what was found, and where it is not as it should be what to change. */
export interface Finding {
  /** Where in the recipe: 'stages.fre'. */
  readonly key: string
  readonly what: string
  readonly value: string
  /** Absent where all is well. */
  readonly advice?: string
}
