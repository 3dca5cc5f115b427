import { BUILTIN_AI } from './actions.ts'
import { think } from './ai.ts'
import { anticipate } from './anticipate.ts'
import { FLIGHT, moveBall } from './ball.ts'
import { command, steer, switchControl } from './control.ts'
import { movePlayers } from './motion.ts'
import { SUBSTEPS } from './pitch.ts'
import { contacts } from './possession.ts'
import { end, judge } from './referee.ts'
import { pay } from './rewards.ts'
import { type FootballState, WORLD } from './state.ts'
import { ENDINGS } from './words.ts'

/** Advances a match by 0.1 s; see `Env.step`. */
export function step(s: FootballState, actions: ArrayLike<number>): void {
  s.rewards.fill(0)
  s.terms.fill(0)
  if (s.terminated || s.truncated) return
  const w = s.world
  s.t++
  w[WORLD.events] = 0
  w[WORLD.teamBefore] = w[WORLD.team]
  anticipate(s)
  switchControl(s, 0)
  switchControl(s, 1)
  for (let seat = 0; seat < s.setup.seats; seat++) command(s, seat, actions[seat])
  for (let p = 0; p < s.setup.count; p++) {
    if (s.active[p] === 0) continue
    const seat = s.seat[p]
    if (seat >= 0 && actions[seat] !== BUILTIN_AI) steer(s, seat)
    else think(s, p)
  }
  for (let i = 0; i < SUBSTEPS; i++) {
    movePlayers(s)
    const flight = w[WORLD.owner] < 0 ? moveBall(s.ball) : FLIGHT.on
    if (judge(s, flight)) break
    contacts(s)
  }
  const changed = w[WORLD.teamBefore] >= 0 && w[WORLD.team] !== w[WORLD.teamBefore]
  if (changed && s.config.scenario.endOnPossessionChange) end(s, ENDINGS.lost)
  pay(s)
  if (!s.terminated && s.t >= s.config.scenario.duration) {
    s.truncated = true
    w[WORLD.ending] = ENDINGS.time
  }
}
