import { BOX, interior, type Level, offsets, TARGET, WALL } from '../levels/level.ts'
import { clockOf } from './solution.ts'

/** Farther than any box can be pushed. */
export const FAR = 0xffff

/** What a solver knows about a level before it moves anything. */
export interface Room {
  readonly width: number
  /** Cells of the grid. */
  readonly size: number
  /** Index steps of Up, Down, Left, Right. */
  readonly steps: Int32Array
  /** 1 where nobody can stand. */
  readonly wall: Uint8Array
  readonly target: Uint8Array
  /** Cells of the reachable targets. */
  readonly targets: Int32Array
  /** Cells of the boxes in reach. */
  readonly boxes: Int32Array
  readonly player: number
  /** `distance[t * size + cell]`: pushes that bring a lone box from `cell` to target t, FAR if none do. */
  readonly distance: Uint16Array
  /** 1 where a box can never again reach any target. */
  readonly dead: Uint8Array
  /** False when a box or target out of reach already makes it unsolvable. */
  readonly solvable: boolean
  /** Scratch of deadlock tests: a group of boxes, what is held of it (all 0 between tests), and what to look at again. */
  readonly group: Int32Array
  readonly held: Uint8Array
  readonly queue: Int32Array
}

/** Analyses a level once, for solving it. */
export function analyse(level: Level): Room {
  return analyseWithin(level, () => false)!
}

/** The same, or null where time is up. */
export function analyseWithin(level: Level, expired: () => boolean): Room | null {
  const { width, cells } = level
  const size = cells.length
  const inside = interior(level)
  const wall = new Uint8Array(size)
  const target = new Uint8Array(size)
  const targets: number[] = []
  const boxes: number[] = []
  let solvable = true
  for (let cell = 0; cell < size; cell++) {
    const flags = cells[cell]
    if (!inside[cell]) {
      wall[cell] = 1
      if (flags & BOX && !(flags & TARGET)) solvable = false
      continue
    }
    if (flags & WALL) wall[cell] = 1
    if (flags & TARGET) {
      target[cell] = 1
      targets.push(cell)
    }
    if (flags & BOX) boxes.push(cell)
  }
  const steps = offsets(width)
  const distance = pushDistances(wall, targets, steps, expired)
  if (distance === null) return null
  const dead = new Uint8Array(size).fill(1)
  for (let t = 0; t < targets.length; t++) {
    for (let cell = 0; cell < size; cell++) if (distance[t * size + cell] !== FAR) dead[cell] = 0
  }
  return {
    width,
    size,
    steps,
    wall,
    target,
    targets: Int32Array.from(targets),
    boxes: Int32Array.from(boxes),
    player: level.player,
    distance,
    dead,
    solvable: solvable && targets.length === boxes.length,
    group: new Int32Array(boxes.length),
    held: new Uint8Array(size),
    queue: new Int32Array(5 * boxes.length),
  }
}

/** Pushes from every cell to every target, by pulling a lone box away from it; null where time is up. */
function pushDistances(
  wall: Uint8Array,
  targets: readonly number[],
  steps: Int32Array,
  expired: () => boolean,
): Uint16Array | null {
  const size = wall.length
  let work = 0
  const late = clockOf(expired, () => work)
  const distance = new Uint16Array(targets.length * size).fill(FAR)
  const queue = new Int32Array(size)
  for (let t = 0; t < targets.length; t++) {
    const base = t * size
    let head = 0
    let tail = 0
    work += size
    if (late()) return null
    queue[tail++] = targets[t]
    distance[base + targets[t]] = 0
    while (head < tail) {
      const box = queue[head++]
      for (let d = 0; d < 4; d++) {
        const from = box - steps[d]
        if (wall[from] || distance[base + from] !== FAR || wall[from - steps[d]]) continue
        distance[base + from] = distance[base + box] + 1
        queue[tail++] = from
      }
    }
  }
  return distance
}
