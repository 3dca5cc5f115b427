import * as A from '../actions.ts'
import { chargeKick, startKick } from '../physics/kicks.ts'
import {
  DRIBBLE,
  DRIBBLE_WITH_BALL,
  RUN,
  RUN_WITH_BALL,
  SPRINT_WITH_BALL,
  slide,
  want,
} from '../physics/motion.ts'
import { BALL, DOING, type FootballState, STICKY, WORLD } from '../state.ts'
import { distance2, endOf, firstOf, sideOf, teamOf } from '../teams.ts'
import { press } from './defending.ts'

const { sprint, dribble, rush, pressure, teamPressure, switched } = STICKY
/** A kick may be commanded this near to a free ball, in metres. */
export const READY = 2
/** A free ball this near draws a player, in metres. */
const MAGNET = 2.5

/** Applies a seat's action to its sticky directions and flags, and to its player's next kick or slide. */
export function command(s: FootballState, seat: number, action: number): void {
  const p = s.seatPlayer[seat]
  const stick = s.seatSticky
  stick[seat] &= ~switched
  if (action >= A.LEFT && action <= A.BOTTOM_LEFT) s.seatDirection[seat] = action
  else if (action === A.RELEASE_DIRECTION) s.seatDirection[seat] = 0
  else if (action === A.SPRINT) stick[seat] |= sprint
  else if (action === A.RELEASE_SPRINT) stick[seat] &= ~sprint
  else if (action === A.DRIBBLE) stick[seat] |= dribble
  else if (action === A.RELEASE_DRIBBLE) stick[seat] &= ~dribble
  else if (action === A.KEEPER_RUSH) stick[seat] |= rush
  else if (action === A.RELEASE_KEEPER_RUSH) stick[seat] &= ~rush
  else if (action === A.PRESSURE) stick[seat] |= pressure
  else if (action === A.RELEASE_PRESSURE) stick[seat] &= ~pressure
  else if (action === A.TEAM_PRESSURE) stick[seat] |= teamPressure
  else if (action === A.RELEASE_TEAM_PRESSURE) stick[seat] &= ~teamPressure
  else if (action === A.BUILTIN_AI) {
    s.seatDirection[seat] = 0
    stick[seat] = 0
  } else if (action === A.SWITCH) {
    const free = nearestFree(s, seat)
    if (free >= 0) {
      assign(s, seat, free)
      stick[seat] |= switched
    }
  } else if (action >= A.LONG_PASS && action <= A.SHOT) commandKick(s, seat, p, action)
  else if (action === A.SLIDING) slide(s, p)
}

/** Kinds of kicks (see DOING) by action. */
export const KIND: Readonly<Record<number, number>> = {
  [A.LONG_PASS]: DOING.long,
  [A.HIGH_PASS]: DOING.high,
  [A.SHORT_PASS]: DOING.short,
  [A.SHOT]: DOING.shot,
}

function commandKick(s: FootballState, seat: number, p: number, action: number): void {
  if (s.doing[p] === KIND[action]) chargeKick(s, p)
  if (s.doing[p] !== DOING.nothing) return
  const owner = s.world[WORLD.owner]
  if (owner !== p && (owner >= 0 || distance2(s, p, s.ball[BALL.x], s.ball[BALL.y]) > READY * READY)) return
  const d = s.seatDirection[seat]
  const side = sideOf(s, p)
  const aimX = d === 0 ? s.fx[p] : side * A.DIRECTION_X[d]
  const aimY = d === 0 ? s.fy[p] : side * A.DIRECTION_Y[d]
  startKick(s, p, KIND[action], aimX, aimY, -1)
}

/** What a seat's player does with its sticky direction: runs, sprints or dribbles. */
export function steer(s: FootballState, seat: number): void {
  const p = s.seatPlayer[seat]
  const d = s.seatDirection[seat]
  s.eager[p] = 1
  if (s.world[WORLD.mode] !== 0 && s.world[WORLD.taker] === p) {
    want(s, p, 0, 0)
    return
  }
  const side = sideOf(s, p)
  const x = side * A.DIRECTION_X[d]
  const y = side * A.DIRECTION_Y[d]
  const owner = s.world[WORLD.owner]
  const pressing = (s.seatSticky[seat] & pressure) !== 0 && owner >= 0 && teamOf(s, owner) !== teamOf(s, p)
  if (pressing && s.world[WORLD.mode] === 0) {
    press(s, p, owner)
    return
  }
  if (magnet(s, p, x, y)) return
  const pace = d === 0 ? 0 : paceOf(s, p, s.seatSticky[seat])
  want(s, p, x * pace, y * pace)
}

/** A player near a free ball, or waiting for a pass, goes to it by himself unless steered away from it. */
function magnet(s: FootballState, p: number, x: number, y: number): boolean {
  const w = s.world
  if (w[WORLD.owner] >= 0 || s.stunned[p] > 0) return false
  const dx = s.meetX[p] - s.x[p]
  const dy = s.meetY[p] - s.y[p]
  const d = Math.sqrt(dx * dx + dy * dy)
  const awaits = w[WORLD.receiver] === p && x === 0 && y === 0
  if (d < 0.3 || (d > MAGNET && !awaits) || x * dx + y * dy < -0.5 * d) return false
  const pace = Math.min(RUN, 1 + 2 * d)
  want(s, p, (pace * dx) / d, (pace * dy) / d)
  return true
}

/** Speed in m/s that the sticky flags ask of player p. */
function paceOf(s: FootballState, p: number, flags: number): number {
  const owns = s.world[WORLD.owner] === p
  if (flags & sprint) return s.setup.top[p] * (owns && !(flags & dribble) ? SPRINT_WITH_BALL : 1)
  if (flags & dribble) return owns ? DRIBBLE_WITH_BALL : DRIBBLE
  return owns ? RUN_WITH_BALL : RUN
}

/** Moves a seat to another player. */
export function assign(s: FootballState, seat: number, p: number): void {
  const before = s.seatPlayer[seat]
  if (before === p) return
  if (before >= 0) s.seat[before] = -1
  s.seatPlayer[seat] = p
  s.seat[p] = seat
}

/** The player that the switch action takes over: the free team mate nearest to the ball; -1 for none. */
export function nearestFree(s: FootballState, seat: number): number {
  const team = teamOf(s, s.seatPlayer[seat])
  let best = -1
  let least = 1e9
  for (let q = firstOf(s, team); q < endOf(s, team); q++) {
    if (!selectable(s, q)) continue
    const d = distance2(s, q, s.ball[BALL.x], s.ball[BALL.y])
    if (d < least) {
      least = d
      best = q
    }
  }
  return best
}

/** A free player a seat may take over: not the keeper, unless there is no other. */
export function selectable(s: FootballState, q: number): boolean {
  if (s.seat[q] >= 0 || s.active[q] === 0 || s.setup.controllable[q] === 0) return false
  return s.setup.keeper[teamOf(s, q)] !== q
}

/**
 * Gives seats the players that matter: who has the ball or waits for a pass, else the one designated to go for
 * it when he is there three times sooner; never the keeper. The seat whose player has the least to do changes.
 */
export function switchControl(s: FootballState, team: 0 | 1): void {
  const w = s.world
  const { seats, left } = s.setup
  const first = firstOf(s, team)
  const end = endOf(s, team)
  const owner = w[WORLD.owner]
  const restarting = w[WORLD.mode] !== 0 && w[WORLD.taker] >= first && w[WORLD.taker] < end
  let p = restarting ? w[WORLD.taker] : owner
  let sure = p >= first && p < end
  if (!sure) {
    p = w[WORLD.receiver]
    sure = owner < 0 && p >= first && p < end
  }
  if (!sure) p = w[team === 0 ? WORLD.chaserLeft : WORLD.chaserRight]
  if (p < 0 || s.seat[p] >= 0 || s.setup.controllable[p] === 0 || s.active[p] === 0) return
  if (s.setup.keeper[team] === p) return
  let seat = -1
  let latest = -1
  for (let i = 0; i < seats; i++) {
    const q = s.seatPlayer[i]
    if (q < left !== (team === 0) || (!sure && (s.seatSticky[i] & switched) !== 0)) continue
    const busy = q === owner || q === w[WORLD.receiver] || s.doing[q] !== DOING.nothing
    if (busy && owner === q) continue
    if (s.reach[q] > latest) {
      latest = s.reach[q]
      seat = i
    }
  }
  if (seat >= 0 && (sure || 3 * s.reach[p] < latest)) assign(s, seat, p)
}
