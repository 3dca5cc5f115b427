import type { Item, Shape } from '#core/draw/scene'
import { type FootballState, WORLD } from '../state.ts'
import { endOf, firstOf, sideOf, teamOf } from '../teams.ts'
import { CX, CY, UNIT } from './scene.ts'
import { laneOpen } from './text.ts'

type Look = { readonly width: number; readonly fill: number; readonly alpha: number }
const OPEN: Look = { width: 5, fill: 0xe4ffe2, alpha: 190 }
const SHUT: Look = { width: 3, fill: 0x7a1410, alpha: 110 }
const SPEED: Look = { width: 5, fill: 0x0d2a0d, alpha: 200 }

/** Farther passes (m) are rare. */
const REACH = 45
/** A line begins this far (m) from the middle of a body. */
const CLEAR = 2.4
/** A line of movement is as long as the way of so many seconds. */
const AHEAD = 0.6
/** Slower (m/s) is standing. */
const STANDING = 0.8

/**
 * For people who watch: a line ahead of everyone who moves, as long as he is fast, and the ways from whoever has the
 * ball to his mates, light where a pass is open, dark where an opponent stands in it.
 */
export function overlay(s: FootballState, seat: number): Item[] {
  const side = sideOf(s, s.seatPlayer[seat])
  const units = (metres: number) => Math.round(side * metres * UNIT)
  const items: Item[] = []
  /** A line from player p along (dx, dy), from `from` to `to` metres. */
  const line = (id: string, p: number, dx: number, dy: number, from: number, to: number, look: Look) => {
    const length = Math.sqrt(dx * dx + dy * dy)
    const [x, y] = [dx / length, dy / length]
    const ends = { x1: units(from * x), y1: units(from * y), x2: units(to * x), y2: units(to * y) }
    const shape: Shape = { kind: 'line', ...ends, ...look }
    items.push({ id, x: CX + units(s.x[p]), y: CY + units(s.y[p]), shapes: [shape] })
  }
  for (let p = 0; p < s.setup.count; p++) {
    const speed = Math.sqrt(s.vx[p] * s.vx[p] + s.vy[p] * s.vy[p])
    if (s.active[p] !== 0 && speed > STANDING)
      line(`speed-${p}`, p, s.vx[p], s.vy[p], CLEAR, CLEAR + AHEAD * speed, SPEED)
  }
  const p = s.world[WORLD.owner]
  if (p < 0) return items
  const team = teamOf(s, p)
  for (let q = firstOf(s, team); q < endOf(s, team); q++) {
    if (q === p || s.active[q] === 0 || q === s.setup.keeper[team]) continue
    const [dx, dy] = [s.x[q] - s.x[p], s.y[q] - s.y[p]]
    const length = Math.sqrt(dx * dx + dy * dy)
    if (length < 3 * CLEAR || length > REACH) continue
    line(`lane-${q}`, p, dx, dy, CLEAR, length - CLEAR, laneOpen(s, p, q) ? OPEN : SHUT)
  }
  return items
}
