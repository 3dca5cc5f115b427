import { FAR, type Room } from '../room.ts'

/** How a box gets out of full targets. */
export interface Pulled {
  readonly target: number
  /** FAR when there is no way out. */
  readonly pulls: number
  /** Where the player stands then. */
  readonly player: number
  /** Cells walked. */
  readonly work: number
}

/** Fewest pulls that bring the box on `target` to where a box starts, with the other full targets as walls. */
export function pullOut(room: Room, full: Uint8Array, target: number, players: readonly number[]): Pulled {
  const starts = new Uint8Array(room.size)
  for (const box of room.boxes) starts[box] = 1
  let out: Pulled | null = null
  const work = pull(room, full, target, players, (box, player, pulls) => {
    if (!starts[box] || (box !== target && full[box])) return false
    out = { target, pulls, player, work: 0 }
    return true
  })
  return { ...(out ?? { target, pulls: FAR, player: target }), work }
}

/** Where pulls bring the box on `target`, the nearest first, with the other full targets as walls. */
export function pulledPlaces(
  room: Room,
  full: Uint8Array,
  target: number,
  players: readonly number[],
): { readonly cells: readonly number[]; readonly work: number } {
  const cells = new Set<number>()
  const work = pull(room, full, target, players, (box) => {
    if (box !== target) cells.add(box)
    return false
  })
  return { cells: [...cells], work }
}

/** Pulls the box on `target` everywhere, until `found` returns true. @returns cells walked. */
function pull(
  room: Room,
  full: Uint8Array,
  target: number,
  players: readonly number[],
  found: (box: number, player: number, pulls: number) => boolean,
): number {
  const { size, steps, wall } = room
  const blocked = Uint8Array.from(wall, (solid, cell) => solid | full[cell])
  blocked[target] = 0
  const seen = new Uint8Array(4 * size)
  const reach = new Uint8Array(size)
  let work = 0
  const queue = players.map((player) => ({ box: target, player, pulls: 0 }))
  for (const { box, player, pulls } of queue) {
    if (found(box, player, pulls)) return work
    if (player === box || blocked[player]) continue
    reach.fill(0)
    reach[player] = 1
    const line = [player]
    for (const cell of line) {
      for (const step of steps) {
        const to = cell + step
        if (reach[to] || blocked[to] || to === box) continue
        reach[to] = 1
        line.push(to)
      }
    }
    work += line.length
    for (let d = 0; d < 4; d++) {
      const beside = box - steps[d]
      const behind = beside - steps[d]
      if (!reach[beside] || blocked[behind] || seen[4 * beside + d]) continue
      seen[4 * beside + d] = 1
      queue.push({ box: beside, player: behind, pulls: pulls + 1 })
    }
  }
  return work
}

/** Where a player beside a box can be. */
export function besides({ steps, wall }: Room, cell: number): readonly number[] {
  return Array.from(steps, (step) => cell + step).filter((beside) => !wall[beside])
}
