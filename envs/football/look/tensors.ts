import type { TensorSpec } from '#core/env/env'
import type { Config } from '../config.ts'
import { METRES_X, METRES_Y } from '../physics/pitch.ts'
import { BALL, type FootballState, STICKY, WORLD } from '../state.ts'
import { endOf, firstOf, sideOf, teamOf } from '../teams.ts'

/**
 * Google Research Football's numeric observations. The seat's team is always the left one; coordinates are its
 * units, directions are displacements per step.
 */

const PLAYERS = 11
const STEP = 0.1

/** The raw observation, with the keys of Google Research Football. We model no spin: `ball_rotation` is zero. */
export function raw(s: FootballState, seat: number) {
  const side = sideOf(s, s.seatPlayer[seat])
  const team = teamOf(s, s.seatPlayer[seat])
  const w = s.world
  const owner = w[WORLD.mode] === 0 ? w[WORLD.owner] : -1
  const list = (of: number) =>
    Array.from({ length: endOf(s, of) - firstOf(s, of) }, (_, i) => firstOf(s, of) + i)
  const left = list(team)
  const right = list(1 - team)
  const at = (p: number) => [(side * s.x[p]) / METRES_X, (side * s.y[p]) / METRES_Y]
  const going = (p: number) => [(side * STEP * s.vx[p]) / METRES_X, (side * STEP * s.vy[p]) / METRES_Y]
  const b = s.ball
  return {
    ball: [(side * b[BALL.x]) / METRES_X, (side * b[BALL.y]) / METRES_Y, b[BALL.z]],
    ball_direction: [
      (side * STEP * b[BALL.vx]) / METRES_X,
      (side * STEP * b[BALL.vy]) / METRES_Y,
      STEP * b[BALL.vz],
    ],
    ball_rotation: [0, 0, 0],
    ball_owned_team: owner < 0 ? -1 : teamOf(s, owner) === team ? 0 : 1,
    ball_owned_player: owner < 0 ? -1 : owner - firstOf(s, teamOf(s, owner)),
    left_team: left.map(at),
    left_team_direction: left.map(going),
    left_team_tired_factor: left.map((p) => s.tired[p]),
    left_team_active: left.map((p) => s.active[p] === 1),
    left_team_yellow_card: left.map((p) => s.yellow[p] > 0),
    left_team_roles: left.map((p) => s.setup.role[p]),
    right_team: right.map(at),
    right_team_direction: right.map(going),
    right_team_tired_factor: right.map((p) => s.tired[p]),
    right_team_active: right.map((p) => s.active[p] === 1),
    right_team_yellow_card: right.map((p) => s.yellow[p] > 0),
    right_team_roles: right.map((p) => s.setup.role[p]),
    active: s.seatPlayer[seat] - firstOf(s, team),
    designated: w[team === 0 ? WORLD.chaserLeft : WORLD.chaserRight] - firstOf(s, team),
    sticky_actions: sticky(s, seat),
    game_mode: w[WORLD.mode],
    score: team === 0 ? [w[WORLD.left], w[WORLD.right]] : [w[WORLD.right], w[WORLD.left]],
    steps_left: s.config.scenario.duration + 1 - s.t,
  }
}

/** Eight directions, sprint, dribble; in the full set keeper_rush, pressure and team_pressure stand before these two. */
function sticky(s: FootballState, seat: number): number[] {
  const flags = Array.from({ length: 8 }, (_, i) => (s.seatDirection[seat] === i + 1 ? 1 : 0))
  for (const flag of FLAGS[s.config.actionSet]) flags.push(s.seatSticky[seat] & flag ? 1 : 0)
  return flags
}

const { sprint, dribble, rush, pressure, teamPressure } = STICKY
const FLAGS = { default: [sprint, dribble], full: [rush, pressure, teamPressure, sprint, dribble] } as const

type Spec = TensorSpec<FootballState, Config>

/** 115 numbers; places of missing players hold -1. */
const simple115: Spec = {
  dtype: 'float32',
  shape: () => [115],
  write(s, seat, out, offset) {
    const p = s.seatPlayer[seat]
    const side = sideOf(s, p)
    const team = teamOf(s, p)
    const w = s.world
    out.fill(-1, offset, offset + 88)
    out.fill(0, offset + 88, offset + 115)
    for (let half = 0; half < 2; half++) {
      const of = half === 0 ? team : 1 - team
      const first = firstOf(s, of)
      const at = offset + 44 * half
      for (let q = first; q < endOf(s, of); q++) {
        const i = at + 2 * (q - first)
        out[i] = (side * s.x[q]) / METRES_X
        out[i + 1] = (side * s.y[q]) / METRES_Y
        out[i + 22] = (side * STEP * s.vx[q]) / METRES_X
        out[i + 23] = (side * STEP * s.vy[q]) / METRES_Y
      }
    }
    const b = s.ball
    out[offset + 88] = (side * b[BALL.x]) / METRES_X
    out[offset + 89] = (side * b[BALL.y]) / METRES_Y
    out[offset + 90] = b[BALL.z]
    out[offset + 91] = (side * STEP * b[BALL.vx]) / METRES_X
    out[offset + 92] = (side * STEP * b[BALL.vy]) / METRES_Y
    out[offset + 93] = STEP * b[BALL.vz]
    const owner = w[WORLD.mode] === 0 ? w[WORLD.owner] : -1
    out[offset + 94 + (owner < 0 ? 0 : teamOf(s, owner) === team ? 1 : 2)] = 1
    out[offset + 97 + p - firstOf(s, team)] = 1
    out[offset + 108 + w[WORLD.mode]] = 1
  },
}

const SMM_WIDTH = 96
const SMM_HEIGHT = 72
/** |y| of the minimap's edge, in Google Research Football's units. */
const SMM_Y = 4 / 9

/** Four planes of 72 x 96: own team, other team, ball, controlled player; 0 or 255. */
const smm: Spec = {
  dtype: 'uint8',
  shape: () => [SMM_HEIGHT, SMM_WIDTH, 4],
  write(s, seat, out, offset) {
    const mine = s.seatPlayer[seat]
    const side = sideOf(s, mine)
    out.fill(0, offset, offset + SMM_HEIGHT * SMM_WIDTH * 4)
    for (let p = 0; p < s.setup.count; p++) {
      if (s.active[p])
        out[offset + cell(side * s.x[p], side * s.y[p]) + (sideOf(s, p) === side ? 0 : 1)] = 255
    }
    out[offset + cell(side * s.ball[BALL.x], side * s.ball[BALL.y]) + 2] = 255
    out[offset + cell(side * s.x[mine], side * s.y[mine]) + 3] = 255
  },
}

function cell(x: number, y: number): number {
  const column = Math.trunc(((x / METRES_X + 1) / 2) * SMM_WIDTH)
  const row = Math.trunc(((y / METRES_Y + SMM_Y) / (2 * SMM_Y)) * SMM_HEIGHT)
  return 4 * (SMM_WIDTH * between(row, SMM_HEIGHT) + between(column, SMM_WIDTH))
}

function between(index: number, count: number): number {
  return Math.max(0, Math.min(count - 1, index))
}

/** Everything in `raw` as numbers, in its order, teams filled up to eleven players with -1. */
const flat: Spec = {
  dtype: 'float32',
  shape: ({ actionSet }) => [RAW + FLAGS[actionSet].length],
  write(s, seat, out, offset) {
    let at = offset
    for (const [key, value] of Object.entries(raw(s, seat))) {
      const values = Array.isArray(value) ? value.flat() : [value]
      for (const one of values) out[at++] = Number(one)
      const wide = key.endsWith('_team') || key.endsWith('_direction')
      if (!key.startsWith('left_team') && !key.startsWith('right_team')) continue
      for (let i = values.length; i < (wide ? 2 : 1) * PLAYERS; i++) out[at++] = -1
    }
  },
}
const RAW = 3 + 3 + 3 + 1 + 1 + 2 * (8 * PLAYERS) + 1 + 1 + 8 + 1 + 2 + 1

export const TENSORS: Readonly<Record<string, Spec>> = { raw: flat, simple115v2: simple115, smm }
