import type { Room } from './room.ts'

/**
 * Whether boxes that touch the one just pushed to `cell` are frozen for good while one of them is off target.
 * `occupied` is not 0 at boxes. A box is frozen if it can move along neither axis: by wall, by dead cells on both
 * sides, or by another frozen box; so all that touch are held to be frozen, and let go one by one.
 */
export function frozen(room: Room, occupied: Uint8Array, cell: number): boolean {
  const { width } = room
  if (open(room, occupied, cell, width) || open(room, occupied, cell, 1)) return false
  const count = gather(room, occupied, cell)
  return release(room, count)
}

/** Whether a box can be pushed along one axis whatever boxes beside it do. */
function open({ wall, dead }: Room, occupied: Uint8Array, cell: number, step: number): boolean {
  const a = cell - step
  const b = cell + step
  return !wall[a] && !wall[b] && !occupied[a] && !occupied[b] && !(dead[a] && dead[b])
}

/** Lists the boxes that touch, from `cell` on, in `room.group`, and holds them. @returns how many. */
function gather({ steps, group, held }: Room, occupied: Uint8Array, cell: number): number {
  let count = 0
  group[count++] = cell
  held[cell] = 1
  for (let i = 0; i < count; i++) {
    for (let d = 0; d < 4; d++) {
      const next = group[i] + steps[d]
      if (held[next] || !occupied[next]) continue
      held[next] = 1
      group[count++] = next
    }
  }
  return count
}

/** Lets go of every box of the group that can move, and so on. @returns whether one off target stays. */
function release(room: Room, count: number): boolean {
  const { steps, group, held, target, queue } = room
  // A freed box may free those beside it: they are looked at again.
  let tail = 0
  for (let i = 0; i < count; i++) queue[tail++] = group[i]
  while (tail > 0) {
    const cell = queue[--tail]
    if (!held[cell] || (!open(room, held, cell, room.width) && !open(room, held, cell, 1))) continue
    held[cell] = 0
    for (let d = 0; d < 4; d++) if (held[cell + steps[d]]) queue[tail++] = cell + steps[d]
  }
  let lost = false
  for (let i = 0; i < count; i++) {
    if (held[group[i]] && !target[group[i]]) lost = true
    held[group[i]] = 0
  }
  return lost
}
