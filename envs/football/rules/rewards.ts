import type { RewardRule } from '#core/env/reward'
import { METRES_X, METRES_Y } from '../physics/pitch.ts'
import { BALL, type FootballState, TERMS, WORLD } from '../state.ts'
import { sideOf } from '../teams.ts'
import { EVENTS } from '../words.ts'
import { magebench } from './magebench.ts'

const CHECKPOINTS = 10
const CHECKPOINT = 0.1

/** Reward rules for learning: Google Research Football's checkpoints, where the config's reward is `checkpoints`. */
export const REWARD_RULES = {
  'grf-checkpoints': ({ terms }) => ({ scoring: terms.scoring ?? 0, checkpoints: terms.checkpoints ?? 0 }),
} as const satisfies Record<string, RewardRule>

/** Pays every seat its terms of this step, those that the config's reward names. */
export function pay(s: FootballState): void {
  const { rewards, terms } = s
  const kind = s.config.reward
  for (let seat = 0; seat < s.setup.seats; seat++) {
    const at = seat * TERMS.length
    if (kind === 'magebench') magebench(s, seat, at)
    else {
      terms[at] = goals(s, seat)
      if (kind === 'checkpoints') terms[at + 1] = checkpoints(s, seat, terms[at])
    }
    let sum = 0
    for (let i = 0; i < TERMS.length; i++) sum += terms[at + i]
    rewards[seat] = sum
  }
}

/** +1 for a goal of the seat's team, -1 for one against it. */
function goals(s: FootballState, seat: number): number {
  const events = s.world[WORLD.events]
  const goal = events & EVENTS.goal ? 1 : events & EVENTS.conceded ? -1 : 0
  return goal === 0 ? 0 : sideOf(s, s.seatPlayer[seat]) * goal
}

/**
 * 0.1 for each of ten distances to the goal, 0.99 - 0.8 / 9 i, that the seat's player first reaches with the
 * ball; a goal pays those that are left (Google Research Football's checkpoint reward).
 */
function checkpoints(s: FootballState, seat: number, goal: number): number {
  const before = s.checkpoints[seat]
  if (goal > 0) s.checkpoints[seat] = CHECKPOINTS
  else if (s.world[WORLD.owner] === s.seatPlayer[seat]) {
    const side = sideOf(s, s.seatPlayer[seat])
    const dx = (side * s.ball[BALL.x]) / METRES_X - 1
    const dy = s.ball[BALL.y] / METRES_Y
    const distance = Math.sqrt(dx * dx + dy * dy)
    while (s.checkpoints[seat] < CHECKPOINTS && distance <= 0.99 - (0.8 / 9) * s.checkpoints[seat]) {
      s.checkpoints[seat]++
    }
  }
  return CHECKPOINT * (s.checkpoints[seat] - before)
}
