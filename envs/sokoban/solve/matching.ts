import { FAR, type Room } from './room.ts'
import type { Clock } from './solution.ts'

/**
 * The cheapest assignment of boxes to targets, a lower bound of the pushes that remain (Hungarian method with
 * potentials; Kuhn 1955, Munkres 1957). Solved once for a position, then mended for each box that moves.
 */
export interface Matching {
  readonly room: Room
  readonly count: number
  /** Potentials of boxes and targets and the box matched to each target, 1-based; 0 is a helper. */
  readonly u: Int32Array
  readonly v: Int32Array
  readonly owner: Int32Array
  readonly trial: { u: Int32Array; v: Int32Array; owner: Int32Array }
  readonly slack: Int32Array
  readonly from: Int32Array
  readonly seen: Uint8Array
  /** Cell of each box, 1-based. */
  readonly cells: Int32Array
  /** Pairs of a box and a target looked at so far. */
  work: number
}

const NONE = 1 << 24
/** Instead of a total: time was up first. */
export const LATE = -1

export function createMatching(room: Room): Matching {
  const count = room.targets.length
  const row = () => new Int32Array(count + 1)
  return {
    room,
    count,
    u: row(),
    v: row(),
    owner: row(),
    trial: { u: row(), v: row(), owner: row() },
    slack: row(),
    from: row(),
    seen: new Uint8Array(count + 1),
    cells: row(),
    work: 0,
  }
}

/**
 * Matches boxes at `boxes[offset..]`.
 * @param late - asked for each box; true ends it.
 * @returns the total distance, at least FAR when there is no assignment; LATE where time is up.
 */
export function match(
  m: Matching,
  boxes: ArrayLike<number>,
  offset: number,
  late: Clock = () => false,
): number {
  m.v.fill(0)
  m.owner.fill(0)
  for (let i = 1; i <= m.count; i++) {
    m.cells[i] = boxes[offset + i - 1]
    m.u[i] = 0
    if (late()) return LATE
    augment(m, i, m.u, m.v, m.owner)
  }
  return total(m, m.owner)
}

/** The total distance if box `index` (from 0) stood at `cell` instead; the matching itself stays. */
export function rematch(m: Matching, index: number, cell: number): number {
  const { u, v, owner } = m.trial
  const row = index + 1
  for (let i = 0; i <= m.count; i++) {
    u[i] = m.u[i]
    v[i] = m.v[i]
    owner[i] = m.owner[i] === row ? 0 : m.owner[i]
  }
  const before = m.cells[row]
  m.cells[row] = cell
  u[row] = 0
  augment(m, row, u, v, owner)
  const sum = total(m, owner)
  m.cells[row] = before
  return sum
}

function total(m: Matching, owner: Int32Array): number {
  const { distance, size } = m.room
  let sum = 0
  for (let t = 1; t <= m.count; t++) sum += distance[(t - 1) * size + m.cells[owner[t]]]
  return sum
}

/** Adds box `row` to the matching along a cheapest alternating path. */
function augment(m: Matching, row: number, u: Int32Array, v: Int32Array, owner: Int32Array): void {
  const { count, slack, from, seen, cells } = m
  const { distance, size } = m.room
  slack.fill(NONE)
  seen.fill(0)
  owner[0] = row
  let at = 0
  do {
    m.work += count
    seen[at] = 1
    const box = owner[at]
    const cell = cells[box]
    let least = NONE
    let next = 0
    for (let t = 1; t <= count; t++) {
      if (seen[t]) continue
      const reduced = distance[(t - 1) * size + cell] - u[box] - v[t]
      if (reduced < slack[t]) {
        slack[t] = reduced
        from[t] = at
      }
      if (slack[t] < least) {
        least = slack[t]
        next = t
      }
    }
    for (let t = 0; t <= count; t++) {
      if (seen[t]) {
        u[owner[t]] += least
        v[t] -= least
      } else {
        slack[t] -= least
      }
    }
    at = next
  } while (owner[at] !== 0)
  while (at !== 0) {
    owner[at] = owner[from[at]]
    at = from[at]
  }
}

/** Whether a total means that some box has no target left. */
export function impossible(sum: number): boolean {
  return sum >= FAR
}
