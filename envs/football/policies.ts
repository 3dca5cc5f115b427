import type { Scripted } from '#core/env'
import { IDLE, RIGHT, SHOT, SPRINT } from './actions.ts'
import type { Config } from './config.ts'
import { METRES_X } from './pitch.ts'
import { type FootballState, STICKY, WORLD } from './state.ts'
import { sideOf } from './teams.ts'

/** Runs right, sprints, and shoots when x > 0.7: the simplest agent that scores. */
export function runShoot(_: Config): Scripted<FootballState> {
  return {
    act(s, seat) {
      const p = s.seatPlayer[seat]
      const owns = s.world[WORLD.owner] === p
      if (s.world[WORLD.mode] !== 0 && s.world[WORLD.taker] === p) return [SHOT]
      if (owns && (sideOf(s, p) * s.x[p]) / METRES_X > 0.7) return [SHOT]
      if (s.seatDirection[seat] !== RIGHT) return [RIGHT]
      return [s.seatSticky[seat] & STICKY.sprint ? IDLE : SPRINT]
    },
  }
}
