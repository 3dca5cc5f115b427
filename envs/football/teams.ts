import type { FootballState } from './state.ts'

/** 0 for the left team, 1 for the right. */
export function teamOf(s: FootballState, p: number): 0 | 1 {
  return p < s.setup.left ? 0 : 1
}

/** 1 when the player's team attacks to the right, else -1: times this, positions are in the team's own frame. */
export function sideOf(s: FootballState, p: number): 1 | -1 {
  return p < s.setup.left ? 1 : -1
}

/** First player of a team. */
export function firstOf(s: FootballState, team: number): number {
  return team === 0 ? 0 : s.setup.left
}

/** One past the last player of a team. */
export function endOf(s: FootballState, team: number): number {
  return team === 0 ? s.setup.left : s.setup.count
}

/** Whether a seat of the team holds a sticky flag (see STICKY). */
export function ordered(s: FootballState, team: number, flag: number): boolean {
  for (let seat = 0; seat < s.setup.seats; seat++) {
    if ((s.seatSticky[seat] & flag) !== 0 && teamOf(s, s.seatPlayer[seat]) === team) return true
  }
  return false
}

/** Square of the distance in metres from player p to (x, y). */
export function distance2(s: FootballState, p: number, x: number, y: number): number {
  const dx = s.x[p] - x
  const dy = s.y[p] - y
  return dx * dx + dy * dy
}
