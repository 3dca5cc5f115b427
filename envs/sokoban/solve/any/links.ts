import type { Room } from '../room.ts'

/**
 * Narrow places between the open areas of a level, numbered from 1; 0 elsewhere. Open is what lies in a square of
 * four free cells; a narrow place has two openings or more.
 * @returns the number at each cell, and how many there are.
 */
export function links({ size, width, steps, wall }: Room): {
  readonly link: Uint16Array
  readonly count: number
} {
  const open = new Uint8Array(size)
  for (let cell = 0; cell + width + 1 < size; cell++) {
    if (wall[cell] || wall[cell + 1] || wall[cell + width] || wall[cell + width + 1]) continue
    open[cell] = open[cell + 1] = open[cell + width] = open[cell + width + 1] = 1
  }
  const link = new Uint16Array(size)
  const seen = Uint8Array.from(open)
  let count = 0
  for (let start = 0; start < size; start++) {
    if (wall[start] || seen[start]) continue
    const place = [start]
    seen[start] = 1
    let openings = 0
    for (const cell of place) {
      for (const step of steps) {
        const to = cell + step
        if (wall[to]) continue
        if (open[to]) openings++
        if (seen[to]) continue
        seen[to] = 1
        place.push(to)
      }
    }
    if (openings < 2) continue
    count++
    for (const cell of place) link[cell] = count
  }
  return { link, count }
}
