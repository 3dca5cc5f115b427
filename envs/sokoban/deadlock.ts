import type { Room } from './room.ts'

/**
 * Whether the box just pushed to `cell` is frozen for good, alone or with its neighbours, while one of the
 * frozen boxes is off target. `occupied` is 1 at boxes; it is used as scratch and restored.
 */
export function frozen(room: Room, occupied: Uint8Array, cell: number): boolean {
  return stuck(room, occupied, cell) && offTarget(room, occupied, cell)
}

/** A box cannot move if it is blocked both ways: by wall, by dead cells on both sides, or by a box that is stuck itself. */
function stuck(room: Room, occupied: Uint8Array, cell: number): boolean {
  return blocked(room, occupied, cell, room.width) && blocked(room, occupied, cell, 1)
}

/** Whether it cannot move along one axis. */
function blocked(room: Room, occupied: Uint8Array, cell: number, step: number): boolean {
  const { wall, dead } = room
  const a = cell - step
  const b = cell + step
  if (wall[a] || wall[b]) return true
  if (dead[a] && dead[b]) return true
  // While a neighbour is asked, this box counts as wall: two boxes may hold each other.
  const other = step === 1 ? room.width : 1
  wall[cell] = 1
  const held =
    (occupied[a] !== 0 && blocked(room, occupied, a, other)) ||
    (occupied[b] !== 0 && blocked(room, occupied, b, other))
  wall[cell] = 0
  return held
}

/** Whether the frozen group around `cell` has a box off target. */
function offTarget(room: Room, occupied: Uint8Array, cell: number): boolean {
  if (!room.target[cell]) return true
  const { steps } = room
  // A stuck box on a target: its stuck neighbours belong to the group.
  occupied[cell] = 0
  room.wall[cell] = 1
  let found = false
  for (let d = 0; d < 4 && !found; d++) {
    const next = cell + steps[d]
    if (occupied[next] && stuck(room, occupied, next)) found = offTarget(room, occupied, next)
  }
  room.wall[cell] = 0
  occupied[cell] = 1
  return found
}
