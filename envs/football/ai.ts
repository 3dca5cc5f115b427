import { chance } from './chance.ts'
import { guardGoal, keepBall } from './goalkeeping.ts'
import { RUN, slide, want } from './motion.ts'
import { playBall } from './onball.ts'
import { HALF_LENGTH } from './pitch.ts'
import { takeShape } from './shape.ts'
import { BALL, DOING, type FootballState, STICKY, WORLD } from './state.ts'
import { distance2, endOf, firstOf, ordered, sideOf, teamOf } from './teams.ts'

/** Steps between two looks of a player at his place. */
const LOOK = 4
const LOOK_BAD = 6
/**
 * A defender keeps this far from a carrier who stands still, in metres; chance per step that he tackles him: in a
 * match, and in an exercise that ends with the ball lost, where he waits, as measured.
 */
const JOCKEY = 2.4
const LUNGE = 0.02
const LUNGE_EXERCISE = 0.0002
/** A tackle once begun is carried through, for these sub-steps; who runs at a free ball from afar has begun one. */
const LUNGING = 240
const AFAR = [4, 10] as const
/** Nobody sprints for a free ball when no opponent can be there within so many seconds of him. */
const RACE = 1
/** Within this many metres a defender shadows the carrier, and one who runs at his goal from farther away. */
const SHADOW = 5
const DELAYED = 14
/** He closes in on a place so many metres on the goal's side of the ball, by this share of the way per second. */
const STAND = 0.45
const CLOSING = 2.2
/** Chance per step that he slides for a ball that is near, and not yet at his feet. */
const SLIDES = 0.012
/** Share of his sprint at which a defender runs after a carrier: one who sprints is not caught. */
const CHASE = 0.94

/** What every player without a seat (or whose seat asks for it) does now. */
export function think(s: FootballState, p: number): void {
  const w = s.world
  const team = teamOf(s, p)
  s.eager[p] = 0
  if (s.doing[p] >= DOING.slide) return
  if (w[WORLD.hands] === p) {
    keepBall(s, p)
    return
  }
  if (w[WORLD.owner] === p) {
    playBall(s, p)
    return
  }
  if (s.setup.keeper[team] === p) {
    guardGoal(s, p)
    return
  }
  if (s.setup.lazy[p] && distance2(s, p, s.ball[BALL.x], s.ball[BALL.y]) > 9) {
    want(s, p, 0, 0)
    return
  }
  const owner = w[WORLD.owner]
  const chaser = w[team === 0 ? WORLD.chaserLeft : WORLD.chaserRight]
  if (w[WORLD.mode] === 0) {
    if (owner < 0 && (p === chaser || p === w[WORLD.receiver])) {
      if (p === chaser && s.doing[p] === DOING.nothing && runsAt(s, p)) s.busy[p] = LUNGING
      const rival = w[team === 0 ? WORLD.chaserRight : WORLD.chaserLeft]
      const race = rival >= 0 && s.reach[rival] < s.reach[p] + RACE
      go(s, p, s.meetX[p], s.meetY[p], race ? s.setup.top[p] : RUN)
      return
    }
    if (owner >= 0 && teamOf(s, owner) !== team && (p === chaser || helps(s, p, team))) {
      press(s, p, owner)
      return
    }
  }
  if ((s.t + p) % (LOOK + Math.round(LOOK_BAD * (1 - s.setup.difficulty[team]))) === 0) takeShape(s, p)
  const far = distance2(s, p, s.targetX[p], s.targetY[p])
  go(s, p, s.targetX[p], s.targetY[p], far > 100 ? s.setup.top[p] : far > 4 ? RUN : 2)
}

/** Player p comes at the ball from afar, from the side of his own goal. */
function runsAt(s: FootballState, p: number): boolean {
  const x = s.ball[BALL.x]
  const d2 = distance2(s, p, x, s.ball[BALL.y])
  return sideOf(s, p) * (s.x[p] - x) < 0 && d2 > AFAR[0] * AFAR[0] && d2 < AFAR[1] * AFAR[1]
}

/** With team pressure ordered, the next built-in player goes for the ball as well. */
function helps(s: FootballState, p: number, team: number): boolean {
  if (!ordered(s, team, STICKY.teamPressure)) return false
  for (let q = firstOf(s, team); q < endOf(s, team); q++) {
    if (q !== s.setup.keeper[team] && s.seat[q] < 0 && s.active[q] && s.reach[q] < s.reach[p]) return false
  }
  return true
}

/** Goes for the carrier from the goal's side; waits before one who stands still, or holds it out of reach. */
export function press(s: FootballState, p: number, owner: number): void {
  const w = s.world
  if (w[WORLD.hands] >= 0) {
    want(s, p, 0, 0)
    return
  }
  const bx = s.ball[BALL.x]
  const by = s.ball[BALL.y]
  const gx = -sideOf(s, p) * HALF_LENGTH - bx
  const gy = -by
  const g = Math.sqrt(gx * gx + gy * gy) + 1e-9
  const d = Math.sqrt(distance2(s, p, bx, by))
  const alone = s.setup.keeper[teamOf(s, p)] < 0
  const still = s.goSpeed[owner] < 1 && g > 8 && !alone
  const lunge = s.config.scenario.endOnPossessionChange ? LUNGE_EXERCISE : LUNGE
  if (still && s.busy[p] === 0 && chance(s, lunge)) s.busy[p] = LUNGING
  if (still && s.busy[p] === 0) {
    go(s, p, bx + (JOCKEY * gx) / g, by + (JOCKEY * gy) / g, RUN)
    return
  }
  s.eager[p] = 1
  if (d > 1 && d < 2.4 && chance(s, SLIDES)) {
    slide(s, p)
    return
  }
  const pace = CHASE * s.setup.top[p] * (0.85 + 0.15 * s.setup.difficulty[teamOf(s, p)])
  const towards = (s.vx[owner] * gx + s.vy[owner] * gy) / g
  if (d < SHADOW || (towards > 2 && d < DELAYED)) {
    // He moves as the carrier does, backing off before him, and closes in on a place between ball and goal.
    const tx = bx + (STAND * gx) / g - s.x[p]
    const ty = by + (STAND * gy) / g - s.y[p]
    const t = Math.sqrt(tx * tx + ty * ty) + 1e-9
    const closing = Math.min(CLOSING * t, towards > 2 ? (d > 8 ? 1.5 : 3) : 8)
    const wx = s.vx[owner] + (closing * tx) / t
    const wy = s.vy[owner] + (closing * ty) / t
    const w = Math.sqrt(wx * wx + wy * wy) + 1e-9
    const speed = Math.min(pace, w)
    want(s, p, (speed * wx) / w, (speed * wy) / w)
    return
  }
  // Farther away he meets him where he will be.
  const ahead = Math.min(1.2, d / 9)
  go(s, p, bx + ahead * s.vx[owner], by + ahead * s.vy[owner], pace)
}

/** Player p goes to (x, y) at up to `pace` m/s, and stands there. */
export function go(s: FootballState, p: number, x: number, y: number, pace: number): void {
  const dx = x - s.x[p]
  const dy = y - s.y[p]
  const d = Math.sqrt(dx * dx + dy * dy)
  if (d < 0.25) {
    want(s, p, 0, 0)
    return
  }
  const keen = 0.84 + 0.16 * s.setup.difficulty[teamOf(s, p)]
  const speed = keen * (d < 2 ? Math.min(pace, 1 + 2 * d) : pace)
  want(s, p, (speed * dx) / d, (speed * dy) / d)
}
