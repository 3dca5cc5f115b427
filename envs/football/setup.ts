import type { Config } from './config.ts'
import { FITTED, type Parameters } from './parameters.ts'
import { METRES_X, METRES_Y, PLAYER_SCALE_X, PLAYER_SCALE_Y } from './physics/pitch.ts'
import { ROLES, type Scenario, type TeamSetup } from './scenarios/scenario.ts'

/** What a config decides about a match, worked out once per state and shared by its clones. */
export interface Setup {
  /** Numbers that were fitted; a calibration tries others. */
  readonly fitted: Parameters
  /** Players of the left team, of both, and seats. */
  readonly left: number
  readonly count: number
  readonly seats: number
  /** Per player: index in ROLES. */
  readonly role: Int32Array
  readonly lazy: Uint8Array
  readonly controllable: Uint8Array
  /** Per player: starting position in metres. */
  readonly startX: Float64Array
  readonly startY: Float64Array
  /** Per player: place in the team's shape, in its own frame, -1..1 of the half length and width. */
  readonly homeX: Float64Array
  readonly homeY: Float64Array
  /** Per player: 0 for the last field player of a team's block, 1 for the first. */
  readonly depth: Float64Array
  /** Per team: field players. */
  readonly field: readonly [number, number]
  /** Per player: sprinting speed in m/s. */
  readonly top: Float64Array
  /** Per team: 0.3 + 0.7 difficulty, which scales most skills (measured on Google Research Football). */
  readonly skill: readonly [number, number]
  readonly difficulty: readonly [number, number]
  /** Keeper of each team, or -1. */
  readonly keeper: readonly [number, number]
  /** The config as JSON. */
  text(): string
}

/** Sprinting speeds by slot, measured on Google Research Football. */
const TOP_SPEEDS = [7.72, 7.83, 7.75, 7.78, 7.78, 7.94, 7.77, 7.84, 7.99, 8, 8]

/** How far up the pitch each role stands in its team's shape (-1 own goal line, 1 the other), in ROLES' order. */
const ROLE_X = [-0.98, -0.62, -0.5, -0.5, -0.36, -0.1, 0.12, 0.12, 0.24, 0.4]
/** And to which side. */
const ROLE_Y = [0, 0, -0.62, 0.62, 0, 0, -0.62, 0.62, 0, 0]

export function setupOf(config: Config, fitted: Parameters = FITTED): Setup {
  const scenario = config.scenario
  const left = scenario.left.players.length
  const count = left + scenario.right.players.length
  const seats = seatsOf(config)
  const setup = {
    fitted,
    left,
    count,
    seats,
    role: new Int32Array(count),
    lazy: new Uint8Array(count),
    controllable: new Uint8Array(count),
    startX: new Float64Array(count),
    startY: new Float64Array(count),
    homeX: new Float64Array(count),
    homeY: new Float64Array(count),
    depth: new Float64Array(count),
    field: [fieldOf(scenario.left), fieldOf(scenario.right)] as const,
    top: new Float64Array(count),
    skill: [0.3 + 0.7 * scenario.left.difficulty, 0.3 + 0.7 * scenario.right.difficulty] as const,
    difficulty: [scenario.left.difficulty, scenario.right.difficulty] as const,
    keeper: [keeperOf(scenario.left, 0), keeperOf(scenario.right, left)] as const,
    text: () => {
      cached ??= JSON.stringify(config)
      return cached
    },
  }
  let cached: string | undefined
  fill(setup, scenario, 0)
  fill(setup, scenario, 1)
  return setup
}

/** Left seats, then right seats. */
export function seatsOf(config: Config): number {
  return config.controlled + config.opponents
}

function keeperOf(team: TeamSetup, first: number): number {
  const index = team.players.findIndex((player) => player.role === 'GK')
  return index < 0 ? -1 : first + index
}

type Draft = { -readonly [K in keyof Setup]: Setup[K] }

function fill(setup: Draft, scenario: Scenario, team: 0 | 1): void {
  const players = (team === 0 ? scenario.left : scenario.right).players
  const first = team === 0 ? 0 : setup.left
  const sign = team === 0 ? 1 : -1
  for (let i = 0; i < players.length; i++) {
    const { role, x, y, lazy, controllable } = players[i]
    const p = first + i
    setup.role[p] = ROLES.indexOf(role)
    setup.lazy[p] = lazy ? 1 : 0
    setup.controllable[p] = controllable ? 1 : 0
    setup.startX[p] = sign * x * PLAYER_SCALE_X * METRES_X
    setup.startY[p] = sign * y * PLAYER_SCALE_Y * METRES_Y
    setup.top[p] = TOP_SPEEDS[i]
    setup.homeX[p] = ROLE_X[setup.role[p]]
    setup.homeY[p] = ROLE_Y[setup.role[p]] + spread(players, i)
  }
  fillDepth(setup.depth, first, setup.role, players)
}

function fieldOf({ players }: TeamSetup): number {
  return players.filter(({ role }) => role !== 'GK').length
}

/** How far up each field player stands among his team's, by role; by where they start if all have one role. */
function fillDepth(
  depth: Float64Array,
  first: number,
  role: Int32Array,
  players: TeamSetup['players'],
): void {
  let least = 1e9
  let most = -1e9
  let field = 0
  for (let i = 0; i < players.length; i++) {
    if (role[first + i] === KEEPER) continue
    field++
    const at = ROLE_X[role[first + i]]
    if (at < least) least = at
    if (at > most) most = at
  }
  for (let i = 0; i < players.length; i++) {
    if (role[first + i] === KEEPER) continue
    if (most > least) depth[first + i] = (ROLE_X[role[first + i]] - least) / (most - least)
    else if (field === 1) depth[first + i] = 1
    else {
      const behind = players.filter(({ role, x }) => role !== 'GK' && x < players[i].x).length
      depth[first + i] = behind / (field - 1)
    }
  }
}
const KEEPER = ROLES.indexOf('GK')

/** Players of one role stand side by side, in the order of their starting positions. */
function spread(players: TeamSetup['players'], index: number): number {
  const same = players.filter((player) => player.role === players[index].role)
  if (same.length === 1) return 0
  const above = same.filter((player) => player.y < players[index].y).length
  const below = same.filter((player) => player.y > players[index].y).length
  const width = Math.min(0.36, 0.9 / same.length)
  return ((above - below) / 2) * width
}
