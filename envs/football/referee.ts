import { FLIGHT } from './ball.ts'
import { BALL, type FootballState, WORLD } from './state.ts'
import { ENDINGS, EVENTS, MODES } from './words.ts'

/** What a flight's end means: a goal or a ball out of play. Returns true when the step is over. */
export function judge(s: FootballState, flight: number): boolean {
  const w = s.world
  if (flight === FLIGHT.post) w[WORLD.events] |= EVENTS.post
  if (flight !== FLIGHT.goal && flight !== FLIGHT.out) return false
  if (flight === FLIGHT.goal) {
    const left = s.ball[BALL.x] > 0
    w[left ? WORLD.left : WORLD.right]++
    w[WORLD.events] |= left ? EVENTS.goal : EVENTS.conceded
    if (s.config.scenario.endOnScore) end(s, left ? ENDINGS.goal : ENDINGS.conceded)
    return true
  }
  w[WORLD.events] |= EVENTS.out
  w[WORLD.mode] = MODES.throwIn
  if (s.config.scenario.endOnOutOfPlay) end(s, ENDINGS.out)
  return true
}

/** The episode ends; the first reason stands. */
export function end(s: FootballState, ending: number): void {
  if (s.terminated) return
  s.terminated = true
  s.world[WORLD.ending] = ending
}
