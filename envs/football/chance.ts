import { uniform } from '#core/base/random'
import type { FootballState } from './state.ts'

/** True with probability p. */
export function chance(s: FootballState, p: number): boolean {
  return uniform(s.random) < p
}

/**
 * An error: about normal with standard deviation 1 (sum of three uniforms), scaled by the config's noise. All
 * that may turn a match to one side passes through here, so that without noise a mirrored match stays mirrored.
 */
export function error(s: FootballState): number {
  const sum = uniform(s.random) + uniform(s.random) + uniform(s.random)
  return (2 * sum - 3) * s.config.noise
}
