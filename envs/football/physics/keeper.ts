import { uniform } from '#core/base/random'
import { chance, error } from '../chance.ts'
import { BALL, DOING, type FootballState, WORLD } from '../state.ts'
import { distance2, sideOf, teamOf } from '../teams.ts'
import { EVENTS } from '../words.ts'
import { atRest } from './ball.ts'
import { DIVE_BRAKE } from './motion.ts'
import { own } from './ownership.ts'
import { clamp, HALF_LENGTH } from './pitch.ts'

/**
 * Sub-steps from a shot to the keeper's reaction: at full difficulty, how many more for a bad keeper, their
 * spread, and fewer for every step that the shot was charged, which he sees.
 */
const REACTION = 36
const REACTION_BAD = 8
const REACTION_SPREAD = 6
const REACTION_CHARGED = 1.2
/** More for a shot from behind somebody's back. */
const HIDDEN = 16
/** He dives for a ball that is there within so many seconds, and looks again at one that is not much farther away. */
const DIVES_WITHIN = 0.6
const FAR_OFF = 1.5
/** Fastest dive in m/s, and reach in metres: standing, diving, and before he reacts. */
const DIVE = 9.5
const REACH = 0.95
const REACH_DIVING = 1.15
const REACH_UNREADY = 0.42
/** Chance that a shot within that last reach is blocked: from far, and from NEAR metres. */
const BLOCK = 0.2
const BLOCK_NEAR = 0.92
const NEAR = 6.2
/** He holds a ball while (1 - its speed / 40), less if diving, is above this; else he parries it (read from GRF). */
const HOLDS = 0.3
/** With the ball in his hands he stays this far before his goal line, in metres. */
const HELD_BACK = 0.5

/** A shot has been struck by player p: the other keeper will react to it. */
export function alarm(s: FootballState, p: number): void {
  const team = 1 - teamOf(s, p)
  const difficulty = s.setup.difficulty[team]
  const spread = REACTION_SPREAD * (uniform(s.random) + uniform(s.random) - 1)
  s.world[WORLD.react] = Math.max(
    5,
    Math.round(
      REACTION +
        REACTION_BAD * (1 - difficulty) +
        spread -
        REACTION_CHARGED * s.charge[p] +
        (hidden(s, p) ? HIDDEN : 0),
    ),
  )
}

/** A player before the shooter hides the ball from the keeper. */
function hidden(s: FootballState, p: number): boolean {
  for (let q = 0; q < s.setup.count; q++) {
    if (q === p || s.active[q] === 0) continue
    const ahead = sideOf(s, p) * (s.x[q] - s.x[p])
    if (ahead > 0.5 && ahead < 7 && Math.abs(s.y[q] - s.y[p]) < 1.2) return true
  }
  return false
}

/** Counts down to the reaction, then lets the keeper dive to where the ball will pass him nearest, before the goal line. */
export function react(s: FootballState): void {
  const w = s.world
  if (--w[WORLD.react] > 0) return
  const p = s.setup.keeper[1 - teamOf(s, w[WORLD.kicker])]
  if (p < 0 || s.doing[p] !== DOING.nothing) return
  const b = s.ball
  const vx = b[BALL.vx]
  const vy = b[BALL.vy]
  const passes = ((s.x[p] - b[BALL.x]) * vx + (s.y[p] - b[BALL.y]) * vy) / (vx * vx + vy * vy + 1e-9)
  const line = (-sideOf(s, p) * HALF_LENGTH - b[BALL.x]) / vx
  const time = Math.min(passes, line > 0 ? line : passes)
  if (time <= 0 || time > FAR_OFF) return
  const dx = b[BALL.x] + vx * time - s.x[p]
  const dy = b[BALL.y] + vy * time - s.y[p]
  const far = Math.sqrt(dx * dx + dy * dy)
  if (far < 0.7) return
  if (time > DIVES_WITHIN) {
    w[WORLD.react] = Math.ceil(100 * (time - DIVES_WITHIN))
    return
  }
  const flight = Math.max(0.08, time - 0.03)
  const speed = Math.min(DIVE, (far - 0.4) / flight + 0.5 * DIVE_BRAKE * flight)
  s.doing[p] = DOING.dive
  s.busy[p] = Math.round(clamp(100 * time, 15, 60)) + 15
  s.vx[p] = (speed * dx) / far
  s.vy[p] = (speed * dy) / far
}

/** The ball is in the keeper's hands; he does not carry it over his goal line. */
export function inHands(s: FootballState, p: number): void {
  const b = s.ball
  const side = sideOf(s, p)
  if (side * s.x[p] < -HALF_LENGTH + HELD_BACK) {
    s.x[p] = side * (-HALF_LENGTH + HELD_BACK)
    s.vx[p] = 0
  }
  b[BALL.x] = s.x[p] + 0.35 * s.fx[p]
  b[BALL.y] = s.y[p] + 0.35 * s.fy[p]
  b[BALL.z] = 1.1
  b[BALL.vx] = s.vx[p]
  b[BALL.vy] = s.vy[p]
  b[BALL.vz] = 0
}

/** The keeper, in his box, at a loose ball: holds it, parries it, or does not reach it. */
export function keeperTouch(s: FootballState, p: number): void {
  const b = s.ball
  const w = s.world
  if (b[BALL.z] > 2.5) return
  // Who missed a ball does not try again, until it has all but come to rest.
  if (s.missed[p] === w[WORLD.kick] && !atRest(b)) return
  const diving = s.doing[p] === DOING.dive
  const unready = w[WORLD.react] > 0 && w[WORLD.kind] === DOING.shot
  const reach = unready ? REACH_UNREADY : diving ? REACH_DIVING : REACH
  const dx = b[BALL.x] - s.x[p]
  const dy = b[BALL.y] - s.y[p]
  // His body is as wide as it is across the ball's way; along it a touch may come early.
  const vx = b[BALL.vx]
  const vy = b[BALL.vy]
  const v = Math.sqrt(vx * vx + vy * vy)
  const along = v < 1 ? Math.abs(dx) : Math.abs(dx * vx + dy * vy) / v
  const across = v < 1 ? Math.abs(dy) : Math.abs(dx * vy - dy * vx) / v
  if (across > reach || along > 0.6) return
  const near = distance2(s, w[WORLD.kicker], s.x[p], s.y[p]) < NEAR * NEAR
  if (unready && !chance(s, near ? BLOCK_NEAR : BLOCK)) {
    s.missed[p] = w[WORLD.kick]
    return
  }
  const rx = b[BALL.vx] - s.vx[p]
  const ry = b[BALL.vy] - s.vy[p]
  const speed = Math.sqrt(rx * rx + ry * ry)
  w[WORLD.toucher] = p
  if (w[WORLD.kind] === DOING.shot) w[WORLD.events] |= EVENTS.save
  const team = teamOf(s, p)
  const safe = (1 - speed / 40) * (diving ? 0.75 : 1) * (0.85 + 0.15 * s.setup.skill[team])
  if (safe >= HOLDS || (unready && chance(s, 0.8)) || speed < 8) {
    own(s, p)
    w[WORLD.hands] = p
    w[WORLD.held] = 0
    w[WORLD.react] = 0
    return
  }
  s.missed[p] = w[WORLD.kick]
  const keep = 0.25 + 0.15 * uniform(s.random)
  b[BALL.vx] *= -keep
  b[BALL.vy] = keep * b[BALL.vy] + Math.sign(dy) * 4 * uniform(s.random) + 2 * error(s)
  b[BALL.vz] = 1.5 + 2 * uniform(s.random)
}
