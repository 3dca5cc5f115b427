import type { EpisodeSummary } from '#core/record/wire'

/** The sum over seats of an episode's return. */
export function totalReturn({ return: returns }: Pick<EpisodeSummary, 'return'>): number {
  return returns.reduce((sum, value) => sum + value, 0)
}
