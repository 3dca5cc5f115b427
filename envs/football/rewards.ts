import { type FootballState, TERMS, WORLD } from './state.ts'
import { sideOf } from './teams.ts'
import { EVENTS } from './words.ts'

/** Pays every seat its terms of this step. */
export function pay(s: FootballState): void {
  const events = s.world[WORLD.events]
  for (let seat = 0; seat < s.setup.seats; seat++) {
    const side = sideOf(s, s.seatPlayer[seat])
    const goal = events & EVENTS.goal ? 1 : events & EVENTS.conceded ? -1 : 0
    const at = seat * TERMS.length
    if (s.config.reward !== 'magebench') s.terms[at] = side * goal
    let sum = 0
    for (let i = 0; i < TERMS.length; i++) sum += s.terms[at + i]
    s.rewards[seat] = sum
  }
}
