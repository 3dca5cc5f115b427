import { chance, error } from '../chance.ts'
import { foul, whistle } from '../rules/referee.ts'
import { BALL, DOING, type FootballState, WORLD } from '../state.ts'
import { distance2, sideOf, teamOf } from '../teams.ts'
import { EVENTS, MODES } from '../words.ts'
import { inHands, keeperTouch, react } from './keeper.ts'
import { kick } from './kicks.ts'
import { ballDistance2, own } from './ownership.ts'
import { BALL_RADIUS, BOX_X, BOX_Y, DT } from './pitch.ts'

/** Reach of the feet in metres from the control point. */
const REACH = 1
/** A ball faster than this, relative to the player, must be stopped first. */
const CONTROL_SPEED = 6
/**
 * The chance that a defender who is nearer to the ball than its owner takes it is that of a ball EXPOSED farther from
 * the owner than CLOSE control, and goes with the cube of that.
 */
const CLOSE = 0.4
const EXPOSED = 0.29
/** Who stands still with the ball loses it this much sooner, to anybody. */
const EASY = 1.5
/** Reach of a tackle in metres from the control point. */
const TACKLE = 1
/** Share of standing tackles that are fouls; none is at a carrier who stands still (measured: 0 of 190). */
const FOUL = 0.16
/** Sprinting and dribbling, a player knocks the ball on: chance per sub-step, and the ball's speed by his. */
const KNOCK = 0.04
const KNOCK_SPEED = 1.6

/** Touches of one sub-step: kicks that are due, the owner's control, tackles, loose balls taken. */
export function contacts(s: FootballState): void {
  const w = s.world
  const owner = w[WORLD.owner]
  if (w[WORLD.react] > 0) react(s)
  if (w[WORLD.hands] >= 0) {
    inHands(s, w[WORLD.hands])
  } else if (w[WORLD.mode] !== MODES.normal) {
    // The ball lies still until it is played.
  } else if (owner >= 0) {
    carry(s, owner)
    tackles(s, owner)
  } else {
    loose(s)
  }
  const { doing, busy } = s
  for (let p = 0; p < s.setup.count; p++) {
    const what = doing[p]
    if (what === DOING.nothing || what > DOING.shot || busy[p] > 0) continue
    if (w[WORLD.owner] === p) kick(s, p)
    else doing[p] = DOING.nothing
  }
}

/** The ball follows the owner's feet; with sprint and dribble it is knocked on and run after. */
function carry(s: FootballState, p: number): void {
  const b = s.ball
  const fx = s.fx[p]
  const fy = s.fy[p]
  const speed = Math.sqrt(s.vx[p] * s.vx[p] + s.vy[p] * s.vy[p])
  if (b[BALL.z] > BALL_RADIUS + 0.02) {
    b[BALL.vz] -= 9.81 * DT
    b[BALL.z] = Math.max(BALL_RADIUS, b[BALL.z] + b[BALL.vz] * DT)
  } else {
    b[BALL.z] = BALL_RADIUS
    b[BALL.vz] = 0
  }
  const lead = speed > 5.2 ? 0.5 + 0.17 * (speed - 5.2) : 0.5
  // Pull of the feet, as a velocity relative to the player.
  let px = 9 * (s.x[p] + lead * fx - b[BALL.x])
  let py = 9 * (s.y[p] + lead * fy - b[BALL.y])
  const pull = Math.sqrt(px * px + py * py)
  if (pull > 5) {
    px *= 5 / pull
    py *= 5 / pull
  }
  b[BALL.vx] = s.vx[p] + px
  b[BALL.vy] = s.vy[p] + py
  b[BALL.x] += b[BALL.vx] * DT
  b[BALL.y] += b[BALL.vy] * DT
  if (s.goSpeed[p] > 6 && speed > 5 && knocksOn(s, p) && s.doing[p] === DOING.nothing && chance(s, KNOCK)) {
    b[BALL.vx] = fx * speed * KNOCK_SPEED
    b[BALL.vy] = fy * speed * KNOCK_SPEED
    release(s, p, 12)
  }
}

function knocksOn(s: FootballState, p: number): boolean {
  const seat = s.seat[p]
  return seat >= 0 && (s.seatSticky[seat] & 3) === 3
}

/** Player p lets the ball go for some sub-steps. */
function release(s: FootballState, p: number, substeps: number): void {
  s.world[WORLD.owner] = -1
  s.stunned[p] = substeps
}

/** Opponents within reach of the ball may win it: cleanly, or it bounces away. */
function tackles(s: FootballState, owner: number): void {
  const b = s.ball
  const team = teamOf(s, owner)
  const first = team === 0 ? s.setup.left : 0
  const end = team === 0 ? s.setup.count : s.setup.left
  const x = b[BALL.x]
  const y = b[BALL.y]
  let mine = -1
  const standing = s.goSpeed[owner] < 1
  const exposed = Math.max(0.3, (Math.sqrt(distance2(s, owner, x, y)) - CLOSE) / EXPOSED)
  for (let q = first; q < end; q++) {
    const dx = s.x[q] - x
    const dy = s.y[q] - y
    if (dx > 1.6 || dx < -1.6 || dy > 1.6 || dy < -1.6) continue
    if (s.eager[q] === 0 || s.stunned[q] > 0 || s.active[q] === 0 || s.doing[q] >= DOING.down) continue
    const near = ballDistance2(s, q)
    const sliding = s.doing[q] === DOING.slide
    if (near > (sliding ? 1.2 : TACKLE * TACKLE)) {
      if (sliding && reckless(s, q, owner)) return
      continue
    }
    if (mine < 0) mine = ballDistance2(s, owner)
    const { stealNearer, stealFarther, stealSkill, shield } = s.setup.fitted
    const rate = sliding ? 14 : near < mine ? stealNearer * exposed * exposed * exposed : stealFarther
    const { difficulty } = s.setup
    const skill = standing ? EASY : 1 - stealSkill * (1 - difficulty[1 - team])
    // A carrier whom the AI plays keeps his body between.
    const better = s.eager[owner] === 0 ? skill * (1 - shield * difficulty[team]) : skill
    if (!chance(s, rate * DT * better)) continue
    win(s, q, owner, sliding)
    return
  }
}

/** A slide that meets the man and not the ball is a foul now and then. */
function reckless(s: FootballState, q: number, owner: number): boolean {
  const dx = s.x[q] - s.x[owner]
  const dy = s.y[q] - s.y[owner]
  if (dx * dx + dy * dy > 0.5 || !chance(s, 0.06)) return false
  foul(s, q, owner, chance(s, 0.5))
  return true
}

function win(s: FootballState, q: number, owner: number, sliding: boolean): void {
  const b = s.ball
  s.world[WORLD.events] |= EVENTS.tackle
  if (!sliding && s.goSpeed[owner] >= 1 && chance(s, FOUL)) {
    foul(s, q, owner, false)
    return
  }
  s.doing[owner] = DOING.nothing
  s.stunned[owner] = 70
  if (!sliding && chance(s, 0.7)) {
    own(s, q)
    if (s.setup.keeper[teamOf(s, q)] === q && inOwnBox(s, q)) {
      s.world[WORLD.hands] = q
      s.world[WORLD.held] = 0
    }
    return
  }
  s.world[WORLD.owner] = -1
  s.world[WORLD.toucher] = q
  const away = sliding ? 7 : 4
  b[BALL.vx] = 0.4 * s.vx[q] + away * s.fx[q] + 1.5 * error(s)
  b[BALL.vy] = 0.4 * s.vy[q] + away * s.fy[q] + 1.5 * error(s)
}

/** A free ball: the nearest player who can touch it does. */
function loose(s: FootballState): void {
  const b = s.ball
  if (b[BALL.z] > 2.6) return
  const x = b[BALL.x]
  const y = b[BALL.y]
  let best = -1
  let least = 4
  for (let p = 0; p < s.setup.count; p++) {
    const dx = s.x[p] - x
    const dy = s.y[p] - y
    if (dx > 2 || dx < -2 || dy > 2 || dy < -2) continue
    if (s.stunned[p] > 0 || s.active[p] === 0 || s.doing[p] === DOING.down) continue
    const near = ballDistance2(s, p)
    if (near >= least) continue
    least = near
    best = p
  }
  if (best < 0) return
  const keeper = s.setup.keeper[teamOf(s, best)] === best
  if (keeper && inOwnBox(s, best)) keeperTouch(s, best)
  else if (least < REACH * REACH) take(s, best, least)
}

/** The ball is in the penalty area that player p defends. */
function inOwnBox(s: FootballState, p: number): boolean {
  return sideOf(s, p) * s.ball[BALL.x] < -BOX_X && Math.abs(s.ball[BALL.y]) < BOX_Y
}

/** A field player's touch of a loose ball. */
function take(s: FootballState, p: number, near: number): void {
  const b = s.ball
  const w = s.world
  if (b[BALL.z] > 1.9) return
  if (s.offside[p] === 1) {
    w[WORLD.events] |= EVENTS.offside
    whistle(s, MODES.freeKick, 1 - teamOf(s, p))
    return
  }
  const rx = b[BALL.vx] - s.vx[p]
  const ry = b[BALL.vy] - s.vy[p]
  const relative = Math.sqrt(rx * rx + ry * ry)
  if (relative <= CONTROL_SPEED && b[BALL.z] < 0.5) {
    own(s, p)
    return
  }
  // Stopping a fast or high ball needs it close; who misses it does not try again.
  if (near > 0.5 || s.missed[p] === w[WORLD.kick]) return
  const team = teamOf(s, p)
  const mate = team === teamOf(s, w[WORLD.kicker])
  const skill = s.setup.skill[team]
  const hard = Math.max(0, relative - 12) * 0.035 + (b[BALL.z] > 0.6 ? 0.15 : 0)
  const stops = (mate ? 0.98 : 0.72) * (0.75 + 0.25 * skill) - hard
  if (chance(s, stops)) {
    trap(s, p, rx, ry, relative)
    return
  }
  s.missed[p] = w[WORLD.kick]
  if (!chance(s, 0.55)) return
  // Deflected.
  const turned = 0.5 * error(s)
  b[BALL.vx] = 0.6 * (rx - ry * turned)
  b[BALL.vy] = 0.6 * (ry + rx * turned)
  b[BALL.vz] = 1.5
  w[WORLD.toucher] = p
}

/** The ball drops before the player, who then has it. */
function trap(s: FootballState, p: number, rx: number, ry: number, relative: number): void {
  const b = s.ball
  b[BALL.vx] = s.vx[p] + (2.5 * rx) / relative
  b[BALL.vy] = s.vy[p] + (2.5 * ry) / relative
  b[BALL.vz] = 0
  own(s, p)
}
