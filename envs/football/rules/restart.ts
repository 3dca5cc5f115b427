import { uniform } from '#core/base/random'
import { spreadOut } from '../physics/collide.ts'
import { own } from '../physics/ownership.ts'
import {
  BALL_RADIUS,
  BOX_X,
  clamp,
  FREE_DISTANCE,
  GOAL_KICK_X,
  HALF_LENGTH,
  HALF_WIDTH,
  METRES_X,
  PENALTY_SPOT_X,
} from '../physics/pitch.ts'
import { takeShape } from '../players/shape.ts'
import { BALL, DOING, type FootballState, WORLD } from '../state.ts'
import { distance2, endOf, firstOf, sideOf, teamOf } from '../teams.ts'
import { MODES } from '../words.ts'

/** Steps a built-in player waits before he restarts, by mode: the kick adds 4 (measured: 6, throw-ins 2). */
const WAIT = [0, 0, 3, 3, 1, 0, 4]
const WAIT_SPREAD = [0, 0, 0, 0, 1, 0, 2]
/** How far the others get to their places while the game is stopped, in metres. */
const STROLL = 40
/** At free and goal kicks the other team stays this far beyond the middle, or a free kick's distance from the ball (measured). */
const STAY_BACK = 5.5
/** And so far from the ball at corners and throw-ins, in metres (measured). */
const CORNER_DISTANCE = 24
const THROW_DISTANCE = 2

/** Puts the ball on its spot, the taker behind it and everybody else in place; takes no steps. */
export function restart(s: FootballState, mode: number, team: number): void {
  const w = s.world
  spot(s, mode, team)
  w[WORLD.team] = team
  w[WORLD.hands] = -1
  w[WORLD.react] = 0
  w[WORLD.receiver] = -1
  w[WORLD.mode] = mode === MODES.kickOff ? MODES.normal : mode
  w[WORLD.waited] = 0
  w[WORLD.patience] = WAIT[mode] + Math.round(WAIT_SPREAD[mode] * uniform(s.random))
  for (let p = 0; p < s.setup.count; p++) rest(s, p)
  if (mode === MODES.kickOff) lineUp(s)
  else for (let p = 0; p < s.setup.count; p++) if (s.active[p]) stroll(s, p, mode, team)
  spreadOut(s)
  const taker = takerOf(s, mode, team)
  w[WORLD.taker] = taker
  place(s, taker, mode)
  own(s, taker)
}

/** Where the ball lies. */
function spot(s: FootballState, mode: number, team: number): void {
  const b = s.ball
  const side = team === 0 ? 1 : -1
  const x = b[BALL.x]
  const y = b[BALL.y]
  b.fill(0)
  b[BALL.z] = BALL_RADIUS
  if (mode === MODES.goalKick) b[BALL.x] = -side * GOAL_KICK_X
  else if (mode === MODES.penalty) b[BALL.x] = side * PENALTY_SPOT_X
  else if (mode === MODES.corner) {
    b[BALL.x] = side * HALF_LENGTH
    b[BALL.y] = y > 0 ? HALF_WIDTH : -HALF_WIDTH
  } else if (mode === MODES.throwIn) {
    b[BALL.x] = clamp(x, -METRES_X, METRES_X)
    b[BALL.y] = y > 0 ? HALF_WIDTH : -HALF_WIDTH
  } else if (mode === MODES.freeKick) {
    b[BALL.x] = clamp(x, -0.95 * HALF_LENGTH, 0.95 * HALF_LENGTH)
    b[BALL.y] = clamp(y, -0.95 * HALF_WIDTH, 0.95 * HALF_WIDTH)
  }
}

function rest(s: FootballState, p: number): void {
  s.vx[p] = 0
  s.vy[p] = 0
  s.wantX[p] = 0
  s.wantY[p] = 0
  s.goSpeed[p] = 0
  s.lag[p] = 0
  s.stunned[p] = 0
  s.doing[p] = DOING.nothing
  s.busy[p] = 0
}

/** Both teams in their own halves. */
function lineUp(s: FootballState): void {
  for (let p = 0; p < s.setup.count; p++) {
    if (s.active[p] === 0) continue
    const side = sideOf(s, p)
    const keeper = s.setup.keeper[teamOf(s, p)] === p
    const x = keeper ? -0.98 : clamp(0.55 * s.setup.homeX[p] - 0.25, -0.9, -0.03)
    s.x[p] = side * x * HALF_LENGTH
    s.y[p] = side * (keeper ? 0 : 0.8 * s.setup.homeY[p]) * HALF_WIDTH
    keepAway(s, p, FREE_DISTANCE)
    if (side * s.x[p] > -0.5) s.x[p] = -0.5 * side
    face(s, p)
  }
}

/** While the game was stopped, player p went some way to his place; opponents stay away from the ball. */
function stroll(s: FootballState, p: number, mode: number, team: number): void {
  const keeper = s.setup.keeper[teamOf(s, p)] === p
  const side = sideOf(s, p)
  if (keeper) {
    s.targetX[p] = -side * (HALF_LENGTH - 0.8)
    s.targetY[p] = 0
  } else takeShape(s, p)
  const dx = s.targetX[p] - s.x[p]
  const dy = s.targetY[p] - s.y[p]
  const d = Math.sqrt(dx * dx + dy * dy) + 1e-9
  const part = Math.min(1, STROLL / d)
  s.x[p] = clamp(s.x[p] + part * dx, -HALF_LENGTH, HALF_LENGTH)
  s.y[p] = clamp(s.y[p] + part * dy, -HALF_WIDTH, HALF_WIDTH)
  const away = teamOf(s, p) === team ? 1.5 : distanceAt(mode)
  if (!keeper && teamOf(s, p) !== team && (mode === MODES.freeKick || mode === MODES.goalKick)) {
    const most = Math.min(side * s.ball[BALL.x] - FREE_DISTANCE, STAY_BACK)
    s.x[p] = side * Math.max(-HALF_LENGTH + 3, Math.min(side * s.x[p], most))
  }
  if (!keeper && (mode === MODES.penalty || mode === MODES.goalKick)) {
    // Outside of the penalty area.
    const end = s.ball[BALL.x] > 0 ? 1 : -1
    if ((mode === MODES.penalty || teamOf(s, p) !== team) && end * s.x[p] > BOX_X) s.x[p] = end * (BOX_X - 1)
  }
  if (!keeper) keepAway(s, p, away)
  face(s, p)
}

/** Metres that opponents keep from the ball. */
function distanceAt(mode: number): number {
  if (mode === MODES.corner) return CORNER_DISTANCE
  return mode === MODES.throwIn ? THROW_DISTANCE : FREE_DISTANCE
}

/** Moves a player straight away from the ball, towards his own goal if he stands on it. */
function keepAway(s: FootballState, p: number, far: number): void {
  const dx = s.x[p] - s.ball[BALL.x]
  const dy = s.y[p] - s.ball[BALL.y]
  const d = Math.sqrt(dx * dx + dy * dy)
  if (d >= far) return
  const ux = d > 1e-6 ? dx / d : -sideOf(s, p)
  const uy = d > 1e-6 ? dy / d : 0
  s.x[p] = clamp(s.ball[BALL.x] + far * ux, -HALF_LENGTH, HALF_LENGTH)
  s.y[p] = clamp(s.ball[BALL.y] + far * uy, -HALF_WIDTH, HALF_WIDTH)
}

function face(s: FootballState, p: number): void {
  const dx = s.ball[BALL.x] - s.x[p]
  const dy = s.ball[BALL.y] - s.y[p]
  const d = Math.sqrt(dx * dx + dy * dy)
  s.fx[p] = d > 1e-6 ? dx / d : sideOf(s, p)
  s.fy[p] = d > 1e-6 ? dy / d : 0
  s.targetX[p] = s.x[p]
  s.targetY[p] = s.y[p]
}

/** The keeper takes goal kicks, else the nearest field player; a seat's player if there is one as near. */
function takerOf(s: FootballState, mode: number, team: number): number {
  const keeper = s.setup.keeper[team]
  if (mode === MODES.goalKick && keeper >= 0) return keeper
  let best = -1
  let least = 1e9
  for (let p = firstOf(s, team); p < endOf(s, team); p++) {
    if (s.active[p] === 0 || (p === keeper && endOf(s, team) - firstOf(s, team) > 1)) continue
    const d = distance2(s, p, s.ball[BALL.x], s.ball[BALL.y])
    if (d < least) {
      least = d
      best = p
    }
  }
  return best >= 0 ? best : keeper
}

/** The taker stands behind the ball, looking into the pitch. */
function place(s: FootballState, p: number, mode: number): void {
  const side = sideOf(s, p)
  const b = s.ball
  const edge = mode === MODES.throwIn || mode === MODES.corner
  const fx = mode === MODES.corner ? -side : edge ? 0 : side
  const fy = edge ? (b[BALL.y] > 0 ? -1 : 1) : 0
  const d = Math.sqrt(fx * fx + fy * fy)
  s.fx[p] = fx / d
  s.fy[p] = fy / d
  s.x[p] = b[BALL.x] - 0.4 * s.fx[p]
  s.y[p] = b[BALL.y] - 0.4 * s.fy[p]
}
