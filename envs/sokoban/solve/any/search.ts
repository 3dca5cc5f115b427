import type { Level } from '../../levels/level.ts'
import { planOf } from '../../plan.ts'
import { clockOf, nothing, type Solution, type SolveOptions } from '../solution.ts'
import {
  type Attempt,
  CELLS,
  createAttempt,
  createGround,
  type Ground,
  hold,
  LIMIT,
  type Manner,
  NONE,
  seek,
} from './attempt.ts'
import { carry } from './carry.ts'
import { stageOf } from './packing.ts'

/** Tried one after the other: what one does not find, another may. */
const MANNERS: readonly Manner[] = [
  { strict: true, queue: false, eager: false },
  { strict: true, queue: false, eager: true },
  { strict: true, queue: true, eager: false },
  { strict: false, queue: false, eager: false },
]
/** Positions that are looked at in the first round for fewest pushes, and in each manner; more in each round after it. */
const SHORTEST = 100_000
const MANNER = 30_000
/** In haste, so many positions and so much work. */
const HASTY = { nodes: 250_000, work: 150_000_000 }
/** What a search in haste divides the cost so far by: all that counts is how far it still is. */
const HASTE = 1000
const MORE = 4
/** Part of all work that finding an order of filling targets may take. */
const PREPARING = 20
/** So many moves that were not made yet take the room of a position. */
const MOVES = 8

/**
 * A solution, short where that is easy. Positions are parted by features: boxes packed in order, regions, narrow places
 * that are blocked, boxes that would be shut off. Each part is served in its turn, and of each position first what advisors
 * like. A move brings one box as far as it goes. After the feature space search of Shoham and Schaeffer (2020).
 * @param shortest - looks for fewest pushes within so many positions and so much work, a quarter of what is left; with `haste`
 * above 1 for any, and what a position has cost counts that much less.
 */
export function solveAny(
  level: Level,
  { nodes, work, expired }: Limits,
  shortest: (nodes: number, work: number, haste: number) => Solution,
): Solution {
  const total = { nodes: 0, work: 0 }
  let ground: Ground | null | undefined
  const done = (): number => total.work + (ground ? workOf(ground) : 0)
  const late = clockOf(expired, done)
  for (let more = 1; ; more *= MORE) {
    for (const hasty of [false, true]) {
      const left = (work - done()) / 4
      const short = hasty
        ? shortest(HASTY.nodes * more, Math.min(left, HASTY.work * more), HASTE)
        : shortest(SHORTEST * more, left, 1)
      total.nodes += short.nodes
      total.work += short.work
      if (short.status !== 'limit' || short.limit === 'time')
        return { ...short, nodes: total.nodes, work: done() }
    }
    ground ??= createGround(level, work / PREPARING, expired)
    if (ground === null) return { ...nothing('time'), nodes: total.nodes, work: done() }
    for (const manner of MANNERS) {
      const attempt = createAttempt(ground, manner)
      const over = (): boolean => done() >= work || room(attempt) >= nodes || late()
      const node = over() ? LIMIT : seek(attempt, MANNER * more, over, late)
      total.nodes += attempt.nodes.count
      const pushes = node >= 0 ? route(attempt, node) : []
      // To have looked at everything is no proof here: positions of a corral are told apart by hashes alone.
      const status = node >= 0 ? 'solved' : over() || exhausted(node, manner) ? 'limit' : null
      if (status === null) continue
      const found = { plan: planOf(level, pushes), pushes: pushes.length, nodes: total.nodes, work: done() }
      if (status === 'solved') return { status, ...found }
      return { status, limit: late() ? 'time' : done() >= work ? 'work' : 'nodes', ...found }
    }
  }
}

const workOf = ({ board, corrals, matching, inward, eyes }: Ground): number =>
  board.work + corrals.alone.work + matching.work + inward.work + eyes.packing.work

type Limits = Required<Pick<SolveOptions, 'nodes' | 'work' | 'expired'>>

const exhausted = (node: number, { strict }: Manner): boolean => node === NONE && !strict

/** Positions that an attempt keeps, and moves as parts of one. */
const room = ({ nodes, moves }: Attempt): number => nodes.count + moves.count / MOVES

/** The pushes that lead to a node, each as the cell of its box * 4 + direction. */
function route(attempt: Attempt, node: number): number[] {
  const { nodes, room, board, list, eyes } = attempt
  const path: number[] = []
  for (let at = node; nodes.parent[at] >= 0; at = nodes.parent[at]) path.push(at)
  const { pushes: hope } = stageOf(room, eyes.packing, 0)
  const chain: number[] = []
  hold(board, room.boxes, 1)
  let player = room.player
  for (const at of path.reverse()) {
    const from = Math.floor(nodes.push[at] / CELLS)
    const to = nodes.push[at] % CELLS
    const way: number[] = []
    carry(list, board, from, player, hope, (last) => {
      if (list.cell[last] !== to || board.corner !== nodes.player[at]) return false
      for (let entry = last; entry > 0; entry = list.before[entry]) {
        way.push(list.cell[list.before[entry]] * 4 + list.push[entry])
      }
      player = list.player[last]
      return true
    })
    board.occupied[from] = 0
    board.occupied[to] = 1
    for (let i = way.length - 1; i >= 0; i--) chain.push(way[i])
  }
  return chain
}
