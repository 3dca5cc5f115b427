import { MINI } from './minis.ts'
import { ROLES, type Role, type Scenario } from './scenario.ts'

/**
 * The scenarios of Google Research Football as their files state them (google-research/football,
 * gfootball/scenarios): each team's players in its own frame, the ball in the pitch's.
 */

type Team = Scenario['left']['players']

/** The players of a text 'GK -1 0, CB 0.7 0': role, x, y. */
export function players(text: string, lazy = false): Team {
  return text.split(', ').map((place) => {
    const [role, x, y] = place.split(' ')
    if (!ROLES.includes(role as Role)) throw new Error(`no role '${role}'`)
    return { role: role as Role, x: Number(x), y: Number(y), lazy: lazy && role !== 'GK', controllable: true }
  })
}

/** An exercise: it ends with a goal, the ball out of play, or the ball lost. Teams as texts, or as they are. */
export function academy(
  ball: [number, number],
  left: string | Team,
  right: string | Team,
  more: Partial<Scenario> = {},
): Scenario {
  const team = (given: string | Team): Team => (typeof given === 'string' ? players(given) : given)
  return {
    duration: 400,
    offsides: false,
    endOnScore: true,
    endOnOutOfPlay: true,
    endOnPossessionChange: true,
    ball,
    left: { difficulty: 1, players: team(left) },
    right: { difficulty: 0.6, players: team(right) },
    ...more,
  }
}

/** A whole match, from the kick-off. */
function match(left: Scenario['left'], right: Scenario['right'], duration = 3000): Scenario {
  return {
    duration,
    offsides: true,
    endOnScore: false,
    endOnOutOfPlay: false,
    endOnPossessionChange: false,
    ball: [0, 0],
    left,
    right,
  }
}

const BACK = 'LB -0.422 -0.1958, CB -0.5 -0.0636, CB -0.5 0.0636, RB -0.422 0.1958'
const MIDDLE = 'CM -0.1842 -0.1057, CM -0.2676 0, CM -0.1842 0.1057, LM -0.01 -0.2161'
const KICKING = `GK -1 0, RM 0 0.02, CF 0 -0.02, ${BACK}, ${MIDDLE}`
const WAITING = `GK -1 0, RM -0.05 0, CF -0.01 0.2161, ${BACK}, ${MIDDLE}`
const CHASERS = 'LB 0.12 0.2, CB 0.12 0.1, CM 0.12 0, CB 0.12 -0.1, RB 0.12 -0.2'
const COUNTER =
  'GK -1 0, LB -0.672 -0.1958, CB -0.75 -0.0636, CB -0.75 0.0636, RB -0.672 0.1958, CM -0.434 -0.1057, CM -0.434 0.1057, CM 0.5 -0.3161, LM 0.25 -0.1, RM 0.25 0.1, CF 0.35 0.3161'
const COUNTERED =
  'CB -0.4 0.0636, RB 0.128 -0.1958, CM 0.365 -0.1057, CM 0.282 0, CM 0.365 0.1057, LM 0.54 -0.3161, RM 0.51 0, CF 0.54 0.3161'
const CORNER =
  'GK -1 0, LB 1 0.42, CB 0.7 0.15, CB 0.7 0.05, RB 0.7 -0.05, CM 0 0, CM 0.6 0.35, CM 0.8 0.07, LM 0.8 -0.03, RM 0.8 -0.13, CF 0.7 -0.3'
const CORNERED =
  'GK -1 0, LB -0.75 -0.18, CB -0.75 -0.08, CB -0.75 0.02, RB -1 -0.1, CM -0.8 -0.25, CM -0.88 -0.07, CM -0.88 0.03, LM -0.88 0.13, RM -0.75 0.25, CF -0.2 0'

function eleven(right: number): Scenario {
  return match({ difficulty: 1, players: players(KICKING) }, { difficulty: right, players: players(WAITING) })
}

function fives(text: string): Scenario['left'] {
  const team = players(text)
  return {
    difficulty: 0.05,
    players: team.map((player) => ({ ...player, controllable: player.role !== 'GK' })),
  }
}

/** Every scenario by the name its makers gave it. */
export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  academy_empty_goal_close: academy([0.77, 0], 'GK -1 0, CB 0.75 0', 'GK 1 0'),
  academy_empty_goal: academy([0.02, 0], 'GK -1 0, CB 0 0', 'GK 1 0'),
  academy_run_to_score: academy([0.02, 0], 'GK -1 0, CB 0 0', `GK 1 0, ${CHASERS}`),
  academy_run_to_score_with_keeper: academy([0.02, 0], 'GK -1 0, CB 0 0', `GK -1 0, ${CHASERS}`),
  academy_pass_and_shoot_with_keeper: academy(
    [0.7, -0.28],
    'GK -1 0, CB 0.7 0, CB 0.7 -0.3',
    'GK -1 0, CB -0.75 0.3',
  ),
  academy_run_pass_and_shoot_with_keeper: academy(
    [0.7, -0.28],
    'GK -1 0, CB 0.7 0, CB 0.7 -0.3',
    'GK -1 0, CB -0.75 0.1',
  ),
  academy_3_vs_1_with_keeper: academy(
    [0.62, 0],
    'GK -1 0, CM 0.6 0, CM 0.7 0.2, CM 0.7 -0.2',
    'GK -1 0, CB -0.75 0',
  ),
  academy_corner: academy([0.99, 0.41], CORNER, CORNERED, { endOnPossessionChange: false }),
  academy_counterattack_easy: academy(
    [0.26, -0.11],
    COUNTER,
    `GK -1 0, LB 0.128 -0.1958, CB 0.4 -0.0636, ${COUNTERED}`,
  ),
  academy_counterattack_hard: academy(
    [0.26, -0.11],
    COUNTER,
    `GK -1 0, LB 0.128 -0.1958, CB -0.4 -0.0636, ${COUNTERED}`,
  ),
  academy_single_goal_versus_lazy: academy([-0.48, -0.06356], KICKING, WAITING, {
    duration: 3000,
    right: { difficulty: 0.6, players: players(WAITING, true) },
  }),
  '1_vs_1_easy': match(
    { difficulty: 0, players: players('GK -1 0') },
    { difficulty: 0, players: players('GK -1 0') },
    500,
  ),
  '5_vs_5': match(
    fives('GK -1 0, RM 0 0.02, CF 0 -0.02, LB -0.1 -0.1, CB -0.1 0.1'),
    fives('GK -1 0, RM -0.04 0.04, CF -0.04 -0.04, LB -0.1 -0.1, CB -0.1 0.1'),
  ),
  '11_vs_11_stochastic': eleven(0.6),
  '11_vs_11_easy_stochastic': eleven(0.05),
  '11_vs_11_hard_stochastic': eleven(0.95),
  '11_vs_11_competition': eleven(1),
  ...Object.fromEntries(
    Object.entries(MINI).map(([name, [ball, left, right]]) => [
      name,
      academy([ball[0], ball[1]], left, right, { right: { difficulty: 0, players: players(right) } }),
    ]),
  ),
}
