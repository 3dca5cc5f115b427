import type { EpisodeSummary } from '#core/record/wire'

/** What was found of an episode by playing its record again; absent where the game cannot tell. */
export interface Gauge {
  readonly id: string
  /** The turn (from 1) after which no success could be reached any more: null for never, 0 where the level had none. */
  readonly stuck?: number | null
  /** Steps more than the best player needs; Infinity where success went out of reach, null where it is not found out. */
  readonly regret?: number | null
}

/** What was found before, by id: records do not change. */
const known = new Map<string, Gauge>()

export const keepGauge = (gauge: Gauge): void => void known.set(gauge.id, gauge)

/** What is known of an episode. */
export const gaugeOf = ({ id }: Pick<EpisodeSummary, 'id'>): Gauge | undefined => known.get(id)
