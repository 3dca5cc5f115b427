import { BOX, type Level } from './levels/level.ts'
import { readLevel } from './levels/xsb.ts'
import { frozen } from './solve/deadlock.ts'
import { createMatching, impossible, match } from './solve/matching.ts'
import { analyse, FAR, type Room } from './solve/room.ts'
import { solve } from './solve/solve.ts'
import { levelOf, type Sokoban } from './state.ts'

/** Positions a question about one state may cost. */
const NODES = 50_000
/** Boxes beyond which no assignment is asked for: it costs up to their cube. */
const ASSIGNED = 500

/**
 * Pushes that any solution still needs at least (the cheapest assignment of boxes to targets; with more than 500
 * boxes only the way of each to its nearest target), or null when the level is surely lost: a box or target out of
 * reach, a dead cell, a frozen group, no assignment.
 */
export function pushesLeft(level: Level): number | null {
  const room = analyse(level)
  if (!room.solvable) return null
  const occupied = new Uint8Array(room.size)
  for (const cell of room.boxes) occupied[cell] = 1
  for (const cell of room.boxes) if (room.dead[cell] || frozen(room, occupied, cell)) return null
  if (room.boxes.length > ASSIGNED) return nearest(room)
  const sum = match(createMatching(room), room.boxes, 0)
  return impossible(sum) ? null : sum
}

function nearest({ boxes, targets, distance, size }: Room): number {
  let sum = 0
  for (const cell of boxes) {
    let least = FAR
    for (let t = 0; t < targets.length; t++) least = Math.min(least, distance[t * size + cell])
    sum += least
  }
  return sum
}

/** Whether the level is surely lost; false says nothing. */
export function deadlocked(level: Level): boolean {
  return pushesLeft(level) === null
}

/** What the last step did that is worth a mark; a deadlock is marked at the push that caused it. */
export function marks(state: Sokoban): readonly string[] {
  const names: string[] = []
  if (state.terms[1] > 0) names.push('on target')
  if (state.terms[1] < 0) names.push('off target')
  if (state.terms[2] > 0) names.push('solved')
  if (state.pushed !== 0 && deadlocked(levelOf(state)) && !deadlocked(beforePush(state)))
    names.push('deadlock')
  return names
}

/** The position before the last step, which pushed a box. */
function beforePush(state: Sokoban): Level {
  const level = levelOf(state)
  level.cells[state.pushed] &= ~BOX
  level.cells[state.player] |= BOX
  return { ...level, player: 2 * state.player - state.pushed }
}

/** Lines for whoever watches: boxes at home, the shortest way from here, and steps lost against an optimal player. */
export function insight(state: Sokoban): readonly { readonly label: string; readonly value: string }[] {
  const lines = [{ label: 'boxes on targets', value: `${state.on} of ${state.board.boxes}` }]
  const level = levelOf(state)
  if (deadlocked(level)) return [...lines, { label: 'position', value: 'deadlocked' }]
  const left = movesLeft(level)
  if (left === null) return [...lines, { label: 'moves left', value: 'unknown' }]
  if (left === 'none') return [...lines, { label: 'position', value: 'cannot be solved' }]
  lines.push({ label: 'moves left', value: `${left} with optimal play` })
  const all = movesLeft(readLevel(state.config.level as string))
  if (typeof all === 'number')
    lines.push({ label: 'regret', value: `${state.t + left - all} steps more than the optimal ${all}` })
  return lines
}

/** Fewest moves to a solution from here: Infinity when there is none, null when that takes too long to find out. */
export function stepsToGo(state: Sokoban): number | null {
  const level = levelOf(state)
  if (state.terminated) return 0
  if (deadlocked(level)) return Number.POSITIVE_INFINITY
  const left = movesLeft(level)
  return left === 'none' ? Number.POSITIVE_INFINITY : left
}

/** Fewest moves to a solution; null when that takes too long to find out. */
function movesLeft(level: Level): number | 'none' | null {
  const { status, plan } = solve(level, { optimal: 'moves', nodes: NODES })
  return status === 'solved' ? plan.length : status === 'unsolvable' ? 'none' : null
}
