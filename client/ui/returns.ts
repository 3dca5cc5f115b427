import type { EpisodeSummary } from '#core/record/wire'

/** The sum over seats of an episode's return; seat 0's where the outcome tells them apart, for there it may always be 0. */
export function totalReturn({ return: returns, seats }: Pick<EpisodeSummary, 'return' | 'seats'>): number {
  return seats ? returns[0] : returns.reduce((sum, value) => sum + value, 0)
}
