import { FLIGHT } from '../physics/ball.ts'
import { BOX_X, BOX_Y, HALF_LENGTH } from '../physics/pitch.ts'
import { onsideX } from '../players/shape.ts'
import { BALL, type FootballState, WORLD } from '../state.ts'
import { endOf, firstOf, sideOf, teamOf } from '../teams.ts'
import { ENDINGS, EVENTS, MODES } from '../words.ts'
import { restart } from './restart.ts'

/** Blows the whistle: the game will restart in `mode` by `team` where the ball is. The first whistle stands. */
export function whistle(s: FootballState, mode: number, team: number): void {
  if (s.world[WORLD.stop] !== MODES.normal) return
  s.world[WORLD.stop] = mode
  s.world[WORLD.stopTeam] = team
}

/** A goal or a ball out of play, after a sub-step of flight. */
export function judge(s: FootballState, flight: number): void {
  const w = s.world
  if (flight === FLIGHT.on) return
  if (flight === FLIGHT.post) {
    w[WORLD.events] |= EVENTS.post
    return
  }
  const right = s.ball[BALL.x] > 0
  if (flight === FLIGHT.goal) {
    w[right ? WORLD.left : WORLD.right]++
    w[WORLD.events] |= right ? EVENTS.goal : EVENTS.conceded
    // The net takes the ball.
    s.ball.fill(0, BALL.vx)
    whistle(s, MODES.kickOff, right ? 1 : 0)
    return
  }
  w[WORLD.events] |= EVENTS.out
  const toucher = w[WORLD.toucher]
  const other = toucher < 0 ? 0 : 1 - teamOf(s, toucher)
  if (Math.abs(s.ball[BALL.x]) <= HALF_LENGTH) whistle(s, MODES.throwIn, other)
  else {
    const defending = right ? 1 : 0
    whistle(s, other === defending ? MODES.goalKick : MODES.corner, other)
  }
}

/** A foul on player p where he is. */
export function foul(s: FootballState, offender: number, p: number, card: boolean): void {
  const w = s.world
  w[WORLD.events] |= EVENTS.foul
  const inBox = sideOf(s, p) * s.x[p] > BOX_X && Math.abs(s.y[p]) < BOX_Y
  s.ball[BALL.x] = s.x[p]
  s.ball[BALL.y] = s.y[p]
  whistle(s, inBox ? MODES.penalty : MODES.freeKick, teamOf(s, p))
  if (!card) return
  w[WORLD.events] |= EVENTS.card
  s.yellow[offender]++
  const team = teamOf(s, offender)
  let playing = 0
  for (let q = firstOf(s, team); q < endOf(s, team); q++) playing += s.active[q]
  if (s.yellow[offender] > 1 && s.seat[offender] < 0 && playing > 7) sendOff(s, offender)
}

/** Off the pitch, where nobody meets him. */
function sendOff(s: FootballState, p: number): void {
  s.active[p] = 0
  s.x[p] = 0
  s.y[p] = sideOf(s, p) * 44
  s.vx[p] = 0
  s.vy[p] = 0
}

/** Remembers who is offside as player p kicks; nobody is from a throw-in, corner or goal kick. */
export function noteOffsides(s: FootballState, p: number): void {
  s.offside.fill(0)
  const mode = s.world[WORLD.mode]
  if (!s.config.scenario.offsides || (mode !== MODES.normal && mode !== MODES.freeKick)) return
  const team = teamOf(s, p)
  const side = sideOf(s, p)
  const line = onsideX(s, team)
  for (let q = firstOf(s, team); q < endOf(s, team); q++) {
    if (q !== p && s.active[q] && side * s.x[q] > line + 0.1) s.offside[q] = 1
  }
}

/** After the sub-steps: the game restarts at once if it was stopped, or the episode ends. */
export function resume(s: FootballState): void {
  const w = s.world
  const mode = w[WORLD.stop]
  if (mode === MODES.normal) return
  const scenario = s.config.scenario
  const scored = mode === MODES.kickOff
  w[WORLD.stop] = MODES.normal
  if (scored && scenario.endOnScore) {
    end(s, w[WORLD.events] & EVENTS.goal ? ENDINGS.goal : ENDINGS.conceded)
    w[WORLD.owner] = -1
    return
  }
  restart(s, mode, w[WORLD.stopTeam])
  if (!scored && scenario.endOnOutOfPlay) end(s, ENDINGS.out)
}

/** The episode ends; the first reason stands. */
export function end(s: FootballState, ending: number): void {
  if (s.terminated) return
  s.terminated = true
  s.world[WORLD.ending] = ending
}
