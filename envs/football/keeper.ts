import { chance, error } from './chance.ts'
import { own } from './ownership.ts'
import { BALL, DOING, type FootballState, WORLD } from './state.ts'

/** The ball is in the keeper's hands. */
export function inHands(s: FootballState, p: number): void {
  const b = s.ball
  b[BALL.x] = s.x[p] + 0.35 * s.fx[p]
  b[BALL.y] = s.y[p] + 0.35 * s.fy[p]
  b[BALL.z] = 1.1
  b[BALL.vx] = s.vx[p]
  b[BALL.vy] = s.vy[p]
  b[BALL.vz] = 0
}

/** The keeper, in his box, touches a loose ball when he can: holds it or parries it. */
export function keeperTouch(s: FootballState, p: number, distance2: number): boolean {
  const b = s.ball
  const w = s.world
  const diving = s.doing[p] === DOING.dive
  const reach = diving ? 1.1 : 0.9
  if (distance2 > reach * reach || b[BALL.z] > 2.5) return false
  const speed = Math.sqrt(b[BALL.vx] * b[BALL.vx] + b[BALL.vy] * b[BALL.vy])
  if (s.missed[p] === w[WORLD.kick]) return false
  w[WORLD.toucher] = p
  if (speed < 12 || chance(s, 0.75)) {
    own(s, p)
    w[WORLD.hands] = p
    w[WORLD.held] = 0
    return true
  }
  s.missed[p] = w[WORLD.kick]
  b[BALL.vx] *= -0.25
  b[BALL.vy] = 0.3 * b[BALL.vy] + 5 * error(s)
  b[BALL.vz] = 2
  return true
}
