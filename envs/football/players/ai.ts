import { atRest } from '../physics/ball.ts'
import { RUN, want } from '../physics/motion.ts'
import { BALL, DOING, type FootballState, STICKY, WORLD } from '../state.ts'
import { distance2, endOf, firstOf, ordered, sideOf, teamOf } from '../teams.ts'
import { before, go, LUNGING, press, presses, STAND_OFF, standsOff } from './defending.ts'
import { guardGoal, keepBall } from './goalkeeping.ts'
import { kickOnArrival, playBall } from './onball.ts'
import { takeShape } from './shape.ts'

/** Who is this near to his place in the shape has arrived, in metres. */
const ARRIVED = 1
/** Steps between two looks of a player at his place. */
const LOOK = 4
const LOOK_BAD = 6
/** Who falls back sprints to a place farther than this, in metres. */
const HURRY = 3
/** Who runs at a free ball from so far, in metres, has begun a tackle. */
const AFAR = [4, 10] as const
/** A resting ball this near may be kicked on arrival, in metres. */
const AT_THE_BALL = 2
/** A resting ball that an opponent reaches within so many seconds, and nobody else within twice as many, is his. */
const AT_HIS_FEET = 0.3
/** Nobody sprints for a free ball when no opponent can be there within so many seconds of him. */
const RACE = 1

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
  const owner = holder(s, team)
  const chaser = w[team === 0 ? WORLD.chaserLeft : WORLD.chaserRight]
  if (w[WORLD.mode] === 0) {
    if (owner < 0 && (p === chaser || p === w[WORLD.receiver]) && reads(s, p)) {
      if (p === chaser && s.doing[p] === DOING.nothing && runsAt(s, p)) s.busy[p] = LUNGING
      const rival = w[team === 0 ? WORLD.chaserRight : WORLD.chaserLeft]
      if (atRest(s.ball) && distance2(s, p, s.ball[BALL.x], s.ball[BALL.y]) < AT_THE_BALL * AT_THE_BALL)
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

/** Who has the ball, or is as good as at it: an opponent of team at a ball that rests before his feet. */
function holder(s: FootballState, team: number): number {
  const w = s.world
  const owner = w[WORLD.owner]
  const rival = w[team === 0 ? WORLD.chaserRight : WORLD.chaserLeft]
  const mine = w[team === 0 ? WORLD.chaserLeft : WORLD.chaserRight]
  if (owner >= 0 || w[WORLD.mode] !== 0 || rival < 0 || mine < 0) return owner
  return atRest(s.ball) && s.reach[rival] < AT_HIS_FEET && s.reach[mine] > 2 * AT_HIS_FEET ? rival : owner
}

/** Player p sees that a pass of the other team can be his: bad players need to be clearly first, until it rests. */
function reads(s: FootballState, p: number): boolean {
  const receiver = s.world[WORLD.receiver]
  if (atRest(s.ball)) return true
  if (receiver < 0 || teamOf(s, receiver) === teamOf(s, p)) return true
  return s.reach[p] + s.setup.fitted.alert * (1 - s.setup.difficulty[teamOf(s, p)]) < s.reach[receiver]
}

/** Player p is the nearest to the ball that an opponent has, and his place is behind him. */
function fallsBack(s: FootballState, p: number): boolean {
  const team = teamOf(s, p)
  if (s.world[team === 0 ? WORLD.chaserLeft : WORLD.chaserRight] !== p) return false
  return sideOf(s, p) * (s.targetX[p] - s.x[p]) < 1
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
