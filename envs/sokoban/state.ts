import { UserError } from '#core/base/errors'
import type { Shape } from '#core/draw/scene'
import type { State } from '#core/env/env'
import { ACTIONS, Config } from './config.ts'
import { BOX, type Level, offsets, TARGET } from './levels/level.ts'
import { writeLevel } from './levels/xsb.ts'
import type { Sprites } from './look/sprites.ts'

/** Bits of a cell below the box's number: WALL, TARGET, BOX. */
export const FLAGS = 7
const NUMBER = 3

/** What never changes while a level is played; shared by all states that come from one reset. */
export interface Board {
  readonly config: Config
  /** The resolved config as JSON, in the bytes of `save`. */
  readonly bytes: Uint8Array
  readonly width: number
  readonly height: number
  readonly boxes: number
  /** Index step of each action; 0 stays. */
  readonly steps: Int32Array
  /** Whether each action may push. */
  readonly pushes: Uint8Array
  /** How it is drawn, and what never moves in the picture; made when first asked for. */
  sprites?: Sprites
  picture?: readonly Shape[]
}

/** A position of Sokoban. */
export interface Sokoban extends State {
  readonly config: Config
  readonly board: Board
  /** Rows from the top: the flags of level.ts, and above them the number of the box, so that a box keeps its identity. */
  readonly cells: Uint16Array
  player: number
  /** Boxes on targets. */
  on: number
  /** Cell that a box was pushed to by the last step; 0, which is always wall, if none was. */
  pushed: number
}

/** The initial state of a level under a config. */
export function place(config: Config, level: Level): Sokoban {
  const { width, height, cells, player } = level
  const flags = new Uint16Array(cells.length)
  let boxes = 0
  let on = 0
  for (let cell = 0; cell < cells.length; cell++) {
    flags[cell] = cells[cell]
    if (!(cells[cell] & BOX)) continue
    flags[cell] |= boxes++ << NUMBER
    if (cells[cell] & TARGET) on++
  }
  if (on === boxes) throw new UserError('the level is solved already: every box stands on a target')
  // Parsing puts the keys in the schema's order: equal configs have equal bytes.
  const resolved = Config.parse({ ...config, level: writeLevel(level), width, height, boxes })
  return {
    config: resolved,
    board: boardOf(resolved, boxes),
    cells: flags,
    player,
    on,
    pushed: 0,
    t: 0,
    rewards: new Float64Array(1),
    terms: new Float64Array(3),
    terminated: false,
    truncated: false,
  }
}

/** What a resolved config fixes. */
export function boardOf(config: Config, boxes: number): Board {
  const json = JSON.stringify(config)
  const bytes = new Uint8Array(json.length)
  for (let i = 0; i < json.length; i++) bytes[i] = json.charCodeAt(i)
  const direction = offsets(config.width)
  const gym = config.actionSet === 'gym'
  const actions = ACTIONS[config.actionSet].length
  const steps = new Int32Array(actions)
  const pushes = new Uint8Array(actions)
  for (let action = gym ? 1 : 0; action < actions; action++) {
    steps[action] = direction[gym ? (action - 1) & 3 : action]
    pushes[action] = gym && action > 4 ? 0 : 1
  }
  return { config, bytes, width: config.width, height: config.height, boxes, steps, pushes }
}

/** The level that a state stands at now. */
export function levelOf(state: Sokoban): Level {
  const { width, height } = state.board
  const cells = new Uint8Array(state.cells.length)
  for (let cell = 0; cell < cells.length; cell++) cells[cell] = state.cells[cell] & FLAGS
  return { width, height, cells, player: state.player }
}

/** Cells of the boxes by their number. */
export function boxesOf(state: Sokoban): Int32Array {
  const boxes = new Int32Array(state.board.boxes)
  const { cells } = state
  for (let cell = 0; cell < cells.length; cell++) if (cells[cell] & BOX) boxes[cells[cell] >> NUMBER] = cell
  return boxes
}

export function clone(state: Sokoban): Sokoban {
  return { ...state, cells: state.cells.slice(), rewards: state.rewards.slice(), terms: state.terms.slice() }
}
