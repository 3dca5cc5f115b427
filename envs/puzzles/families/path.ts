import { MOVES } from '../config.ts'
import { between, type Family, moved, named, type Place, refuse } from './family.ts'
import { at, isGrid, placesOf, put, room } from './grid.ts'

/** Size of the square, most inner walls, fewest and most moves, by grade. */
const GRADED = [
  { size: 5, walls: 3, least: 1, most: 3 },
  { size: 7, walls: 8, least: 2, most: 6 },
  { size: 7, walls: 12, least: 6, most: 16 },
] as const

/** A way through a small maze, as moves. */
export const path: Family = {
  rules: 'A board without a question is a maze: @ is you, # wall, - floor; walk to the dot with your moves.',
  claim: /^(?:Up|Down|Left|Right) r\d c\d$/,

  draw(grade, random) {
    const { size, walls, least, most } = GRADED[grade - 1]
    const inner = (): Place => ({ row: between(random, 1, size - 2), column: between(random, 1, size - 2) })
    for (;;) {
      let rows = room(size)
      for (let left = between(random, Math.floor(walls / 2), walls); left > 0; left--)
        rows = put(rows, inner(), '#')
      const [walker, goal] = [inner(), inner()]
      rows = put(put(rows, goal, '.'), walker, '@')
      const moves = shortest(rows)
      if (moves !== null && moves.length >= least && moves.length <= most) return rows
    }
  },

  work(lines) {
    const [walkers, goals] = ['@', '.'].map((symbol) => placesOf(lines, symbol))
    const answer =
      isGrid(lines, '#-.@') && walkers.length === 1 && goals.length === 1 ? shortest(lines) : null
    if (answer === null) refuse('path', lines, 'a board of # - with one @, one . and a way between them')
    return { answer, choices: MOVES, steps: legs(lines, answer) }
  },
}

/** The straight parts of a walk: each direction, and the place where it ends. Moves into walls stay. */
export function legs(rows: readonly string[], moves: readonly string[]): string[] {
  const found: string[] = []
  let place = placesOf(rows, '@')[0]
  for (const [i, move] of moves.entries()) {
    const next = moved(place, move)
    if (at(rows, next) !== '#') place = next
    if (moves[i + 1] !== move) found.push(`${move} ${named(place)}`)
  }
  return found
}

/** Fewest moves from @ to the dot, the first of equals in the order of directions; null where there is no way. */
function shortest(rows: readonly string[]): string[] | null {
  const [goal] = placesOf(rows, '.')
  const [start] = placesOf(rows, '@')
  if (goal === undefined || start === undefined) return null
  const columns = rows[0].length
  const cell = ({ row, column }: Place): number => row * columns + column
  const toGo: number[] = new Array(rows.length * columns).fill(-1)
  toGo[cell(goal)] = 0
  const queue = [goal]
  for (const place of queue) {
    for (const move of MOVES) {
      const next = moved(place, move)
      if (at(rows, next) === '#' || toGo[cell(next)] >= 0) continue
      toGo[cell(next)] = toGo[cell(place)] + 1
      queue.push(next)
    }
  }
  if (toGo[cell(start)] < 0) return null
  const moves: string[] = []
  for (let place = start; toGo[cell(place)] > 0; ) {
    const move = MOVES.find((one) => {
      const next = moved(place, one)
      return at(rows, next) !== '#' && toGo[cell(next)] === toGo[cell(place)] - 1
    })!
    moves.push(move)
    place = moved(place, move)
  }
  return moves
}
