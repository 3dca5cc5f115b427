import { chance } from '../chance.ts'
import { RUN, slide, want } from '../physics/motion.ts'
import { HALF_LENGTH } from '../physics/pitch.ts'
import { BALL, DOING, type FootballState, STICKY, WORLD } from '../state.ts'
import { distance2, endOf, firstOf, ordered, sideOf, teamOf } from '../teams.ts'
import { guardGoal, keepBall } from './goalkeeping.ts'
import { kickOnArrival, playBall } from './onball.ts'
import { beyondBlock, takeShape } from './shape.ts'

/** Who is this near to his place in the shape has arrived, in metres. */
const ARRIVED = 1
/** Steps between two looks of a player at his place. */
const LOOK = 4
const LOOK_BAD = 6
/** A defender keeps this far from a carrier who stands still, in metres, until he lunges at him. */
const JOCKEY = 2.4
/** Who leaves the block to press a still carrier needs so many others between the ball and the goal. */
const COVER = 3
/** Who is this much farther from his goal than the ball still helps, in metres. */
const AT_HAND = 8
/** A carrier who stands in a corner, nearer to the goal line than this and farther out, is only contained by bad teams. */
const TIMID = 0.3
const CORNER = 10
const CORNER_WIDTH = 24
/** Who falls back sprints to a place farther than this, in metres. */
const HURRY = 3
/** With fewer to cover him he stands off a carrier in the middle, so far from him, and no farther from the block than this. */
const STAND_OFF = 5
const STAND_OFF_BEYOND = 10
const STAND_OFF_WIDTH = 15
/** A carrier is still below this speed that he wants, in m/s, and no nearer to the goal than this, in metres. */
const STILL = 1
const NEAR_GOAL = 8
/** A tackle once begun is carried through, for these sub-steps; who runs at a free ball from afar has begun one. */
const LUNGING = 240
const AFAR = [4, 10] as const
/** A resting ball this near may be kicked on arrival, in metres. */
const AT_THE_BALL = 2
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
    if (owner < 0 && (p === chaser || p === w[WORLD.receiver]) && reads(s, p)) {
      if (p === chaser && s.doing[p] === DOING.nothing && runsAt(s, p)) s.busy[p] = LUNGING
      const rival = w[team === 0 ? WORLD.chaserRight : WORLD.chaserLeft]
      const rests = s.ball[BALL.vx] * s.ball[BALL.vx] + s.ball[BALL.vy] * s.ball[BALL.vy] < 1
      if (rests && distance2(s, p, s.ball[BALL.x], s.ball[BALL.y]) < AT_THE_BALL * AT_THE_BALL)
        kickOnArrival(s, p)
      const race = rival >= 0 && s.reach[rival] < s.reach[p] + RACE
      go(s, p, s.meetX[p], s.meetY[p], race ? s.setup.top[p] : RUN)
      return
    }
    if (
      owner >= 0 &&
      teamOf(s, owner) !== team &&
      (p === chaser || helps(s, p, team)) &&
      presses(s, p, owner)
    ) {
      press(s, p, owner)
      return
    }
    if (owner >= 0 && p === chaser && teamOf(s, owner) !== team && w[WORLD.hands] < 0 && standsOff(s, p)) {
      before(s, p, STAND_OFF)
      return
    }
  }
  const back = w[WORLD.team] !== team && owner >= 0 && fallsBack(s, p)
  if (back || (s.t + p) % (LOOK + Math.round(LOOK_BAD * (1 - s.setup.difficulty[team]))) === 0)
    takeShape(s, p)
  const far = Math.sqrt(distance2(s, p, s.targetX[p], s.targetY[p]))
  const { settle, sprintFrom, sprintTired } = s.setup.fitted
  if (s.goSpeed[p] === 0 && far < settle) return
  const hurries = back ? far > HURRY : far > sprintFrom + sprintTired * s.tired[p]
  if (far < ARRIVED) want(s, p, 0, 0)
  else go(s, p, s.targetX[p], s.targetY[p], hurries ? s.setup.top[p] : far > 2 ? RUN : 2)
}

/** Player p sees that a pass of the other team can be his: bad players need to be clearly first. */
function reads(s: FootballState, p: number): boolean {
  const receiver = s.world[WORLD.receiver]
  if (receiver < 0 || teamOf(s, receiver) === teamOf(s, p)) return true
  return s.reach[p] + s.setup.fitted.alert * (1 - s.setup.difficulty[teamOf(s, p)]) < s.reach[receiver]
}

/** Player p is the nearest to the ball that an opponent has, and his place is behind him. */
function fallsBack(s: FootballState, p: number): boolean {
  const team = teamOf(s, p)
  if (s.world[team === 0 ? WORLD.chaserLeft : WORLD.chaserRight] !== p) return false
  return sideOf(s, p) * (s.targetX[p] - s.x[p]) < 1
}

/** Whether player p leaves the block for the carrier: at one who moves, or with enough others behind him. */
function presses(s: FootballState, p: number, owner: number): boolean {
  if (s.goSpeed[owner] >= STILL || ordered(s, teamOf(s, p), STICKY.teamPressure)) return true
  const gx = sideOf(s, p) * s.ball[BALL.x] + HALF_LENGTH
  if (gx * gx + s.ball[BALL.y] * s.ball[BALL.y] < NEAR_GOAL * NEAR_GOAL) return true
  const timid = s.setup.difficulty[teamOf(s, p)] < TIMID
  if (timid && gx < CORNER && Math.abs(s.ball[BALL.y]) > CORNER_WIDTH) return false
  return cover(s, p) >= COVER && beyondBlock(s, teamOf(s, p)) < s.setup.fitted.pressBeyond
}

/** Player p goes to a place so many metres before the ball, on the way to his goal. */
function before(s: FootballState, p: number, metres: number): void {
  const bx = s.ball[BALL.x]
  const by = s.ball[BALL.y]
  const gx = -sideOf(s, p) * HALF_LENGTH - bx
  const g = Math.sqrt(gx * gx + by * by) + 1e-9
  go(s, p, bx + (metres * gx) / g, by - (metres * by) / g, RUN)
}

/** Whether player p only delays a carrier: one inside of the block, or in the middle where he is not alone. */
function standsOff(s: FootballState, p: number): boolean {
  const beyond = beyondBlock(s, teamOf(s, p))
  if (beyond < 0) return true
  return cover(s, p) >= 1 && beyond < STAND_OFF_BEYOND && Math.abs(s.ball[BALL.y]) < STAND_OFF_WIDTH
}

/** Field players of p's team, beside him, who are behind the ball or about as near to their goal. */
function cover(s: FootballState, p: number): number {
  const team = teamOf(s, p)
  const side = sideOf(s, p)
  const bx = side * s.ball[BALL.x]
  const far = Math.sqrt((bx + HALF_LENGTH) * (bx + HALF_LENGTH) + s.ball[BALL.y] * s.ball[BALL.y]) + AT_HAND
  let count = 0
  for (let q = firstOf(s, team); q < endOf(s, team); q++) {
    if (q === p || q === s.setup.keeper[team] || s.active[q] === 0) continue
    if (side * s.x[q] < bx + 2 || distance2(s, q, -side * HALF_LENGTH, 0) < far * far) count++
  }
  return count
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
  const still = s.goSpeed[owner] < STILL && g > NEAR_GOAL
  const keeper = s.setup.keeper[teamOf(s, p)] === p
  if (still && s.busy[p] === 0 && !keeper) {
    const { lunge, lungeSkill } = s.setup.fitted
    const behind = Math.max(0, cover(s, p) - COVER + 1)
    if (chance(s, lunge * behind * behind + (d < 8 ? lungeSkill * s.setup.difficulty[teamOf(s, p)] : 0)))
      s.busy[p] = LUNGING
  }
  if (still && s.busy[p] === 0) {
    before(s, p, JOCKEY)
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
