import { BUILTIN_AI, IDLE, LONG_PASS, SHORT_PASS, SHOT } from './actions.ts'
import { carriedOver, moveBall } from './physics/ball.ts'
import { block, collide } from './physics/collide.ts'
import { movePlayers } from './physics/motion.ts'
import { SUBSTEPS } from './physics/pitch.ts'
import { contacts } from './physics/possession.ts'
import { think } from './players/ai.ts'
import { anticipate } from './players/anticipate.ts'
import { command, steer, switchControl } from './players/control.ts'
import { end, judge, resume } from './rules/referee.ts'
import { pay } from './rules/rewards.ts'
import { type FootballState, WORLD } from './state.ts'
import { ENDINGS, MODES } from './words.ts'

/** After so many steps a stalling player is made to pass: at a set piece, with the ball in his hands. */
const STALLING = 20
const STALLING_IN_HANDS = 60

/** Advances a match by 0.1 s; see `Env.step`. */
export function step(s: FootballState, actions: ArrayLike<number>): void {
  s.rewards.fill(0)
  s.terms.fill(0)
  if (s.terminated || s.truncated) return
  const w = s.world
  s.t++
  w[WORLD.events] = 0
  const team = w[WORLD.team]
  if (w[WORLD.mode] !== MODES.normal) w[WORLD.waited]++
  if (w[WORLD.hands] >= 0) w[WORLD.held]++
  for (let seat = 0; seat < s.setup.seats; seat++) {
    const before = s.seatDirection[seat]
    command(s, seat, urged(s, seat, actions[seat]))
    s.seatSteady[seat] = s.seatDirection[seat] === before ? s.seatSteady[seat] + 1 : 0
  }
  for (let p = 0; p < s.setup.count; p++) {
    if (s.active[p] === 0) continue
    const seat = s.seat[p]
    if (seat >= 0 && actions[seat] !== BUILTIN_AI) steer(s, seat)
    else think(s, p)
  }
  for (let i = 0; i < SUBSTEPS && w[WORLD.stop] === MODES.normal; i++) {
    movePlayers(s)
    block(s)
    if (w[WORLD.owner] < 0) judge(s, moveBall(s.ball))
    else if (w[WORLD.hands] < 0) judge(s, carriedOver(s.ball))
    if (w[WORLD.stop] === MODES.normal) contacts(s)
  }
  collide(s)
  tire(s)
  resume(s)
  const taken = team >= 0 && w[WORLD.team] !== team
  w[WORLD.taken] = taken ? team : -1
  if (taken && s.config.scenario.endOnPossessionChange) end(s, ENDINGS.lost)
  anticipate(s)
  switchControl(s, 0)
  switchControl(s, 1)
  pay(s)
  // The original plays one step more than its duration says.
  if (!s.terminated && s.t > s.config.scenario.duration) {
    s.truncated = true
    w[WORLD.ending] = ENDINGS.time
  }
}

/** Tiredness a player gains per km, by slot (measured: it grows with the distance alone, and nobody recovers). */
const TIRING = [0.654, 0.711, 0.708, 0.688, 0.739, 0.666, 0.696, 0.692, 0.674, 0.649, 0.634]
const EXHAUSTED = 0.99

/** After a step: what everybody ran makes him tired. It does not slow him down; the built-in AI runs less. */
function tire(s: FootballState): void {
  const { vx, vy, tired } = s
  const { count, left } = s.setup
  for (let p = 0; p < count; p++) {
    const speed = Math.sqrt(vx[p] * vx[p] + vy[p] * vy[p])
    tired[p] = Math.min(EXHAUSTED, tired[p] + 1e-4 * speed * TIRING[p < left ? p : p - left])
  }
}

/** What a seat plays: its own action, or a pass when it has held up the game for too long. */
function urged(s: FootballState, seat: number, action: number): number {
  const w = s.world
  const p = s.seatPlayer[seat]
  if (action >= LONG_PASS && action <= SHOT) return action
  const late = w[WORLD.mode] !== MODES.normal && w[WORLD.taker] === p && w[WORLD.waited] >= STALLING
  const holds = w[WORLD.hands] === p && w[WORLD.held] >= STALLING_IN_HANDS
  return late || holds ? SHORT_PASS : action === BUILTIN_AI ? BUILTIN_AI : (action ?? IDLE)
}
