import { FAR, type Room } from '../room.ts'

/**
 * Which sides of a box the player can walk between, with nothing else in the way than `blocked`: `side[4 * cell + d]` is
 * the least direction of pushing that he has from the same region as d, 4 where he cannot stand to push in d.
 */
export function sidesOf({ size, steps }: Room, blocked: Uint8Array): Uint8Array {
  const side = new Uint8Array(4 * size).fill(4)
  const reach = new Int32Array(size)
  const line = new Int32Array(size)
  let walks = 0
  for (let cell = 0; cell < size; cell++) {
    if (blocked[cell]) continue
    for (let d = 0; d < 4; d++) {
      const start = cell - steps[d]
      if (blocked[start] || side[4 * cell + d] < 4) continue
      side[4 * cell + d] = d
      let missing = 0
      for (let e = d + 1; e < 4; e++) if (!blocked[cell - steps[e]] && side[4 * cell + e] === 4) missing++
      const walked = ++walks
      let head = 0
      let tail = 0
      line[tail++] = start
      reach[start] = reach[cell] = walked
      while (head < tail && missing > 0) {
        const at = line[head++]
        for (let e = 0; e < 4; e++) {
          const to = at + steps[e]
          if (blocked[to] || reach[to] === walked) continue
          reach[to] = walked
          line[tail++] = to
          for (let f = d + 1; f < 4; f++) {
            if (to !== cell - steps[f]) continue
            side[4 * cell + f] = d
            missing--
          }
        }
      }
    }
  }
  return side
}

/**
 * Pushes that bring a lone box to the nearest of `targets`, found by pulling it away from them.
 * @param side - of `sidesOf` for the same `blocked`.
 * @returns by `4 * cell + d`, when the player stands where he pushes in direction d; FAR where nothing brings it there.
 */
export function pushesOf(
  { size, steps }: Room,
  blocked: Uint8Array,
  side: Uint8Array,
  targets: ArrayLike<number>,
): Uint16Array {
  const pushes = new Uint16Array(4 * size).fill(FAR)
  const queue = new Int32Array(4 * size)
  let head = 0
  let tail = 0
  const enter = (cell: number, region: number, count: number): void => {
    if (region > 3 || pushes[4 * cell + region] !== FAR) return
    for (let d = 0; d < 4; d++) if (side[4 * cell + d] === region) pushes[4 * cell + d] = count
    queue[tail++] = 4 * cell + region
  }
  for (let i = 0; i < targets.length; i++) {
    for (let d = 0; d < 4; d++) enter(targets[i], side[4 * targets[i] + d], 0)
  }
  while (head < tail) {
    const entry = queue[head++]
    const cell = entry >> 2
    for (let d = 0; d < 4; d++) {
      // Where the player stands after he has pushed the box here, the box was before.
      if (side[4 * cell + d] !== (entry & 3)) continue
      const from = cell - steps[d]
      if (!blocked[from - steps[d]]) enter(from, side[4 * from + d], pushes[entry] + 1)
    }
  }
  return pushes
}
