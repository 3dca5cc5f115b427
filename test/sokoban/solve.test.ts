import fc from 'fast-check'
import { expect, test } from 'vitest'
import { deadlocked } from '../../envs/sokoban/insight.ts'
import { BOX, type Level, offsets, TARGET, WALL } from '../../envs/sokoban/levels/level.ts'
import { readLevel } from '../../envs/sokoban/levels/xsb.ts'
import { isSolved, lurd, replay } from '../../envs/sokoban/plan.ts'
import { solve } from '../../envs/sokoban/solve/solve.ts'
import { anyLevel, turned } from './levels.ts'

/** Fewest moves and fewest pushes by exhaustive search over single steps; null without a solution. */
function exhaustive(level: Level, cost: 'moves' | 'pushes'): number | null {
  const steps = offsets(level.width)
  const key = (cells: Uint8Array, player: number) => `${player},${cells.join('')}`
  const best = new Map([[key(level.cells, level.player), 0]])
  const buckets: Level[][] = [[level]]
  for (let total = 0; total < buckets.length; total++) {
    for (let i = 0; i < (buckets[total]?.length ?? 0); i++) {
      const at = buckets[total][i]
      if (best.get(key(at.cells, at.player)) !== total) continue
      if (isSolved(at)) return total
      for (const step of steps) {
        const to = at.player + step
        let cells = at.cells
        let price = cost === 'moves' ? 1 : 0
        if (cells[to] & WALL) continue
        if (cells[to] & BOX) {
          if (cells[to + step] & (WALL | BOX)) continue
          cells = cells.slice()
          cells[to] &= ~BOX
          cells[to + step] |= BOX
          price = 1
        }
        const next = key(cells, to)
        if ((best.get(next) ?? Number.POSITIVE_INFINITY) <= total + price) continue
        best.set(next, total + price)
        buckets[total + price] ??= []
        buckets[total + price].push({ ...at, cells, player: to })
      }
    }
  }
  return null
}

const small = anyLevel.filter((level) => level.cells.filter((flags) => !(flags & WALL)).length <= 22)

test('solutions are as short as exhaustive search says, and can be replayed', () => {
  fc.assert(
    fc.property(small, (level) => {
      for (const optimal of ['moves', 'pushes'] as const) {
        const { status, plan, pushes } = solve(level, { optimal })
        expect(status).toBe('solved')
        expect(optimal === 'moves' ? plan.length : pushes).toBe(exhaustive(level, optimal))
        const end = replay(level, plan)
        expect(end !== null && isSolved(end)).toBe(true)
        expect(lurd(level, plan).replace(/[^LURD]/g, '').length).toBe(pushes)
      }
    }),
    { numRuns: 25 },
  )
})

test('whether any placement of boxes can be solved is judged as by exhaustive search', () => {
  const boxes = fc.array(fc.nat(), { minLength: 3, maxLength: 3 })
  fc.assert(
    fc.property(small, boxes, (level, places) => {
      const cells = level.cells.map((flags) => flags & ~BOX)
      const floor = [...cells.keys()].filter((cell) => !(cells[cell] & WALL) && cell !== level.player)
      const count = level.cells.filter((flags) => flags & BOX).length
      for (const place of places.slice(0, count)) cells[floor.splice(place % floor.length, 1)[0]] |= BOX
      const scrambled = { ...level, cells }
      const moves = exhaustive(scrambled, 'moves')
      const solution = solve(scrambled, { optimal: 'moves' })
      expect(solution.status).toBe(moves === null ? 'unsolvable' : 'solved')
      if (moves !== null) expect(solution.plan.length).toBe(moves)
    }),
    { numRuns: 60 },
  )
})

test('a level and its mirror images are equally long', () => {
  fc.assert(
    fc.property(anyLevel, fc.integer({ min: 1, max: 7 }), (level, symmetry) => {
      const there = solve(level, { optimal: 'pushes' })
      expect(solve(turned(level, symmetry), { optimal: 'pushes' }).pushes).toBe(there.pushes)
    }),
    { numRuns: 40 },
  )
})

test('work is bounded by count, and a longest solution cuts the search short', () => {
  const row = (symbols: string) => `#${symbols}#`
  const many = readLevel(
    [
      '#'.repeat(42),
      row(`@${'-'.repeat(39)}`),
      ...Array.from({ length: 12 }, () => `${row(`--${'$-'.repeat(19)}`)}|${row('-'.repeat(40))}`),
      ...Array.from({ length: 12 }, () => row('.'.repeat(19) + '-'.repeat(21))),
      '#'.repeat(42),
    ].join('|'),
  )
  const { status, work } = solve(many, { optimal: 'moves', work: 5_000_000 })
  expect(status).toBe('limit')
  expect(work).toBeLessThan(20_000_000)
  fc.assert(
    fc.property(anyLevel, fc.integer({ min: 0, max: 2 }), (level, less) => {
      const { pushes } = solve(level, { optimal: 'pushes' })
      const cut = solve(level, { optimal: 'pushes', longest: pushes - less })
      expect(cut.status).toBe(less === 0 ? 'solved' : 'limit')
      expect(cut.pushes).toBe(less === 0 ? pushes : 0)
    }),
    { numRuns: 40 },
  )
})

test('frozen groups are told whatever they are made of, at once however many boxes', () => {
  expect(deadlocked(readLevel('########|#@-----#|#-$$--.#|#-$---.#|#-----.#|########'))).toBe(false)
  expect(deadlocked(readLevel('########|#@-----#|#-$$--.#|#-$$--.#|#-----.#|#-----.#|########'))).toBe(true)
  expect(deadlocked(readLevel('########|#@-----#|#-$$-..#|#--$$..#|#------#|########'))).toBe(false)
})

test('any solution will do: it is found where there is one, and can be replayed', () => {
  const boxes = fc.array(fc.nat(), { minLength: 3, maxLength: 3 })
  fc.assert(
    fc.property(small, boxes, (level, places) => {
      const cells = level.cells.map((flags) => flags & ~BOX)
      const floor = [...cells.keys()].filter((cell) => !(cells[cell] & WALL) && cell !== level.player)
      const count = level.cells.filter((flags) => flags & BOX).length
      for (const place of places.slice(0, count)) cells[floor.splice(place % floor.length, 1)[0]] |= BOX
      for (const one of [level, { ...level, cells }]) {
        const best = solve(one, { optimal: 'pushes' })
        const any = solve(one, { optimal: 'any' })
        expect(any.status).toBe(best.status)
        // So few positions are all looked at, but for those that corrals make needless.
        expect(any.pushes).toBe(best.pushes)
        const end = replay(one, any.plan)
        expect(end !== null && isSolved(end)).toBe(any.status === 'solved')
      }
    }),
    { numRuns: 60 },
  )
})

test('a limit is told apart from having no solution', () => {
  const hard = readLevel('#########|#@------#|#-$-$-$-#|#-------#|#-$-$-$-#|#---...-#|#---...-#|#########')
  expect(solve(hard, { optimal: 'moves', nodes: 600 }).status).toBe('limit')
  expect(solve(hard, { optimal: 'moves', expired: () => true }).status).toBe('limit')
  const corner = readLevel('######|#@-$-#|#-.--#|######')
  expect(solve(corner, { optimal: 'moves' }).status).toBe('unsolvable')
})

test('what stopped a search is told: nodes, work, length, or the clock', () => {
  const hard = readLevel('#########|#@------#|#-$-$-$-#|#-------#|#-$-$-$-#|#---...-#|#---...-#|#########')
  const stopped = (options: object) => solve(hard, { optimal: 'moves', ...options }).limit
  expect(stopped({ nodes: 600 })).toBe('nodes')
  expect(stopped({ work: 10_000 })).toBe('work')
  expect(stopped({ longest: 3 })).toBe('length')
  expect(stopped({ expired: () => true })).toBe('time')
  expect(stopped({ optimal: 'any', nodes: 50, work: 100_000_000 })).toBe('nodes')
  expect(stopped({ optimal: 'any', work: 10_000 })).toBe('work')
  expect(solve(hard, { optimal: 'moves' }).limit).toBe(undefined)
})

/** Boxes and targets on every second cell of a hall: one assignment of them all takes long. */
function crowd(side: number): string {
  const rows = Array.from({ length: side }, (_, row) =>
    Array.from({ length: side }, (_, column) => {
      if (row % (side - 1) === 0 || column % (side - 1) === 0) return '#'
      if (row === 1 && column === 1) return '@'
      if (Math.max(row, column) > side - 3) return '-'
      if (row % 2 === 0 && column % 2 === 0) return '$'
      return row % 2 === 1 && column % 2 === 1 ? '.' : '-'
    }),
  )
  const flat = rows.flat()
  const surplus =
    flat.filter((symbol) => symbol === '.').length - flat.filter((symbol) => symbol === '$').length
  // As many of one as of the other.
  for (let left = surplus; left > 0; left--) flat[flat.indexOf('.')] = '-'
  for (let left = surplus; left < 0; left++) flat[flat.indexOf('$')] = '-'
  return Array.from({ length: side }, (_, row) => flat.slice(row * side, (row + 1) * side).join('')).join('|')
}

test.each(['pushes', 'moves', 'any'] as const)(
  'a search for %s looks at the clock whatever it does',
  (optimal) => {
    const level = readLevel(crowd(44))
    expect(level.cells.filter((flags) => flags & BOX).length).toBeGreaterThan(350)
    for (const looks of [1, 2, 20, 60, 150]) {
      let asked = 0
      const { limit, work } = solve(level, { optimal, nodes: 6_000_000, expired: () => ++asked >= looks })
      expect([limit, asked]).toEqual(['time', looks])
      expect(work).toBeLessThan(400_000 * (looks + 1))
    }
  },
)

test('a box that is lost where it stands needs no assignment of the others', () => {
  const rows = crowd(44).split('|')
  // Another box instead of one of them, on the top edge, where no target is.
  rows[2] = rows[2].replace('$', '-')
  rows[1] = `${rows[1].slice(0, 20)}$${rows[1].slice(21)}`
  const { status, work } = solve(readLevel(rows.join('|')), { optimal: 'any' })
  expect(status).toBe('unsolvable')
  expect(work).toBeLessThan(1_000_000)
})

test('boxes out of reach count as they stand', () => {
  expect(solve(readLevel('#########|#@$.#*###|#########'), { optimal: 'moves' }).plan.length).toBe(1)
  expect(solve(readLevel('##########|#@$.##$.##|##########'), { optimal: 'moves' }).status).toBe('unsolvable')
})

test('frozen boxes on targets are no deadlock by themselves', () => {
  const level = readLevel('######|#**--#|#-$.@#|#----#|######')
  expect(level.cells.filter((flags) => flags & TARGET).length).toBe(3)
  expect(solve(level, { optimal: 'pushes' }).status).toBe('solved')
})
