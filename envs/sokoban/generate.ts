import { UserError } from '#core/errors'
import { below, type Random, uniform } from '#core/random'
import type { Config } from './config.ts'
import { carve, scatter } from './layout.ts'
import { BOX, type Level, offsets, TARGET, WALL } from './level.ts'
import { solve } from './solve.ts'

/** Tries before a config is said to be impossible. */
const TRIES = 5_000
/** Rollouts of reverse play from one solved position, of which the best one counts. */
const ROLLOUTS = 8
/** Positions the check of a wanted length may keep; levels that need more are passed over. */
const NODES = 20_000

/**
 * A level with all boxes off target that has a solution: targets are drawn, boxes put on them, and pulled away
 * by reverse play. With a wanted range of lengths, it is solved and drawn again until it fits.
 * @throws UserError when nothing fits.
 */
export function generate(config: Config, random: Random): Level {
  const { width, height, boxes } = config
  if (boxes > (width - 2) * (height - 2) - 2) {
    throw new UserError(`${boxes} boxes do not fit into ${width} x ${height} cells with walls around them`)
  }
  const ranged = config.minLength > 0 || config.maxLength > 0
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const cells = config.layout === 'carved' ? carve(config, random) : scatter(config, random)
    const level = pullApart(config, cells, random)
    if (level !== null && (!ranged || fits(config, level))) return level
  }
  throw new UserError(
    `no level with ${boxes} boxes in ${width} x ${height} and an optimal length of ${config.minLength} to ` +
      `${config.maxLength || 'any number of'} ${config.length} was found in ${TRIES} tries`,
  )
}

/** Whether the shortest solution has a wanted length. */
function fits(config: Config, level: Level): boolean {
  const solution = solve(level, { optimal: config.length, nodes: NODES })
  if (solution.status !== 'solved') return false
  const length = config.length === 'moves' ? solution.plan.length : solution.pushes
  return length >= config.minLength && (config.maxLength === 0 || length <= config.maxLength)
}

/** Draws targets on the floor of `cells` and plays backwards from the solved position; null if no box got away. */
function pullApart(config: Config, cells: Uint8Array, random: Random): Level | null {
  const { width, height, boxes } = config
  const floor: number[] = []
  for (let cell = 0; cell < cells.length; cell++) if (!(cells[cell] & WALL)) floor.push(cell)
  if (floor.length < boxes + 2) return null
  const targets = new Int32Array(boxes)
  for (let i = 0; i < boxes; i++) {
    const at = i + below(random, floor.length - i)
    targets[i] = floor[at]
    floor[at] = floor[i]
    cells[targets[i]] |= TARGET
  }
  const start = floor[boxes + below(random, floor.length - boxes)]
  const play = {
    cells,
    steps: offsets(width),
    reach: new Uint8Array(cells.length),
    stack: new Int32Array(cells.length),
  }
  const away = new Int32Array(boxes)
  const best = new Int32Array(boxes)
  const ranged = config.minLength > 0 || config.maxLength > 0
  let score = 0
  let player = -1
  for (let rollout = 0; rollout < (ranged ? 1 : ROLLOUTS); rollout++) {
    away.set(targets)
    for (const cell of away) cells[cell] |= BOX
    let at = start
    const pulls = ranged ? 1 + below(random, 10 * boxes) : 14 * boxes
    let moved = -1
    let switches = 0
    for (let pull = 0; pull < pulls; pull++) {
      const choice = pullOnce(play, away, at, moved, random)
      if (choice < 0) break
      if (choice >> 2 !== moved) switches++
      moved = choice >> 2
      at = away[moved] - play.steps[choice & 3]
      const worth = ranged ? pull + 1 : scoreOf(away, targets, width) + switches
      if (worth > score && offTarget(cells, away)) {
        score = worth
        best.set(away)
        player = at
      }
    }
    for (const cell of away) cells[cell] &= ~BOX
  }
  if (player < 0) return null
  for (const cell of best) cells[cell] |= BOX
  return { width, height, cells, player: wander(play, player, random) }
}

interface ReversePlay {
  readonly cells: Uint8Array
  readonly steps: Int32Array
  readonly reach: Uint8Array
  readonly stack: Int32Array
}

/**
 * Pulls a random box that the player can get behind: he stands beside it and steps away, the box follows.
 * @returns box * 4 + the direction a push would undo it in; -1 when nothing can be pulled.
 */
function pullOnce(
  play: ReversePlay,
  boxes: Int32Array,
  player: number,
  moved: number,
  random: Random,
): number {
  const { cells, steps, reach } = play
  flood(play, player)
  let choice = -1
  let weight = 0
  for (let i = 0; i < boxes.length; i++) {
    for (let d = 0; d < 4; d++) {
      const beside = boxes[i] - steps[d]
      if (!reach[beside] || cells[beside - steps[d]] & (WALL | BOX)) continue
      // Staying with a box takes it far away.
      const w = i === moved ? 3 : 1
      weight += w
      if (uniform(random) * weight < w) choice = i * 4 + d
    }
  }
  if (choice < 0) return -1
  const box = choice >> 2
  const to = boxes[box] - steps[choice & 3]
  cells[boxes[box]] &= ~BOX
  cells[to] |= BOX
  boxes[box] = to
  return choice
}

/** Marks the cells that the player can walk to; returns how many, listed in the stack. */
function flood(play: ReversePlay, player: number): number {
  const { cells, steps, reach, stack } = play
  reach.fill(0)
  let head = 0
  let tail = 0
  stack[tail++] = player
  reach[player] = 1
  while (head < tail) {
    const cell = stack[head++]
    for (let d = 0; d < 4; d++) {
      const to = cell + steps[d]
      if (reach[to] || cells[to] & (WALL | BOX)) continue
      reach[to] = 1
      stack[tail++] = to
    }
  }
  return tail
}

/** Somewhere the player can walk to. */
function wander(play: ReversePlay, player: number, random: Random): number {
  return play.stack[below(random, flood(play, player))]
}

function offTarget(cells: Uint8Array, boxes: Int32Array): boolean {
  for (let i = 0; i < boxes.length; i++) if (cells[boxes[i]] & TARGET) return false
  return true
}

/** How far the boxes are from where they belong. */
function scoreOf(boxes: Int32Array, targets: Int32Array, width: number): number {
  let score = 0
  for (let i = 0; i < boxes.length; i++) {
    const rows = Math.abs(Math.floor(boxes[i] / width) - Math.floor(targets[i] / width))
    const columns = Math.abs((boxes[i] % width) - (targets[i] % width))
    score += rows + columns
  }
  return score
}
