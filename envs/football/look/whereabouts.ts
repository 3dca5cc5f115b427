import type { Spot } from '#core/env/env'
import { BALL, type FootballState } from '../state.ts'
import { endOf, firstOf, sideOf, teamOf } from '../teams.ts'
import { CX, CY, HEIGHT, UNIT, WIDTH } from './scene.ts'

/** Side of a square of the pitch, in units of the scene (4 m): finer ones are hardly entered twice. */
const SQUARE = 40

/** The square on which whoever the seat commands now stands. */
export function whereabouts(s: FootballState, seat: number): Spot {
  const mine = s.seatPlayer[seat]
  return square(sideOf(s, mine), s.x[mine], s.y[mine])
}

/** The squares of the ball and of everyone on the pitch, by side. */
export function traces(s: FootballState, seat: number): Readonly<Record<string, readonly Spot[]>> {
  const own = teamOf(s, s.seatPlayer[seat])
  const side = own === 0 ? 1 : -1
  const team = (which: number) => {
    const spots: Spot[] = []
    for (let p = firstOf(s, which); p < endOf(s, which); p++)
      if (s.active[p] !== 0) spots.push(square(side, s.x[p], s.y[p]))
    return spots
  }
  return {
    ball: [square(side, s.ball[BALL.x], s.ball[BALL.y])],
    'own side': team(own),
    'other side': team(1 - own),
  }
}

/** Where (x, y), in metres, lies for a side; what is off the scene is at its edge. */
function square(side: number, x: number, y: number): Spot {
  const middle = (units: number, most: number) =>
    Math.floor(Math.max(0, Math.min(most - 1, units)) / SQUARE) * SQUARE + SQUARE / 2
  return { x: middle(CX + side * x * UNIT, WIDTH), y: middle(CY + side * y * UNIT, HEIGHT), size: SQUARE }
}
