import { IDLE } from '../../envs/football/actions.ts'
import { METRES_X, METRES_Y, PLAYER_SCALE_X, PLAYER_SCALE_Y } from '../../envs/football/physics/pitch.ts'
import type { Role } from '../../envs/football/scenarios/scenario.ts'
import { SCENARIOS } from '../../envs/football/scenarios/scenarios.ts'
import { WORLD } from '../../envs/football/state.ts'
import { step } from '../../envs/football/step.ts'
import { type Cell, isHeldOut, numberOf, rate, rows, type Sample, sample } from './cell.ts'
import { begin, type Lab, nearestTo, scenarioNamed } from './play.ts'
import { POSITIONS } from './tables/positions.ts'
import { PRESSING } from './tables/pressing.ts'

/** An idle carrier: when he loses the ball, and how near the other team comes. */
interface Idled {
  readonly lost: number | null
  readonly near: readonly number[]
}

/** Seat 0 stays idle until the other team owns the ball, at most `most` steps. */
function idle(lab: Lab, scenario: Parameters<typeof begin>[1], seed: string, most: number): Idled {
  const s = begin(lab, scenario, seed)
  const near = [nearestTo(s, 1)]
  while (s.t < most) {
    step(s, [IDLE])
    if (s.world[WORLD.team] === 1 || s.terminated) return { lost: s.t, near }
    near.push(nearestTo(s, 1))
  }
  return { lost: null, near }
}

/** Idle carriers before one or two defenders, and in mini scenarios whose other team is thinned. */
export function defending(lab: Lab): Cell[] {
  return [...pressing(lab), ...positions(lab)]
}

function pressing(lab: Lab): Cell[] {
  return rows(PRESSING).flatMap((row) => {
    const n = Number(row.n)
    const x = Number(row.x)
    const foe = (angle: number) => {
      const radians = (angle * Math.PI) / 180
      const fx = x + (Number(row.distance) * Math.cos(radians)) / METRES_X
      const fy = (Number(row.distance) * Math.sin(radians)) / METRES_Y
      const place = (value: number, scale: number) => Math.round((-value / scale) * 1e4) / 1e4
      return { role: row.role as Role, x: place(fx, PLAYER_SCALE_X), y: place(fy, PLAYER_SCALE_Y) }
    }
    const defenders = [foe(Number(row.angle)), foe(Number(row.angle) + 40)].slice(0, Number(row.defenders))
    const scenario = {
      ...scenarioNamed('academy_empty_goal', { duration: 400, ball: [x, 0] }),
      left: { difficulty: 1, players: [man('GK', -1, 0), man('CM', (x - 0.01) / PLAYER_SCALE_X, 0)] },
      right: {
        difficulty: Number(row.difficulty),
        players: [man('GK', -1, 0), ...defenders.map((d) => man(d.role, d.x, d.y))],
      },
    }
    const name = `${row.defenders} at ${row.distance} m, ${row.angle} degrees, before an idle carrier at ${row.x}, difficulty ${row.difficulty}, ${row.role}`
    const found = tries(2 * lab.episodes, (i) => idle(lab, scenario, `press/${name}/${i}`, 120))
    const held = isHeldOut(name)
    return [
      share(`${name}: lost`, Number(row.lost), n, found, held),
      distance(`${name}: nearest at step 20`, numberOf(row.at20), n, found, 20, held),
      distance(`${name}: nearest at step 110`, numberOf(row.at110), n, found, 110, held),
    ].flat()
  })
}

function man(role: Role, x: number, y: number) {
  return { role, x, y, lazy: false, controllable: true }
}

function positions(lab: Lab): Cell[] {
  return rows(POSITIONS).flatMap((row) => {
    const n = Number(row.n)
    const whole = SCENARIOS[row.scenario]
    const [bx, by] = [whole.ball[0] * METRES_X, whole.ball[1] * METRES_Y]
    const away = ({ x, y }: { x: number; y: number }) => {
      const dx = -x * PLAYER_SCALE_X * METRES_X - bx
      const dy = -y * PLAYER_SCALE_Y * METRES_Y - by
      return dx * dx + dy * dy
    }
    const field = whole.right.players.filter(({ role }) => role !== 'GK')
    const chosen = new Set([...field].sort((a, b) => away(a) - away(b)).slice(0, Number(row.opponents)))
    const players = whole.right.players.filter((player) => player.role === 'GK' || chosen.has(player))
    const scenario = scenarioNamed(row.scenario, { right: { difficulty: Number(row.difficulty), players } })
    const name = `${row.scenario} against ${row.opponents} field players of difficulty ${row.difficulty}`
    const found = tries(4 * lab.episodes, (i) => idle(lab, scenario, `position/${name}/${i}`, 150))
    const held = isHeldOut(name)
    const cells = [
      share(`${name}, idle: lost`, Number(row.lost), n, found, held),
      distance(`${name}, idle: nearest at step 10`, numberOf(row.at10), n, found, 10, held),
    ].flat()
    if (Number(row.lost) < 0.8) return cells
    const lost = found.filter((one) => one.lost !== null).map((one) => one.lost ?? 0)
    const grf = { mean: Number(row.steps), sd: numberOf(row.sd), n: Math.round(n * Number(row.lost)) }
    const steps: Cell = {
      mechanism: 'defending',
      name: `${name}, idle: steps until lost`,
      kind: 'mean',
      grf,
      ours: sample(lost.length > 0 ? lost : [150]),
      heldOut: held,
    }
    return [...cells, steps]
  })
}

function tries<T>(count: number, one: (i: number) => T): T[] {
  return Array.from({ length: count }, (_, i) => one(i))
}

function share(name: string, grf: number, n: number, found: readonly Idled[], heldOut: boolean): Cell[] {
  const ours = rate(found.filter((one) => one.lost !== null).length, found.length)
  return [{ mechanism: 'defending', name, kind: 'rate', grf: { mean: grf, sd: null, n }, ours, heldOut }]
}

/** Distances were read off means, so that they have no spread of their own; nothing where the ball was lost by then. */
function distance(
  name: string,
  grf: number | null,
  n: number,
  found: readonly Idled[],
  at: number,
  heldOut: boolean,
): Cell[] {
  const near = found.filter((one) => one.near.length > at).map((one) => one.near[at])
  if (grf === null) return []
  const ours: Sample = near.length > 0 ? sample(near) : { mean: 0, sd: null, n: found.length }
  const cell: Cell = {
    mechanism: 'defending',
    name,
    kind: 'mean',
    grf: { mean: grf, sd: null, n },
    ours,
    heldOut,
  }
  return [cell]
}
