import {
  finish,
  getBool,
  getBytes,
  getText,
  getU32,
  putBool,
  putBytes,
  putText,
  putU32,
  reader,
  writer,
  written,
} from '#core/base/bytes'
import type { Random } from '#core/base/random'
import { parse } from '#core/env/config'
import type { State } from '#core/env/env'
import { Config } from './config.ts'
import { type Setup, setupOf } from './setup.ts'

/** Names of the reward terms: goals, checkpoints, then MageBench's six. */
export const TERMS = [
  'scoring',
  'checkpoints',
  'advance',
  'opponents_passed',
  'lead',
  'stolen',
  'pass_received',
  'shot_taken',
] as const

/** A match: views over one buffer (all that changes), beside what the config decides. */
export interface FootballState extends State {
  readonly config: Config
  readonly setup: Setup
  /** Everything below, as bytes. */
  readonly memory: Uint8Array
  readonly random: Random
  /** See `BALL`: metres and metres per second. */
  readonly ball: Float64Array
  /** See `WORLD`. */
  readonly world: Int32Array

  // One entry per player, the left team first; metres, seconds and metres per second.
  readonly x: Float64Array
  readonly y: Float64Array
  readonly vx: Float64Array
  readonly vy: Float64Array
  /** Facing, a unit vector. */
  readonly fx: Float64Array
  readonly fy: Float64Array
  /** Velocity the player wants; the legs follow `lag` sub-steps later. */
  readonly wantX: Float64Array
  readonly wantY: Float64Array
  /** What the legs are doing: a unit direction and a speed. */
  readonly goX: Float64Array
  readonly goY: Float64Array
  readonly goSpeed: Float64Array
  /** Where the built-in AI sends the player. */
  readonly targetX: Float64Array
  readonly targetY: Float64Array
  /** Where the player can meet a free ball soonest. */
  readonly meetX: Float64Array
  readonly meetY: Float64Array
  /** Direction of the kick being made, a unit vector. */
  readonly aimX: Float64Array
  readonly aimY: Float64Array
  /** Speed with which the kick being made was begun. */
  readonly runUp: Float64Array
  /** 0 fresh .. 0.99 exhausted. */
  readonly tired: Float64Array
  /** Seconds until the player could be at the ball. */
  readonly reach: Float64Array
  readonly lag: Int32Array
  /** What the player is busy with (see DOING), and sub-steps left of it. */
  readonly doing: Int32Array
  readonly busy: Int32Array
  /** Serial of the last kick that the player failed to stop. */
  readonly missed: Int32Array
  /** Sub-steps during which the player cannot touch the ball. */
  readonly stunned: Int32Array
  /** How far the kick being made is charged, 0..CHARGES (see kicks.ts). */
  readonly charge: Int32Array
  /** Team mate a kick is meant for, or -1. */
  readonly meant: Int32Array
  /** 1 while the player goes for a ball that an opponent has. */
  readonly eager: Int32Array
  readonly yellow: Int32Array
  /** 0 once sent off. */
  readonly active: Int32Array
  /** Seat that controls the player, or -1. */
  readonly seat: Int32Array
  /** 1 when offside at the last pass. */
  readonly offside: Int32Array

  // One entry per seat.
  readonly seatPlayer: Int32Array
  /** Sticky direction action, 0..8. */
  readonly seatDirection: Int32Array
  /** Steps played since it changed. */
  readonly seatSteady: Int32Array
  /** Sticky flags, see STICKY. */
  readonly seatSticky: Int32Array
  /** Checkpoints collected. */
  readonly checkpoints: Int32Array
  /** MageBench's memory: best ball x, opponents left of the ball (-1: none yet). */
  readonly bestX: Float64Array
  readonly leftOfBall: Int32Array
  /** MageBench: 1 while a shot would not be paid again. */
  readonly shotPaid: Int32Array
}

/** Bits of `seatSticky`; `switched`: the seat has just chosen its player. */
export const STICKY = { sprint: 1, dribble: 2, rush: 4, pressure: 8, teamPressure: 16, switched: 32 } as const

/** Indices into `state.ball`. */
export const BALL = { x: 0, y: 1, z: 2, vx: 3, vy: 4, vz: 5 } as const

/** What a player is busy with; kicks first. */
export const DOING = { nothing: 0, short: 1, long: 2, high: 3, shot: 4, slide: 5, down: 6, dive: 7 } as const

/** Indices into `state.world`. */
export const WORLD = {
  /** Goals. */
  left: 0,
  right: 1,
  /** Player with the ball, or -1; last player to touch it; the last team that had it. */
  owner: 2,
  toucher: 3,
  team: 4,
  /** The last kick: serial number, player, kind (see DOING), and the team mate it is for, or -1. */
  kick: 5,
  kicker: 6,
  kind: 7,
  receiver: 8,
  /** Game mode (see MODES), steps in it, the player who restarts, and the steps he waits for. */
  mode: 9,
  waited: 10,
  taker: 11,
  patience: 12,
  /** Keeper with the ball in his hands, or -1, and for how many steps. */
  hands: 13,
  held: 14,
  /** Sub-steps until the keeper reacts to a shot. */
  react: 15,
  /** The game stops: the mode it restarts with, and the team that does. */
  stop: 16,
  stopTeam: 17,
  /** What happened in the last step, as bits (see EVENTS). */
  events: 18,
  /** How the episode ended (see ENDINGS). */
  ending: 19,
  /** Player of each team who is first at the ball. */
  chaserLeft: 20,
  chaserRight: 21,
  /** Passes received by a team mate, per team. */
  passesLeft: 22,
  passesRight: 23,
  /** Team that lost the ball in the last step to an owner of the other one, or -1. */
  taken: 24,
  size: 25,
} as const

/** A new state of `config`: all zeros. */
export function allocate(config: Config, setup: Setup): FootballState {
  return attach(config, setup, new ArrayBuffer(memoryBytes(setup.count, setup.seats)))
}

/** The state whose numbers stand in `buffer`. */
function attach(config: Config, setup: Setup, buffer: ArrayBuffer): FootballState {
  const { count } = setup
  const seats = setup.seats
  let at = 0
  const numbers = (length: number) => {
    const view = new Float64Array(buffer, at, length)
    at += 8 * length
    return view
  }
  const integers = (length: number) => {
    const view = new Int32Array(buffer, at, length)
    at += 4 * length
    return view
  }
  return {
    config,
    setup,
    memory: new Uint8Array(buffer),
    t: 0,
    terminated: false,
    truncated: false,
    rewards: numbers(seats),
    terms: numbers(seats * TERMS.length),
    ball: numbers(6),
    bestX: numbers(seats),
    x: numbers(count),
    y: numbers(count),
    vx: numbers(count),
    vy: numbers(count),
    fx: numbers(count),
    fy: numbers(count),
    wantX: numbers(count),
    wantY: numbers(count),
    goX: numbers(count),
    goY: numbers(count),
    goSpeed: numbers(count),
    targetX: numbers(count),
    targetY: numbers(count),
    meetX: numbers(count),
    meetY: numbers(count),
    aimX: numbers(count),
    aimY: numbers(count),
    runUp: numbers(count),
    tired: numbers(count),
    reach: numbers(count),
    lag: integers(count),
    doing: integers(count),
    busy: integers(count),
    missed: integers(count),
    stunned: integers(count),
    charge: integers(count),
    meant: integers(count),
    eager: integers(count),
    yellow: integers(count),
    active: integers(count),
    seat: integers(count),
    offside: integers(count),
    seatPlayer: integers(seats),
    seatDirection: integers(seats),
    seatSteady: integers(seats),
    seatSticky: integers(seats),
    checkpoints: integers(seats),
    leftOfBall: integers(seats),
    shotPaid: integers(seats),
    world: integers(WORLD.size),
    random: new Uint32Array(buffer, at, 4),
  }
}

/** Bytes of a state's memory: what `attach` lays out. */
function memoryBytes(players: number, seats: number): number {
  return 8 * (seats * (2 + TERMS.length) + 6 + 20 * players) + 4 * (12 * players + 7 * seats + WORLD.size + 4)
}

export function clone(state: FootballState): FootballState {
  const copy = attach(state.config, state.setup, state.memory.slice().buffer)
  copy.t = state.t
  copy.terminated = state.terminated
  copy.truncated = state.truncated
  return copy
}

/** 'KF' and the layout's number; typed arrays are little-endian on every engine we run on. */
const MAGIC = 0x4b460002

/** All of a state; see `Env.save`. */
export function save(state: FootballState, out?: Uint8Array): Uint8Array {
  const w = writer(out, state.memory.length + 8192)
  putU32(w, MAGIC)
  putText(w, state.setup.text())
  putU32(w, state.t)
  putBool(w, state.terminated)
  putBool(w, state.truncated)
  putBytes(w, state.memory)
  return written(w)
}

/** @throws Error when the bytes are not a saved football state. */
export function load(bytes: Uint8Array): FootballState {
  const r = reader(bytes)
  if (getU32(r) !== MAGIC) throw new Error('these bytes are not a saved football state')
  const config = parse(Config, JSON.parse(getText(r)), 'config of the saved football state')
  const state = allocate(config, setupOf(config))
  state.t = getU32(r)
  state.terminated = getBool(r)
  state.truncated = getBool(r)
  getBytes(r, state.memory)
  finish(r)
  return state
}
