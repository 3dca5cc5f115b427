import { RUN, want } from './motion.ts'
import { BALL, type FootballState, WORLD } from './state.ts'

/** What every player without a seat (or whose seat asks for it) does now. */
export function think(s: FootballState, p: number): void {
  const w = s.world
  if (w[WORLD.owner] === p) {
    want(s, p, 0, 0)
    return
  }
  if (p === w[WORLD.chaserLeft] || p === w[WORLD.chaserRight]) {
    const x = w[WORLD.owner] < 0 ? s.meetX[p] : s.ball[BALL.x]
    const y = w[WORLD.owner] < 0 ? s.meetY[p] : s.ball[BALL.y]
    go(s, p, x, y, s.setup.top[p])
    return
  }
  want(s, p, 0, 0)
}

/** Player p goes to (x, y) at up to `pace` m/s, and stands there. */
export function go(s: FootballState, p: number, x: number, y: number, pace: number): void {
  const dx = x - s.x[p]
  const dy = y - s.y[p]
  const d = Math.sqrt(dx * dx + dy * dy)
  if (d < 0.3) {
    want(s, p, 0, 0)
    return
  }
  const speed = d < 2 ? Math.min(pace, RUN) : pace
  want(s, p, (speed * dx) / d, (speed * dy) / d)
}
