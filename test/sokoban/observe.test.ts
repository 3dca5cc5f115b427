import fc from 'fast-check'
import { expect, test } from 'vitest'
import { rasterize } from '#core/draw/rasterize'
import { resolveConfig } from '#core/env/config'
import { createBatch, stepBatch } from '../../envs/sokoban/batch.ts'
import { Config } from '../../envs/sokoban/config.ts'
import { sokoban } from '../../envs/sokoban/index.ts'
import { levelOf, type Sokoban } from '../../envs/sokoban/state.ts'

const start = (input: Record<string, unknown>, seed = '1'): Sokoban =>
  sokoban.reset(Config.parse(resolveConfig(sokoban, input)), seed)

const BOARD = '#######|#-$-.-#|#-*-$+#|#######'

test("style ragen writes RAGEN's symbols apart, and its prompt tells them", () => {
  const state = start({ level: '######|#+$--#|#-*--#|######', style: 'ragen' })
  expect(sokoban.text(state, 0)).toBe('# # # # # #\n# S X _ _ #\n# _ √ _ _ #\n# # # # # #')
  expect(sokoban.text(start({ level: '#####|#@$.#|#####', style: 'ragen' }), 0)).toContain('# P X O #')
  expect(sokoban.prompt(state.config).text).toContain('S you on a target')
})

test('texts name every cell', () => {
  expect(sokoban.text(start({ level: BOARD }), 0)).toBe('#######\n#-$-.-#\n#-*-$+#\n#######')
  expect(sokoban.text(start({ level: '######|#@$.-#|#-*--#|######', style: 'verbose' }), 0)).toBe(
    [
      'wall wall wall wall wall wall',
      'wall player box target floor wall',
      'wall floor box-on-target floor floor wall',
      'wall wall wall wall wall wall',
      'player r2 c2',
      'box r2 c3',
      'box-on-target r3 c3',
      'target r2 c4',
    ].join('\n'),
  )
})

test.each([
  { sprites: 'bricks' },
  { sprites: 'signs' },
  ...[1, 2, 3, 4].map((spriteSeed) => ({ sprites: 'drawn', spriteSeed })),
])('the pixels of a cell depend on that cell alone, and every kind looks different, in %o', (config) => {
  const seen = new Map<string, string>()
  fc.assert(
    fc.property(
      fc.string({ maxLength: 5 }),
      fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 30 }),
      (seed, moves) => {
        const state = start({ preset: 'small-v1', ...config }, seed)
        for (const move of moves) sokoban.step(state, [move])
        for (const [symbol, cell] of cellsOf(state)) {
          const pixels = cell.join()
          expect(seen.get(symbol) ?? pixels).toBe(pixels)
          seen.set(symbol, pixels)
        }
      },
    ),
    { numRuns: 12 },
  )
  expect(new Set(seen.values()).size).toBe(seen.size)
  expect(seen.size).toBeGreaterThanOrEqual(6)
})

test('around a board that is not square is a colour of nothing on it, which the prompt tells', () => {
  // All that is drawn: floor, walls, targets, boxes on and off them, the player on one.
  const level = '#########|#+*-$-.-#|#-$-----#|#########'
  const own = (config: object) => {
    const state = start({ level, ...config })
    const { width, height } = sokoban.frame(state.config)
    const { data } = rasterize(sokoban.scene(state, 0), width, height)
    return { width, height, at: (i: number) => data.subarray(3 * i, 3 * i + 3).join() }
  }
  const board = own({ tile: 64 })
  const drawn = new Set(Array.from({ length: board.width * board.height }, (_, i) => board.at(i)))
  const framed = own({ frame: 144 })
  expect(Array.from({ length: 144 }, (_, row) => drawn.has(framed.at(144 * row + 70)))).toEqual(
    Array.from({ length: 144 }, (_, row) => row >= 40 && row < 104),
  )
  const told = (config: object) => sokoban.prompt(start({ level, ...config }).config).frame
  expect(told({ frame: 144 })).toContain('grey')
  expect(told({})).not.toContain('grey')
  expect(told({})).toContain('On a target you')
})

test('signs are another picture and another prompt of the same level, and a config without sprites says nothing of them', () => {
  const level = '#########|#+*-$-.-#|#-$-----#|#########'
  const [plain, bricks, signs] = [{}, { sprites: 'bricks' }, { sprites: 'signs' }].map((config) => {
    const state = start({ level, ...config })
    const { width, height } = sokoban.frame(state.config)
    const frame = rasterize(sokoban.scene(state, 0), width, height)
    const pixels = Array.from({ length: width * height }, (_, i) =>
      frame.data.subarray(3 * i, 3 * i + 3).join(),
    )
    return { state, pixels, text: sokoban.text(state, 0), told: sokoban.prompt(state.config).frame }
  })
  expect(plain.state.config).not.toHaveProperty('sprites')
  expect([bricks.pixels, bricks.told]).toEqual([plain.pixels, plain.told])
  const known = new Set(plain.pixels)
  expect(signs.pixels.filter((pixel) => known.has(pixel))).toEqual([])
  expect(signs.text).toBe(plain.text)
  expect(signs.told).toContain('violet')
  // People see what the agent does, without the figure of the usual sprites.
  expect(sokoban.stage?.(signs.state, 0, [3])).toEqual(sokoban.scene(signs.state, 0))
})

test("drawn sprites are drawn from the level's seed, stay through saving, and leave level and text as they are", () => {
  const frameOf = (state: ReturnType<typeof start>) => {
    const { width, height } = sokoban.frame(state.config)
    return Buffer.from(rasterize(sokoban.scene(state, 0), width, height).data).toString('hex')
  }
  const seeds = ['a', 'b', 'c']
  const states = seeds.map((seed) => start({ preset: 'tiny-2', sprites: 'drawn' }, seed))
  const numbers = states.map(({ config }) => config.spriteSeed)
  expect(new Set(numbers).size).toBe(3)
  for (const [i, state] of states.entries()) {
    expect(sokoban.text(state, 0)).toBe(sokoban.text(start({ preset: 'tiny-2' }, seeds[i]), 0))
    expect(frameOf(start(state.config, 'another'))).toBe(frameOf(state))
    sokoban.step(state, [1])
    expect(frameOf(sokoban.load(sokoban.save(state)))).toBe(frameOf(state))
  }
  const one = start({ level: '#######|#@-$-.#|#######' })
  const pictures = numbers.map((spriteSeed) =>
    frameOf(start({ ...one.config, sprites: 'drawn', spriteSeed })),
  )
  expect(new Set([frameOf(one), ...pictures]).size).toBe(4)
  expect(() => start({ sprites: 'drawn', spriteSeed: -1 })).toThrow(/spriteSeed/)
})

test('of a thousand drawn sprites each kind of cell is told from every other, and the prompt tells their names', () => {
  const level = '#########|#.+*-$-.#|#---$-$-#|#########'
  for (let spriteSeed = 0; spriteSeed < 1000; spriteSeed++) {
    const state = start({ level, sprites: 'drawn', spriteSeed })
    const kinds = new Map<string, Uint8Array>()
    for (let turn = 0; turn < 2; turn++, sokoban.step(state, [1])) {
      for (const [symbol, cell] of cellsOf(state)) kinds.set(symbol, cell)
    }
    expect([...kinds.keys()].sort()).toEqual([...'#$*+-.@'])
    const cells = [...kinds.values()]
    for (const [i, a] of cells.entries()) {
      for (const b of cells.slice(0, i)) {
        const apart = a.reduce((sum, byte, at) => sum + Math.abs(byte - b[at]), 0)
        // Of the 12 of 256 pixels and more that differ, each by a tenth of its range in every channel.
        expect(apart, `sprites ${spriteSeed}`).toBeGreaterThan(12 * 3 * 25)
      }
    }
    expect(sokoban.prompt(state.config).frame).toMatch(
      /^You are the \w+ \w+\. Boxes are \w+ \w+, a target is an? \w+/,
    )
  }
})

/** The pixels of each cell, with its symbol. */
function* cellsOf(state: ReturnType<typeof start>): Generator<[symbol: string, pixels: Uint8Array]> {
  const { width, height } = sokoban.frame(state.config)
  const { data } = rasterize(sokoban.scene(state, 0), width, height)
  for (const [row, line] of sokoban.text(state, 0).split('\n').entries()) {
    for (const [column, symbol] of [...line].entries()) {
      const pixels = new Uint8Array(16 * 48)
      for (let y = 0; y < 16; y++) {
        const from = 3 * ((16 * row + y) * width + 16 * column)
        pixels.set(data.subarray(from, from + 48), 48 * y)
      }
      yield [symbol, pixels]
    }
  }
}

test('a box keeps its item while it moves', () => {
  const state = start({ level: '#######|#@-$-.#|#-$-.-#|#-----#|#######' })
  const where = () =>
    Object.fromEntries(sokoban.scene(state, 0).items.map(({ id, x, y }) => [id, [x / 16, y / 16]]))
  expect(where()).toMatchObject({ box0: [3, 1], box1: [2, 2], player: [1, 1] })
  for (const action of [3, 3]) sokoban.step(state, [action])
  expect(where()).toMatchObject({ box0: [4, 1], box1: [2, 2], player: [3, 1] })
})

test('a thought names the first push of the plan, and only that is true', () => {
  const state = start({ level: '#######|#@-$-.#|#-----#|#######' })
  expect(sokoban.think?.(state, 0, [1, 0, 3, 3])).toBe('push Right r2 c4')
  expect(sokoban.think?.(state, 0, [1])).toBe('no push')
  const truth = (thought: string, plan: number[]) => sokoban.truthful?.(state, 0, thought, plan)
  expect(truth('push Right r2 c4', [3, 3])).toBe(true)
  expect(truth('push Right r2 c3', [3, 3])).toBe(false)
  expect(truth('push Left r2 c4', [3, 3])).toBe(false)
  expect(truth('no push', [3, 3])).toBe(false)
  expect(truth('no push', [3])).toBe(true)
  expect(truth('I push Right r2 c4 now', [3, 3])).toBe(true)
  expect(truth('what a nice box', [3, 3])).toBe(null)
})

test('the tiny picture has the colours of gym-sokoban', () => {
  const state = start({ level: BOARD })
  const out = new Uint8Array(4 * 7 * 3)
  sokoban.tensors?.rgb.write(state, 0, out, 0)
  const at = (row: number, column: number) =>
    Array.from(out.subarray(3 * (row * 7 + column), 3 * (row * 7 + column) + 3))
  expect(at(0, 0)).toEqual([0, 0, 0])
  expect(at(1, 1)).toEqual([243, 248, 238])
  expect(at(1, 2)).toEqual([142, 121, 56])
  expect(at(1, 4)).toEqual([254, 126, 125])
  expect(at(2, 2)).toEqual([254, 95, 56])
  expect(at(2, 5)).toEqual([219, 212, 56])
})

test('a batch plays as its environments do, and goes on to the next level', () => {
  const states = ['a', 'b', 'c', 'd', 'e'].map((seed) => start({ preset: 'tiny-2', maxSteps: 9 }, seed))
  const lanes = 3
  const batch = createBatch(states.map(levelOf), lanes, 9)
  const playing = states.slice(0, lanes).map((state) => sokoban.clone(state))
  const next = playing.map((_, lane) => lane)
  const planes = new Uint8Array(4 * 49)
  const random = fc.sample(fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 600, maxLength: 600 }), {
    numRuns: 1,
    seed: 5,
  })[0]
  let ends = 0
  for (let t = 0; t < 200; t++) {
    const actions = random.slice(3 * t, 3 * t + 3)
    stepBatch(batch, actions)
    playing.forEach((state, lane) => {
      sokoban.step(state, [actions[lane]])
      expect(batch.rewards[lane]).toBe(Math.fround(state.rewards[0]))
      expect([batch.terminated[lane] === 1, batch.truncated[lane] === 1]).toEqual([
        state.terminated,
        state.truncated,
      ])
      if (state.terminated || state.truncated) {
        ends++
        next[lane] = (next[lane] + lanes) % states.length
        playing[lane] = sokoban.clone(states[next[lane]])
      }
      sokoban.tensors?.planes.write(playing[lane], 0, planes, 0)
      expect(batch.planes.subarray(lane * 196, lane * 196 + 196)).toEqual(planes)
    })
  }
  expect(ends).toBeGreaterThan(30)
})

test('a deadlock is marked at the push that caused it, and counted in what a watcher reads', () => {
  const state = start({ level: '#######|#@-$-.#|#-----#|#--.$-#|#######' })
  const marks = (action: number) => {
    sokoban.step(state, [action])
    return sokoban.marks?.(state)
  }
  const read = () =>
    Object.fromEntries((sokoban.insight?.(state) ?? []).map(({ label, value }) => [label, value]))
  expect(read()).toEqual({
    'boxes on targets': '0 of 2',
    'moves left': '7 with optimal play',
    regret: '0 steps more than the optimal 7',
  })
  expect(marks(1)).toEqual([])
  expect(read().regret).toBe('2 steps more than the optimal 7')
  expect([marks(0), marks(3), marks(3), marks(3)]).toEqual([[], [], [], ['on target']])
  expect([marks(1), marks(2), marks(1)]).toEqual([[], [], []])
  expect(marks(3)).toEqual(['deadlock'])
  expect(read()).toEqual({ 'boxes on targets': '1 of 2', position: 'deadlocked' })
})

test('people see a figure that looks where it goes and reaches for the box it pushes; agents see neither', () => {
  const state = start({ level: '#######|#-----#|#-@$.-#|#-$-.-#|#######' })
  const stage = (played?: number[]) => sokoban.stage!(state, 0, played)
  const item = (id: string, played?: number[]) => stage(played).items.find((one) => one.id === id)!
  const plain = JSON.stringify(sokoban.scene(state, 0))
  for (const way of [0, 1, 2, 3]) {
    const ids = stage([way]).items.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(JSON.stringify(stage([way])).match(/\d\.\d/)).toBeNull()
  }
  expect(new Set([0, 1, 2, 3].map((way) => JSON.stringify(item('head', [way]).shapes))).size).toBe(4)
  expect(item('hand1').x - item('player').x).toBeLessThan(6)
  expect(JSON.stringify(sokoban.scene(state, 0))).toBe(plain)
  const feet = () => item('foot1').x - item('player').x
  sokoban.step(state, [3])
  expect(item('hand1').x - item('player').x).toBe(6)
  const before = feet()
  sokoban.step(state, [3])
  expect(feet() - before).toBe(4)
})

test('a sketch says from where boxes are pushed first, and when the player goes where this turn', () => {
  const state = start({ level: '#######|#@-$.-#|#--$.-#|#######' })
  const [up, down, left, right] = [0, 1, 2, 3]
  const plan = [right, right, left, down, right, right]
  const { columns, answers } = sokoban.sketch!.draw(state, 0, plan.slice(0, 2), plan)
  expect(columns).toBe(7)
  const rows = answers.map((cells) =>
    Array.from({ length: 4 }, (_, row) => [...cells.slice(row * 7, row * 7 + 7)].join('')),
  )
  expect(rows).toEqual([
    ['0000000', '0004000', '0004400', '0000000'],
    ['0000000', '0440000', '0000000', '0000000'],
    ['0000000', '0120000', '0000000', '0000000'],
  ])
  for (const [question, count] of sokoban.sketch!.answers.entries())
    expect(Math.max(...answers[question])).toBeLessThan(count)
  // A wall in the way is no step, and a box that does not move is not pushed.
  const stuck = start({ level: '#######|#@$*--#|#----.#|#######' })
  const idle = sokoban.sketch!.draw(stuck, 0, [up, right], [up, right])
  expect(idle.answers.every((cells) => cells.every((answer) => answer === 0))).toBe(true)
})
