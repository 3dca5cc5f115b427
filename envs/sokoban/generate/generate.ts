import { UserError } from '#core/base/errors'
import { below, type Random, uniform } from '#core/base/random'
import type { Config } from '../config.ts'
import { carve, scatter } from '../levels/layout.ts'
import { BOX, type Level, TARGET, WALL } from '../levels/level.ts'
import { createMatching, match } from '../solve/matching.ts'
import { analyse } from '../solve/room.ts'
import type { Solution } from '../solve/solution.ts'
import { solve } from '../solve/solve.ts'
import { pullOnce, reversePlay, wander } from './reverse.ts'

/** Tries before a config is said to be impossible. */
const TRIES = 10_000
/** Positions the check of a wanted length may keep; levels that need more are passed over. */
const NODES = 20_000
/** Work of all tries together, in the units of the solver: about a second. */
const WORK = 150_000_000

/** What may still be spent on a level, in the units of the solver; a last step may take it below 0. */
export interface Effort {
  left: number
}

/**
 * A level with all boxes off target that has a solution: targets are drawn, boxes put on them, and pulled away
 * by reverse play. With a wanted range of lengths, it is solved and drawn again until it fits.
 * @throws UserError when nothing fits, or nothing was found with the effort: counted, so that it depends on no clock.
 */
export function generate(config: Config, random: Random, effort: Effort = { left: WORK }): Level {
  const { width, height, boxes } = config
  if (boxes > (width - 2) * (height - 2) - 2) {
    throw new UserError(`${boxes} boxes do not fit into ${width} x ${height} cells with walls around them`)
  }
  if (config.maxLength > 0 && config.minLength > config.maxLength) {
    throw new UserError(`'minLength' ${config.minLength} is more than 'maxLength' ${config.maxLength}`)
  }
  const ranged = config.minLength > 0 || config.maxLength > 0
  for (let attempt = 0; attempt < TRIES && effort.left > 0; attempt++) {
    const cells = config.layout === 'carved' ? carve(config, random) : scatter(config, random)
    effort.left -= 2 * cells.length
    const level = pullApart(config, cells, random, effort)
    if (level === null) continue
    if (!ranged) return level
    const solution = solve(level, {
      optimal: config.length,
      nodes: NODES,
      work: Math.min(effort.left, WORK / 10),
      longest: config.maxLength || undefined,
    })
    effort.left -= solution.work
    if (fits(config, solution)) return level
  }
  throw new UserError(`no level with ${wanted(config)} was found; ${ranged ? RELAX_RANGE : RELAX}`)
}

const RELAX = 'take fewer boxes or more cells'
const RELAX_RANGE = 'take a wider range of lengths, fewer boxes or fewer cells'

/** '2 boxes in 7 x 7 cells and an optimal length of 3 to 9 moves'. */
function wanted({ width, height, boxes, length, minLength, maxLength }: Config): string {
  const board = `${boxes} ${boxes === 1 ? 'box' : 'boxes'} in ${width} x ${height} cells`
  if (minLength === 0 && maxLength === 0) return board
  return `${board} and an optimal length of ${minLength} to ${maxLength || 'any number of'} ${length}`
}

/** Whether a shortest solution has a wanted length. */
function fits(config: Config, { status, plan, pushes }: Solution): boolean {
  if (status !== 'solved') return false
  const length = config.length === 'moves' ? plan.length : pushes
  return length >= config.minLength && (config.maxLength === 0 || length <= config.maxLength)
}

/** Draws targets on the floor of `cells` and plays backwards from the solved position; null if no box got away. */
function pullApart(config: Config, cells: Uint8Array, random: Random, effort: Effort): Level | null {
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
  const limit = effort.left
  const spent = () => play.work + (matching === null ? 0 : matching.work + boxes * cells.length)
  const away = new Int32Array(boxes)
  const best = new Int32Array(boxes)
  let score = 0
  let player = -1
  const switching = config.far === 'switches' ? 1 : 0
  for (let rollout = 0; rollout < (seeking ? config.rollouts : 1); rollout++) {
    const on = config.onward > 0 && player >= 0 && uniform(random) < config.onward
    for (let i = 0; i < boxes; i++) {
      away[i] = on ? best[i] : targets[i]
      cells[away[i]] |= BOX
    }
    const pulls = seeking ? 14 * boxes + config.minLength : 1 + below(random, 10 * boxes)
    let at = on ? player : start
    let moved = -1
    let switches = 0
    for (let pull = 0; pull < pulls && spent() < limit; pull++) {
      const choice = pullOnce(play, away, at, moved, random)
      if (choice < 0) break
      if (choice >> 2 !== moved) switches++
      moved = choice >> 2
      at = away[moved] - play.steps[choice & 3]
      if (!offTarget(cells, away)) continue
      const worth = matching === null ? pull + 1 : match(matching, away, 0) + switching * switches
      if (worth <= score) continue
      score = worth
      best.set(away)
      player = at
    }
    for (const cell of away) cells[cell] &= ~BOX
  }
  effort.left -= spent()
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
