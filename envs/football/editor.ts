import type { At, Editor } from '#core/env/editor'
import type { Config } from './config.ts'
import { CX, CY, UNIT } from './look/scene.ts'
import { stage } from './look/stage.ts'
import { clamp, METRES_X, METRES_Y, PLAYER_SCALE_X, PLAYER_SCALE_Y } from './physics/pitch.ts'
import { reset } from './reset.ts'
import { BALL, type FootballState } from './state.ts'
import { firstOf, sideOf, teamOf } from './teams.ts'

/** Somebody is taken hold of from as far as this (m) away; the ball, which is small, before him. */
const REACH = 2.6
const BALL_REACH = 1.6
/** Digits of a coordinate in a scenario: centimetres. */
const DIGITS = 1e4

/** Scenarios: players and ball are carried to where they begin. */
export const editor: Editor<Config> = {
  brushes: [],
  scene: (config) => stage(still(config), 0),
  paint: (config) => config,
  carry(config, from, to) {
    const s = still(config)
    const [x, y] = [(from.x - CX) / UNIT, (from.y - CY) / UNIT]
    // Resolved, it is no drill that a seed would draw anew.
    const { drill: _, drawn: __, ...scenario } = s.config.scenario
    if (far(s.ball[BALL.x] - x, s.ball[BALL.y] - y) <= BALL_REACH)
      return { ...config, preset: undefined, scenario: { ...scenario, ball: ballAt(to) } }
    let nearest = -1
    for (let p = 0; p < s.setup.count; p++)
      if (nearest < 0 || far(s.x[p] - x, s.y[p] - y) < far(s.x[nearest] - x, s.y[nearest] - y)) nearest = p
    if (far(s.x[nearest] - x, s.y[nearest] - y) > REACH) return null
    const name = teamOf(s, nearest) === 0 ? 'left' : 'right'
    const team = scenario[name]
    const index = nearest - firstOf(s, teamOf(s, nearest))
    const side = sideOf(s, nearest)
    const players = team.players.map((player, i) =>
      i === index ? { ...player, ...placeAt(to, side) } : player,
    )
    return { ...config, preset: undefined, scenario: { ...scenario, [name]: { ...team, players } } }
  },
  least: ({ scenario, controlled, opponents }) => ({ scenario, controlled, opponents }),
}

/** Where everybody begins, without the shifts that a seed draws. */
function still(config: Config): FootballState {
  return reset({ ...config, noise: 0 }, 'edited')
}

function far(x: number, y: number): number {
  return Math.sqrt(x * x + y * y)
}

const short = (value: number): number => Math.round(value * DIGITS) / DIGITS

function ballAt({ x, y }: At): [number, number] {
  return [
    short(clamp((x - CX) / UNIT / METRES_X, -1, 1)),
    short(clamp((y - CY) / UNIT / METRES_Y, -0.42, 0.42)),
  ]
}

/** In the frame of a player's own team, as scenarios have it. */
function placeAt({ x, y }: At, side: number): { x: number; y: number } {
  return {
    x: short(clamp((side * (x - CX)) / UNIT / METRES_X / PLAYER_SCALE_X, -1.01, 1.01)),
    y: short(clamp((side * (y - CY)) / UNIT / METRES_Y / PLAYER_SCALE_Y, -0.43, 0.43)),
  }
}
