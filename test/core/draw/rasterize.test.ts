import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hashFrame } from '#core/base/hash'
import { CAPITAL_HEIGHT, glyphRow } from '#core/draw/font'
import { rasterize } from '#core/draw/rasterize'
import type { Scene, Shape } from '#core/draw/scene'

const scene = (shapes: Shape[], width = 16, height = 16): Scene => ({
  width,
  height,
  background: 0,
  items: [{ id: 'a', x: 0, y: 0, shapes }],
})
/** A frame as text: '#' where red is full, '+' where it is not black, '.' elsewhere. */
const draw = (s: Scene, width = s.width, height = s.height) => {
  const { data } = rasterize(s, width, height)
  return Array.from({ length: height }, (_, y) =>
    Array.from({ length: width }, (_, x) => {
      const red = data[3 * (y * width + x)]
      return red === 255 ? '#' : red > 0 ? '+' : '.'
    }).join(''),
  )
}
const RED = 0xff0000
const painted = (s: Scene, width: number, height: number) =>
  rasterize(s, width, height).data.some((value) => value > 0)

describe('shapes', () => {
  test('rect', () => {
    expect(draw(scene([{ kind: 'rect', x: 1, y: 0, w: 2, h: 2, fill: RED }], 4, 3))).toEqual([
      '.##.',
      '.##.',
      '....',
    ])
  })
  test('ellipse', () => {
    expect(draw(scene([{ kind: 'ellipse', x: 3, y: 3, rx: 3, ry: 3, fill: RED }], 6, 6))).toEqual([
      '.####.',
      '######',
      '######',
      '######',
      '######',
      '.####.',
    ])
  })
  test('polygon, by the even-odd rule', () => {
    const square = [0, 0, 6, 0, 6, 6, 0, 6, 0, 0, 2, 2, 2, 4, 4, 4, 4, 2, 2, 2]
    expect(draw(scene([{ kind: 'polygon', points: square, fill: RED }], 6, 6))).toEqual([
      '######',
      '######',
      '##..##',
      '##..##',
      '######',
      '######',
    ])
  })
  test('line', () => {
    const across: Shape = { kind: 'line', x1: 1, y1: 2, x2: 5, y2: 2, width: 2, fill: RED }
    expect(draw(scene([across], 6, 4))).toEqual(['......', '.####.', '.####.', '......'])
    const down: Shape = { kind: 'line', x1: 2, y1: 0, x2: 2, y2: 3, width: 2, fill: RED }
    expect(draw(scene([down], 4, 4))).toEqual(['.##.', '.##.', '.##.', '....'])
    const slope: Shape = { kind: 'line', x1: 0, y1: 0, x2: 5, y2: 5, width: 1, fill: RED }
    expect(draw(scene([slope], 5, 5))).toEqual(['#....', '.#...', '..#..', '...#.', '....#'])
  })
  test('text', () => {
    const text: Shape = {
      kind: 'text',
      x: 0,
      y: 0,
      size: CAPITAL_HEIGHT,
      text: 'Hg',
      align: 'left',
      fill: RED,
    }
    expect(draw(scene([text], 11, 8))).toEqual([
      '#...#......',
      '#...#......',
      '#...#..####',
      '#####.#...#',
      '#...#.#...#',
      '#...#..####',
      '#...#.....#',
      '.......###.',
    ])
    const width = (align: 'left' | 'center' | 'right', x: number) =>
      draw(scene([{ ...text, text: 'H', x, align }], 11, 8))[3].indexOf('#')
    expect([width('left', 3), width('center', 5), width('right', 11)]).toEqual([3, 3, 6])
  })
  test('alpha mixes with what is below', () => {
    const half: Shape = { kind: 'rect', x: 0, y: 0, w: 1, h: 1, fill: 0xff8000, alpha: 128 }
    const { data } = rasterize({ ...scene([half], 1, 1), background: 0x0000ff }, 1, 1)
    expect([...data]).toEqual([128, 64, 127])
  })
})

describe('sizes', () => {
  test('a scene keeps its shape, centred on its background', () => {
    const full: Shape = { kind: 'rect', x: -9, y: -9, w: 99, h: 99, fill: RED }
    expect(draw(scene([full], 2, 1), 4, 4)).toEqual(['....', '####', '####', '....'])
  })
  test('what lies outside has its own colour, and none where the scene fills the frame but for rounding', () => {
    const bare = (width: number, height: number): Scene => ({ ...scene([], width, height), outside: RED })
    expect(draw(bare(2, 1), 4, 4)).toEqual(['####', '....', '....', '####'])
    expect(draw(bare(1, 2), 4, 4)).toEqual(['#..#', '#..#', '#..#', '#..#'])
    expect(draw(bare(2, 2), 4, 4)).toEqual(['....', '....', '....', '....'])
    // Three pixels of a board twice as high as wide are one and a half wide.
    expect(draw(bare(1, 2), 2, 3)).toEqual(['..', '..', '..'])
  })
  test('twice the size is the same picture, where all edges fall on pixels', () => {
    const shapes: Shape[] = [{ kind: 'rect', x: 1, y: 2, w: 3, h: 4, fill: RED }]
    const once = draw(scene(shapes, 8, 8))
    const twice = draw(scene(shapes, 8, 8), 16, 16)
    expect(twice.filter((_, i) => i % 2 === 0).map((line) => line.replace(/(.)./g, '$1'))).toEqual(once)
  })
  test('rects, ellipses and lines never vanish', () => {
    const inside = fc.integer({ min: 0, max: 900 })
    const length = fc.integer({ min: 1, max: 90 })
    fc.assert(
      fc.property(inside, inside, length, length, fc.integer({ min: 1, max: 60 }), (x, y, w, h, size) => {
        expect(painted(scene([{ kind: 'rect', x, y, w, h, fill: RED }], 999, 999), size, size)).toBe(true)
        const ellipse: Shape = { kind: 'ellipse', x: x + w, y: y + h, rx: w, ry: h, fill: RED }
        expect(painted(scene([ellipse], 1200, 1200), size, size)).toBe(true)
        const line: Shape = { kind: 'line', x1: x + 1, y1: 0, x2: x + 1, y2: 999, width: 1, fill: RED }
        expect(painted(scene([line], 999, 999), size, size)).toBe(true)
      }),
    )
  })
  test('neighbouring rects leave no gap and do not overlap, at any size', () => {
    fc.assert(
      fc.property(fc.integer({ min: 7, max: 300 }), (size) => {
        const tiles: Shape[] = Array.from({ length: 49 }, (_, i) => ({
          kind: 'rect',
          x: 10 * (i % 7),
          y: 10 * Math.floor(i / 7),
          w: 10,
          h: 10,
          fill: RED,
          alpha: 100,
        }))
        const { data } = rasterize(scene(tiles, 70, 70), size, size)
        expect(data.every((value, i) => value === (i % 3 === 0 ? 100 : 0))).toBe(true)
      }),
      { numRuns: 20 },
    )
  })
  test.each([0, -1, 1.5, Number.NaN])('refuses %d pixels', (size) => {
    expect(() => rasterize(scene([]), size, 16)).toThrow('pixels')
  })
  test('refuses a frame of another size', () => {
    expect(() => rasterize(scene([]), 8, 8, rasterize(scene([]), 8, 9))).toThrow('8x9 cannot hold 8x8')
  })
})

const anyShape: fc.Arbitrary<Shape> = fc.oneof(
  ...(['rect', 'ellipse', 'line', 'polygon', 'text'] as const).map((kind) =>
    fc
      .tuple(
        fc.array(fc.integer({ min: -50, max: 150 }), { minLength: 6, maxLength: 12 }),
        fc.nat(0xffffff),
        fc.nat(255),
      )
      .map(([n, fill, alpha]): Shape => {
        const [x, y, a, b, c, d] = n
        const common = { fill, alpha }
        if (kind === 'rect') return { kind, x, y, w: a, h: b, ...common }
        if (kind === 'ellipse') return { kind, x, y, rx: a, ry: b, ...common }
        if (kind === 'line') return { kind, x1: x, y1: y, x2: a, y2: b, width: c, ...common }
        if (kind === 'polygon') return { kind, points: n.slice(0, n.length & ~1), ...common }
        return { kind, x, y, size: Math.abs(d), text: `Kick ${a}`, align: 'center', ...common }
      }),
  ),
)

test('any scene at any size is painted, the same into a used frame, with nothing outside of the scene', () => {
  fc.assert(
    fc.property(
      fc.array(anyShape, { maxLength: 6 }),
      fc.integer({ min: 1, max: 80 }),
      fc.integer({ min: 1, max: 80 }),
      (shapes, width, height) => {
        const s = scene(shapes, 100, 70)
        const fresh = rasterize(s, width, height)
        const used = rasterize(s, width, height, { width, height, data: fresh.data.slice().fill(9) })
        expect(hashFrame(used)).toBe(hashFrame(fresh))
        const sceneHeight = Math.floor((70 * width) / 100)
        if (sceneHeight < height) {
          const top = (height - sceneHeight) >> 1
          expect(fresh.data.subarray(0, 3 * width * top).every((value) => value === 0)).toBe(true)
        }
      },
    ),
  )
})

test('pixels do not depend on the engine: one picture is written down', () => {
  const shapes: Shape[] = [
    { kind: 'ellipse', x: 40, y: 30, rx: 33, ry: 21, fill: 0x3366cc, alpha: 200 },
    { kind: 'line', x1: 3, y1: 60, x2: 97, y2: 11, width: 5, fill: 0xffcc00 },
    { kind: 'polygon', points: [10, 10, 90, 20, 50, 65, 70, 5], fill: 0x00ff88, alpha: 99 },
    { kind: 'text', x: 50, y: 40, size: 14, text: 'Kickpush!', align: 'center', fill: 0xffffff },
  ]
  const at = (width: number, height: number) => hashFrame(rasterize(scene(shapes, 100, 70), width, height))
  expect([at(100, 70), at(64, 64), at(333, 222)]).toEqual([
    '686844159d6486a7',
    'ee01ac574dab7d9b',
    '0e6b30862eb85f5f',
  ])
})

test('every printable character has a glyph of its own', () => {
  const glyph = (code: number) => Array.from({ length: 8 }, (_, row) => glyphRow(code, row)).join(' ')
  const glyphs = Array.from({ length: 95 }, (_, i) => glyph(32 + i))
  expect(new Set(glyphs).size).toBe(95)
  expect(glyph(0x20ac)).toBe(glyph(63))
})
