import { UserError } from '#core/errors'
import { below, type Random } from '#core/random'
import type { Config } from './config.ts'
import { carve, scatter } from './layout.ts'
import { BOX, type Level, TARGET, WALL } from './level.ts'
import { createMatching, match } from './matching.ts'
import { pullOnce, reversePlay, wander } from './reverse.ts'
import { analyse } from './room.ts'
import { type Solution, solve } from './solve.ts'

/** Tries before a config is said to be impossible. */
const TRIES = 10_000
/** Rollouts of reverse play from one solved position, of which the best one counts. */
const ROLLOUTS = 8
/** Positions the check of a wanted length may keep; levels that need more are passed over. */
const NODES = 20_000
/** Positions all checks together may keep. */
const EFFORT = 5_000_000

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
  if (config.maxLength > 0 && config.minLength > config.maxLength) {
    throw new UserError(`'minLength' ${config.minLength} is more than 'maxLength' ${config.maxLength}`)
  }
  const ranged = config.minLength > 0 || config.maxLength > 0
  let effort = 0
  for (let attempt = 0; attempt < TRIES && effort < EFFORT; attempt++) {
    const cells = config.layout === 'carved' ? carve(config, random) : scatter(config, random)
    const level = pullApart(config, cells, random)
    if (level === null) continue
    if (!ranged) return level
    const solution = solve(level, { optimal: config.length, nodes: NODES })
    if (fits(config, solution)) return level
    effort += solution.nodes
  }
  const wanted = `no level with ${boxes} ${boxes === 1 ? 'box' : 'boxes'} in ${width} x ${height} cells`
  throw new UserError(
    ranged
      ? `${wanted} and an optimal length of ${config.minLength} to ${config.maxLength || 'any number of'} ${config.length} was found`
      : `${wanted} was found; take fewer boxes or more cells`,
  )
}

/** Whether a shortest solution has a wanted length. */
function fits(config: Config, { status, plan, pushes }: Solution): boolean {
  if (status !== 'solved') return false
  const length = config.length === 'moves' ? plan.length : pushes
  return length >= config.minLength && (config.maxLength === 0 || length <= config.maxLength)
}

/** Draws targets on the floor of `cells` and plays backwards from the solved position; null if no box got away. */
function pullApart(config: Config, cells: Uint8Array, random: Random): Level | null {
  const { width, height, boxes } = config
  const targets = drawTargets(cells, boxes, random)
  if (targets === null) return null
  const start = targets[boxes]
  const level = { width, height, cells, player: start }
  const play = reversePlay(level)
  // Short wanted lengths take positions as they come; otherwise the best of some rollouts counts.
  const short = boxes * (config.length === 'moves' ? 6 : 2)
  const seeking = (config.minLength === 0 && config.maxLength === 0) || config.minLength > short
  const matching = seeking ? createMatching(analyse(level)) : null
  const away = new Int32Array(boxes)
  const best = new Int32Array(boxes)
  let score = 0
  let player = -1
  for (let rollout = 0; rollout < (seeking ? ROLLOUTS : 1); rollout++) {
    for (let i = 0; i < boxes; i++) {
      away[i] = targets[i]
      cells[away[i]] |= BOX
    }
    const pulls = seeking ? 14 * boxes + config.minLength : 1 + below(random, 10 * boxes)
    let at = start
    let moved = -1
    let switches = 0
    for (let pull = 0; pull < pulls; pull++) {
      const choice = pullOnce(play, away, at, moved, random)
      if (choice < 0) break
      if (choice >> 2 !== moved) switches++
      moved = choice >> 2
      at = away[moved] - play.steps[choice & 3]
      if (!offTarget(cells, away)) continue
      const worth = matching === null ? pull + 1 : match(matching, away, 0) + switches
      if (worth <= score) continue
      score = worth
      best.set(away)
      player = at
    }
    for (const cell of away) cells[cell] &= ~BOX
  }
  if (player < 0) return null
  for (const cell of best) cells[cell] |= BOX
  return { width, height, cells, player: wander(play, player, random) }
}

/** Makes random floor cells targets; their cells, and one more for the player; null if there is no room. */
function drawTargets(cells: Uint8Array, count: number, random: Random): Int32Array | null {
  const floor: number[] = []
  for (let cell = 0; cell < cells.length; cell++) if (!(cells[cell] & WALL)) floor.push(cell)
  if (floor.length < count + 2) return null
  const drawn = new Int32Array(count + 1)
  for (let i = 0; i <= count; i++) {
    const at = i + below(random, floor.length - i)
    drawn[i] = floor[at]
    floor[at] = floor[i]
    if (i < count) cells[drawn[i]] |= TARGET
  }
  return drawn
}

function offTarget(cells: Uint8Array, boxes: Int32Array): boolean {
  for (let i = 0; i < boxes.length; i++) if (cells[boxes[i]] & TARGET) return false
  return true
}
