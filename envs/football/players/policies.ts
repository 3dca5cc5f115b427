import type { Scripted } from '#core/env/env'
import * as A from '../actions.ts'
import type { Config } from '../config.ts'
import { METRES_X } from '../physics/pitch.ts'
import { clone, DOING, type FootballState, STICKY, WORLD } from '../state.ts'
import { sideOf } from '../teams.ts'
import { think } from './ai.ts'

/** Runs right, sprints, and shoots when x > 0.7 or at a set piece: the simplest agent that scores. */
export function runShoot(_: Config): Scripted<FootballState> {
  return {
    act(s, seat) {
      const p = s.seatPlayer[seat]
      const owns = s.world[WORLD.owner] === p
      if (s.world[WORLD.mode] !== 0 && s.world[WORLD.taker] === p) return [A.SHOT]
      if (owns && (sideOf(s, p) * s.x[p]) / METRES_X > 0.7) return [A.SHOT]
      if (s.seatDirection[seat] !== A.RIGHT) return [A.RIGHT]
      return [s.seatSticky[seat] & STICKY.sprint ? A.IDLE : A.SPRINT]
    },
  }
}

/** The built-in AI: its own action where the set has it, else what it would do as the nearest plain action. */
export function builtinAi(config: Config): Scripted<FootballState> {
  if (config.actionSet === 'full') return { act: () => [A.BUILTIN_AI] }
  return { act: (s, seat) => [translated(s, seat)] }
}

const KICKS = [A.IDLE, A.SHORT_PASS, A.LONG_PASS, A.HIGH_PASS, A.SHOT]

/** The plain action nearest to what the built-in AI would do for a seat's player now. */
export function translated(s: FootballState, seat: number): number {
  const p = s.seatPlayer[seat]
  if (s.doing[p] !== DOING.nothing) return A.IDLE
  const copy = clone(s)
  copy.t++
  think(copy, p)
  const side = sideOf(s, p)
  const kind = copy.doing[p]
  if (kind > DOING.nothing && kind <= DOING.shot) {
    // A kick goes where the stick points: turn it there first.
    const direction = A.directionOf(side * copy.aimX[p], side * copy.aimY[p])
    return s.seatDirection[seat] === direction ? KICKS[kind] : direction
  }
  const x = side * copy.wantX[p]
  const y = side * copy.wantY[p]
  const direction = A.directionOf(x, y)
  if (direction === 0) return s.seatDirection[seat] === 0 ? A.IDLE : A.RELEASE_DIRECTION
  if (direction !== s.seatDirection[seat]) return direction
  const fast = x * x + y * y > 36
  const sprints = (s.seatSticky[seat] & STICKY.sprint) !== 0
  return fast === sprints ? A.IDLE : fast ? A.SPRINT : A.RELEASE_SPRINT
}
