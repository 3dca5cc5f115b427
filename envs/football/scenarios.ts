import type { Role, Scenario } from './config.ts'

type Place = readonly [role: Role, x: number, y: number]

/**
 * A scenario as the numbers of Google Research Football's scenario files (google-research/football,
 * gfootball/scenarios): positions in each team's own frame, the ball in the pitch's.
 */
function academy(
  ball: [number, number],
  left: readonly Place[],
  right: readonly Place[],
  more: Partial<Scenario> = {},
): Scenario {
  return {
    duration: 400,
    offsides: false,
    endOnScore: true,
    endOnOutOfPlay: true,
    endOnPossessionChange: true,
    ball,
    left: { difficulty: 1, players: left.map(player) },
    right: { difficulty: 0.6, players: right.map(player) },
    ...more,
  }
}

function player([role, x, y]: Place): Scenario['left']['players'][number] {
  return { role, x, y, lazy: false, controllable: true }
}

const KEEPER: Place = ['GK', -1, 0]
const KEEPER_AWAY: Place = ['GK', 1, 0]

/** The eleven academy scenarios. */
export const ACADEMY = {
  academy_empty_goal_close: academy([0.77, 0], [KEEPER, ['CB', 0.75, 0]], [KEEPER_AWAY]),
  academy_empty_goal: academy([0.02, 0], [KEEPER, ['CB', 0, 0]], [KEEPER_AWAY]),
} as const satisfies Record<string, Scenario>
