import { below, seeded } from '#core/base/random'
import * as A from '../../envs/football/actions.ts'
import { HALF_LENGTH, METRES_X } from '../../envs/football/physics/pitch.ts'
import { runShoot } from '../../envs/football/players/policies.ts'
import { BALL, type FootballState, STICKY, WORLD } from '../../envs/football/state.ts'
import { endOf, firstOf } from '../../envs/football/teams.ts'
import { MODES } from '../../envs/football/words.ts'

/** A fixed player of seat 0, new for every episode. */
export type Bot = (seed: string) => (s: FootballState) => number

/** The five bots that Google Research Football was measured with, on one seat of the left team. */
export const BOTS = {
  idle: () => () => A.IDLE,
  random: (seed) => {
    const random = seeded(seed)
    return () => below(random, A.DEFAULT_ACTIONS.length)
  },
  run_shoot: () => {
    const policy = runShoot({} as never)
    const none = seeded('none')
    return (s) => policy.act(s, 0, none)[0]
  },
  pass_shoot: () => passShoot,
  builtin_ai: () => () => A.BUILTIN_AI,
} as const satisfies Record<string, Bot>

/** Shoots within 0.30 of the goal, passes when an opponent who is not behind is within 5 m, else sprints on. */
function passShoot(s: FootballState): number {
  const p = s.seatPlayer[0]
  const w = s.world
  const mode = w[WORLD.mode]
  if (mode !== MODES.normal) {
    if (w[WORLD.taker] !== p) return A.IDLE
    if (mode === MODES.corner) return A.HIGH_PASS
    return mode === MODES.penalty || mode === MODES.freeKick ? A.SHOT : A.SHORT_PASS
  }
  if (w[WORLD.owner] !== p) return towards(s, p, s.ball[BALL.x], s.ball[BALL.y])
  const gx = HALF_LENGTH - s.x[p]
  if (Math.sqrt(gx * gx + s.y[p] * s.y[p]) < 0.3 * METRES_X) return A.SHOT
  const mate = pressed(s, p) ? openMate(s, p) : -1
  if (mate < 0) return towards(s, p, HALF_LENGTH, 0)
  const dx = s.x[mate] - s.x[p]
  const dy = s.y[mate] - s.y[p]
  const direction = A.directionOf(dx, dy)
  if (s.seatDirection[0] !== direction) return direction
  return dx * dx + dy * dy < 400 ? A.SHORT_PASS : A.LONG_PASS
}

function towards(s: FootballState, p: number, x: number, y: number): number {
  const direction = A.directionOf(x - s.x[p], y - s.y[p])
  if (s.seatDirection[0] !== direction) return direction
  return s.seatSticky[0] & STICKY.sprint ? A.IDLE : A.SPRINT
}

function pressed(s: FootballState, p: number): boolean {
  for (let q = firstOf(s, 1); q < endOf(s, 1); q++) {
    const dx = s.x[q] - s.x[p]
    const dy = s.y[q] - s.y[p]
    if (s.active[q] && dx > 0 && dx * dx + dy * dy < 25) return true
  }
  return false
}

/** The team mate who is not behind, within 30 m, and farthest from opponents. */
function openMate(s: FootballState, p: number): number {
  let best = -1
  let most = 0
  for (let q = firstOf(s, 0); q < endOf(s, 0); q++) {
    const dx = s.x[q] - s.x[p]
    const dy = s.y[q] - s.y[p]
    if (q === p || !s.active[q] || dx < 0 || dx * dx + dy * dy > 900) continue
    let open = 1e9
    for (let o = firstOf(s, 1); o < endOf(s, 1); o++) {
      const ox = s.x[o] - s.x[q]
      const oy = s.y[o] - s.y[q]
      open = Math.min(open, ox * ox + oy * oy)
    }
    if (open > most) {
      most = open
      best = q
    }
  }
  return best
}
