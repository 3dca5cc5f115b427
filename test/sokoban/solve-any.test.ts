import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BOX, type Level, offsets, WALL } from '../../envs/sokoban/levels/level.ts'
import { readLevel } from '../../envs/sokoban/levels/xsb.ts'
import { isSolved, replay } from '../../envs/sokoban/plan.ts'
import { hold } from '../../envs/sokoban/solve/any/attempt.ts'
import { createBoard, walk } from '../../envs/sokoban/solve/any/board.ts'
import { packed, stays } from '../../envs/sokoban/solve/any/features.ts'
import { links } from '../../envs/sokoban/solve/any/links.ts'
import { pushesOf, sidesOf } from '../../envs/sokoban/solve/any/lone.ts'
import { pack, stageOf } from '../../envs/sokoban/solve/any/packing.ts'
import { solveAny } from '../../envs/sokoban/solve/any/search.ts'
import { createInward, lookInward } from '../../envs/sokoban/solve/inward.ts'
import { analyse, FAR } from '../../envs/sokoban/solve/room.ts'
import { find, solve } from '../../envs/sokoban/solve/solve.ts'
import { anyLevel } from './levels.ts'

/** The search by features alone: nothing is looked for by fewest pushes. */
const byFeatures = (level: Level, nodes: number) =>
  solveAny(level, { nodes, work: 500 * nodes, expired: () => false }, () => ({
    status: 'limit',
    plan: new Uint8Array(0),
    pushes: 0,
    nodes: 0,
    work: 0,
  }))

/** Seven boxes, and a room of seven targets behind one door. */
const STORE = readLevel(
  [
    '##################',
    '#-----#----#######',
    '#-$-$-#----###...#',
    '#--$---------#...#',
    '#-$-$------------#',
    '#--$--#--$-#----.#',
    '#-@---#----#######',
    '##################',
  ].join('|'),
)

describe('any solution', () => {
  test('is found where there is one, and can be replayed', () => {
    fc.assert(
      fc.property(anyLevel, (level) => {
        const { status, plan, pushes } = byFeatures(level, 100_000)
        expect(status).toBe('solved')
        const end = replay(level, plan)
        expect(end !== null && isSolved(end)).toBe(true)
        expect(pushes).toBeGreaterThanOrEqual(solve(level, { optimal: 'pushes' }).pushes)
      }),
      { numRuns: 150 },
    )
  })

  test('is found in a level that is too hard for the shortest, the same every time', () => {
    const limits = { nodes: 20_000, work: 20_000_000 }
    expect(solve(STORE, { optimal: 'pushes', ...limits }).status).toBe('limit')
    const once = solve(STORE, { optimal: 'any', ...limits })
    expect(once.status).toBe('solved')
    const end = replay(STORE, once.plan)
    expect(end !== null && isSolved(end)).toBe(true)
    expect(solve(STORE, { optimal: 'any', ...limits })).toEqual(once)
  })

  test('is as short as can be where that is easy', () => {
    const level = readLevel('########|#@-$---#|#--$-..#|########')
    expect(solve(level, { optimal: 'any' }).pushes).toBe(solve(level, { optimal: 'pushes' }).pushes)
  })

  test('is looked for in haste where the shortest takes too long', () => {
    const within = (level: Level, nodes: number, haste: number) =>
      find(level, { optimal: 'pushes', nodes }, { inward: true, haste })
    fc.assert(
      fc.property(anyLevel, (level) => {
        const best = within(level, 10_000, 1)
        const fast = within(level, 10_000, 1000)
        expect(fast.status).toBe('solved')
        expect(isSolved(replay(level, fast.plan)!)).toBe(true)
        expect(fast.pushes).toBeGreaterThanOrEqual(best.pushes)
      }),
      { numRuns: 40 },
    )
    expect(within(STORE, 3000, 1).status).toBe('limit')
    expect(within(STORE, 3000, 1000).status).toBe('solved')
    const asked: number[] = []
    const found = solveAny(
      STORE,
      { nodes: 20_000, work: 20_000_000, expired: () => false },
      (nodes, _, haste) => {
        asked.push(haste)
        return within(STORE, haste > 1 ? nodes : 0, haste)
      },
    )
    expect(asked).toEqual([1, 1000])
    expect(found.status).toBe('solved')
  })

  test('is not claimed to be missing unless that is proven, and its limits hold', () => {
    const lost = readLevel('######|#@-$-#|#-.--#|######')
    expect(byFeatures(lost, 10_000).status).toBe('limit')
    expect(solve(lost, { optimal: 'any' }).status).toBe('unsolvable')
    const { status, work } = solve(STORE, { optimal: 'any', work: 20_000 })
    expect(status).toBe('limit')
    expect(work).toBeLessThan(500_000)
    expect(solve(STORE, { optimal: 'any', expired: () => true }).status).toBe('limit')
  })
})

describe('what it knows of a level', () => {
  const cells = (level: Level) => [...level.cells.keys()]

  test('a lone box needs as many pushes as the shortest solution of the level with that box', () => {
    fc.assert(
      fc.property(anyLevel, fc.nat(), fc.nat(), (level, which, where) => {
        const room = analyse(level)
        const target = room.targets[which % room.targets.length]
        const pushes = pushesOf(room, room.wall, sidesOf(room, room.wall), [target])
        const steps = offsets(level.width)
        const free = cells(level).filter((cell) => !room.wall[cell])
        const box = free[where % free.length]
        for (let d = 0; d < 4; d++) {
          const player = box - steps[d]
          if (room.wall[player]) continue
          const alone = level.cells.map(
            (flags, cell) => (flags & WALL) | (cell === target ? 2 : 0) | (cell === box ? BOX : 0),
          )
          const best = solve({ ...level, cells: alone, player }, { optimal: 'pushes' })
          expect(pushes[4 * box + d]).toBe(best.status === 'solved' ? best.pushes : FAR)
        }
      }),
      { numRuns: 60 },
    )
  })

  test('targets are filled from the far end of a room', () => {
    const room = analyse(readLevel('#########|#@--#####|#-$$$...#|#---#####|#########'))
    const { order, loose } = pack(room, 1_000_000, () => false)!
    expect(loose).toBe(0)
    expect([...order]).toEqual([...room.targets].sort((a, b) => b - a))
    expect(pack(room, 0, () => false)?.loose).toBe(3)
  })

  test('where no box can be pulled out of full targets, one is pulled aside', () => {
    // The lower target is full: nobody walks around the upper box, to pull it to where boxes start.
    const level = readLevel('#########|#@--#---#|#--$--#-#|#-#$#.#-#|#-#--.--#|#---#-###|###---###|#########')
    const room = analyse(level)
    const packing = pack(room, 1_000_000, () => false)!
    const [upper, lower] = room.targets
    expect([packing.loose, packing.waits]).toEqual([0, 1])
    const [waits] = packing.order
    expect([...packing.order]).toEqual([waits, upper, lower])
    expect([...packing.left]).toEqual([-1, -1, waits])
    expect(room.target[waits]).toBe(0)
    // Each place in order is reached by a box from where it comes, and what is filled stays until it is left.
    for (const [full, from] of [room.boxes[0], room.boxes[0], waits].entries()) {
      expect(stageOf(room, packing, full).near[from]).toBeLessThan(FAR)
      expect(stays(packing, waits, full)).toBe(full === 1)
    }
    expect(stays(packing, upper, 2)).toBe(true)
    const occupied = new Uint8Array(room.size)
    const filled: number[] = []
    for (const cell of [waits, upper, lower]) {
      occupied[cell] = 1
      filled.push(packed(packing, occupied))
    }
    occupied[waits] = 0
    filled.push(packed(packing, occupied))
    expect(filled).toEqual([1, 2, 3, 3])
  })

  test.each([
    ['twice', '#########|#-##---##|#-#--#-.#|##@$-#--#|#-$--#.-#|#--$----#|#-#--#.-#|#########', 2],
    ['three times', '########|#----#-#|#-$$#.-#|#--$.--#|##-#.--#|#-@#---#|########', 3],
  ])('where one place to wait is not enough, a box waits %s', (_, rows, times) => {
    const room = analyse(readLevel(rows))
    const packing = pack(room, 1_000_000, () => false)!
    expect([packing.loose, packing.waits]).toEqual([0, times])
    const full = new Set<number>()
    for (const [step, cell] of packing.order.entries()) {
      const left = packing.left[step]
      expect(full.has(left)).toBe(left >= 0)
      full.delete(left)
      // It is brought from there, or from where boxes start, past all that are full.
      const { near } = stageOf(room, packing, step)
      const from = left >= 0 ? [left] : [...room.boxes]
      expect(Math.min(...from.map((start) => near[start]))).toBeLessThan(FAR)
      full.add(cell)
      const occupied = new Uint8Array(room.size)
      for (const box of full) occupied[box] = 1
      expect(packed(packing, occupied)).toBe(step + 1)
    }
    expect([...full].sort((a, b) => a - b)).toEqual([...room.targets])
    // With less to spend there is no order for it, and none that ends half-way.
    expect(pack(room, 0, () => false)!.loose).toBe(room.targets.length)
  })

  test('a corral that boxes can only be pushed into is seen to first', () => {
    const look = (rows: string) => {
      const level = readLevel(rows)
      const room = analyse(level)
      const board = createBoard(room)
      hold(board, room.boxes, 1)
      walk(board, room.player)
      const inward = createInward(room)
      lookInward(inward, room.boxes, board.occupied, board.reach, board.walked)
      return [...inward.list.subarray(0, inward.count)].map((cell) => [
        Math.floor(cell / level.width),
        cell % level.width,
      ])
    }
    // A door, and a box in it; the other box has time.
    expect(look('##########|#@--#----#|#-$-$..--#|#---#----#|##########')).toEqual([[2, 4]])
    // It could as well be pushed along the wall, where that loses nothing.
    expect(look('##########|#.@-#----#|#-$$-.---#|#---#----#|##########')).toEqual([])
    expect(look('##########|#-@-#----#|#-$$-..--#|#---#----#|##########')).toEqual([
      [2, 3],
      [2, 2],
    ])
    // Where the box is at home nothing need be done.
    expect(look('##########|#@--#----#|#-$-*.---#|#---#----#|##########')).toEqual([])
  })

  test('a passage between rooms is a narrow place, a niche is not', () => {
    const room = analyse(
      readLevel('##########|#@---#---#|#--------#|#---#----#|###-##$###|####.#####|##########'),
    )
    const { link, count } = links(room)
    expect(count).toBe(0)
    const hall = analyse(readLevel('#########|#@-###--#|#----$-.#|#--###--#|#########'))
    expect(links(hall).count).toBe(1)
    expect([...links(hall).link.keys()].filter((cell) => links(hall).link[cell])).toEqual([21, 22, 23])
    expect(link.every((number) => number === 0)).toBe(true)
  })
})
