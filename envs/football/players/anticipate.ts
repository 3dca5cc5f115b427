import { BALL, type FootballState, WORLD } from '../state.ts'
import { endOf, firstOf } from '../teams.ts'

/** Moments, in seconds from now, at which the ball is looked ahead for. */
const MOMENTS = [0.1, 0.3, 0.5, 0.8, 1.1, 1.5, 2, 2.6, 3.3]
/** Above this height, in metres, nobody but a keeper reaches it. */
const TOO_HIGH = 2

/**
 * For every player, the seconds until he can be at the ball and where (`reach`, `targetX`, `targetY` of those
 * who go for it), and for each team the player who is there first.
 */
export function anticipate(s: FootballState): void {
  const w = s.world
  const owner = w[WORLD.owner]
  const b = s.ball
  const count = s.setup.count
  s.reach.fill(1e3)
  if (owner >= 0) {
    const x = b[BALL.x] + 0.3 * s.vx[owner]
    const y = b[BALL.y] + 0.3 * s.vy[owner]
    for (let p = 0; p < count; p++) {
      if (s.active[p] === 0) continue
      const dx = x - s.x[p]
      const dy = y - s.y[p]
      s.reach[p] = Math.sqrt(dx * dx + dy * dy) / 7
    }
    s.reach[owner] = 0
  } else {
    freeBall(s, count)
  }
  w[WORLD.chaserLeft] = soonest(s, 0)
  w[WORLD.chaserRight] = soonest(s, 1)
}

function freeBall(s: FootballState, count: number): void {
  const b = s.ball
  let x = b[BALL.x]
  let y = b[BALL.y]
  let z = b[BALL.z]
  let vx = b[BALL.vx]
  let vy = b[BALL.vy]
  let vz = b[BALL.vz]
  let before = 0
  for (const moment of MOMENTS) {
    const dt = moment - before
    before = moment
    const speed = Math.sqrt(vx * vx + vy * vy)
    const flying = z > 0.4 || vz > 1.5
    const slower = flying ? 0.02 * speed * dt : Math.min(1, ((0.055 * speed + 1.6 / (speed + 0.01)) * dt) / 1)
    const keep = slower < 1 ? 1 - 0.9 * slower : 0
    x += vx * dt * (0.5 + 0.5 * keep)
    y += vy * dt * (0.5 + 0.5 * keep)
    vx *= keep
    vy *= keep
    z += vz * dt - 4.9 * dt * dt
    vz -= 9.81 * dt
    if (z < 0.11) {
      z = 0.11
      vz = 0
    }
    if (z > TOO_HIGH && moment < MOMENTS[MOMENTS.length - 1]) continue
    const far = 0.9 + 6.5 * Math.max(0, moment - 0.15)
    const far2 = far * far
    let all = true
    for (let p = 0; p < count; p++) {
      if (s.reach[p] < 1e3 || s.active[p] === 0) continue
      const dx = x - s.x[p]
      const dy = y - s.y[p]
      const d2 = dx * dx + dy * dy
      if (d2 <= far2) {
        // Within one moment, the nearer player is sooner.
        s.reach[p] = moment - 0.05 + 0.05 * (Math.sqrt(d2) / far)
        meet(s, p, x, y)
      } else all = false
    }
    if (all) return
  }
  for (let p = 0; p < count; p++) {
    if (s.reach[p] < 1e3 || s.active[p] === 0) continue
    const dx = x - s.x[p]
    const dy = y - s.y[p]
    s.reach[p] = before + Math.sqrt(dx * dx + dy * dy) / 7
    meet(s, p, x, y)
  }
}

/** Whom the ball is for remembers where to meet it. */
function meet(s: FootballState, p: number, x: number, y: number): void {
  s.meetX[p] = x
  s.meetY[p] = y
}

function soonest(s: FootballState, team: number): number {
  const keeper = s.setup.keeper[team]
  let best = -1
  let least = 1e9
  for (let p = firstOf(s, team); p < endOf(s, team); p++) {
    if (s.active[p] === 0 || p === keeper) continue
    if (s.reach[p] < least) {
      least = s.reach[p]
      best = p
    }
  }
  return best >= 0 ? best : keeper
}
