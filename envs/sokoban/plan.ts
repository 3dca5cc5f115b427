import { UserError } from '#core/base/errors'
import { append } from '#core/base/lists'
import { BOX, DIRECTIONS, type Level, offsets, TARGET, WALL } from './levels/level.ts'
import { unroll } from './levels/unroll.ts'

/** The moves of a solution: its pushes, each the cell of its box * 4 + direction, with shortest walks between them. */
export function planOf(level: Level, pushes: readonly number[]): Uint8Array {
  const cells = level.cells.slice()
  const steps = offsets(level.width)
  const moves: number[] = []
  let player = level.player
  for (const push of pushes) {
    const from = push >> 2
    const d = push & 3
    append(moves, path(cells, steps, player, from - steps[d]))
    moves.push(d)
    cells[from] &= ~BOX
    cells[from + steps[d]] |= BOX
    player = from
  }
  return Uint8Array.from(moves)
}

/** Directions of a shortest walk around walls and boxes. */
function path(cells: Uint8Array, steps: Int32Array, from: number, to: number): number[] {
  if (from === to) return []
  const came = new Int8Array(cells.length).fill(-1)
  const queue = [to]
  came[to] = 4
  for (let head = 0; came[from] < 0; head++) {
    const cell = queue[head]
    for (let d = 0; d < 4; d++) {
      const before = cell - steps[d]
      if (came[before] >= 0 || cells[before] & (WALL | BOX)) continue
      came[before] = d
      queue.push(before)
    }
  }
  const walk: number[] = []
  for (let cell = from; cell !== to; cell += steps[came[cell]]) walk.push(came[cell])
  return walk
}

/** LURD: one letter per move, upper case for a push. */
export function lurd(level: Level, plan: ArrayLike<number>): string {
  const cells = level.cells.slice()
  const steps = offsets(level.width)
  let player = level.player
  let text = ''
  for (let i = 0; i < plan.length; i++) {
    const to = player + steps[plan[i]]
    const letter = DIRECTIONS[plan[i]][0]
    if (cells[to] & BOX) {
      cells[to] &= ~BOX
      cells[to + steps[plan[i]]] |= BOX
      text += letter
    } else {
      text += letter.toLowerCase()
    }
    player = to
  }
  return text
}

/** Most moves that a LURD text may stand for. */
const LONGEST = 100_000

/**
 * The directions of LURD letters, of either case; `4R` and `2(rU)` count. Null for any other text.
 * @throws UserError for more than 100,000 moves.
 */
export function readLurd(text: string): number[] | null {
  const encoded = text.replace(/\s/g, '')
  if (!/^[lurd\d()]*[lurd)]$/i.test(encoded)) return null
  const unrolled = unroll(encoded, LONGEST)
  if (unrolled === 'brackets') return null
  if (unrolled === 'long') throw new UserError(`LURD of more than ${LONGEST} moves`)
  const letters = unrolled.text
  if (letters === '') return null
  return Array.from(letters.toUpperCase(), (letter) => DIRECTIONS.findIndex((name) => name[0] === letter))
}

/** Where a plan leads when every move of it can be played; null otherwise. */
export function replay(level: Level, plan: ArrayLike<number>): Level | null {
  const cells = level.cells.slice()
  const steps = offsets(level.width)
  let player = level.player
  for (let i = 0; i < plan.length; i++) {
    const to = player + steps[plan[i]]
    if (cells[to] & WALL) return null
    if (cells[to] & BOX) {
      const beyond = to + steps[plan[i]]
      if (cells[beyond] & (WALL | BOX)) return null
      cells[to] &= ~BOX
      cells[beyond] |= BOX
    }
    player = to
  }
  return { ...level, cells, player }
}

/** Whether every box stands on a target. */
export function isSolved(level: Level): boolean {
  return level.cells.every((flags) => (flags & (BOX | TARGET)) !== BOX)
}
